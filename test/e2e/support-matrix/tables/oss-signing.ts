import { createHmac } from 'node:crypto';

import { local, signs, type Operation } from '../operation.js';
import { use, type OssAnswer, type OssWorld } from '../oss-world.js';

const BODY = Buffer.from('uploaded by URL');
const put = { method: 'PUT', body: BODY };
const stamp = (date: Date) => date.toISOString().replace(/[-:]|\.\d+/g, '');

/** Uploads by a form, as a browser does. */
async function post({ cloud, bucket }: OssWorld, fields: Readonly<Record<string, string>>): Promise<object> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ key: 'posted', ...fields })) form.append(name, value);
  form.append('file', new Blob([BODY], { type: 'text/plain' }), 'file.txt');
  return use(`${cloud.endpoints.oss}/${bucket}/`, { method: 'POST', body: form });
}

const policyFor = (bucket: string, ...conditions: readonly object[]) => ({
  expiration: new Date(Date.now() + 60_000).toISOString(),
  conditions: [{ bucket }, ...conditions],
});

/** What a header of the current key must be, computed by hand. */
async function isCurrent(
  { cloud, secretName }: OssWorld,
  text: string,
  made: Promise<unknown>,
): Promise<boolean> {
  const { accessKeySecret } = cloud.secret(secretName);
  return createHmac('sha1', accessKeySecret).update(text).digest('base64') === (await made);
}

const HEADERS = { 'x-oss-date': 'Thu, 01 Jan 2026 00:00:00 GMT', date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
const RESOURCE = '/bucket/object';

/** URLs, forms and headers that the client signs without sending them. */
export const OSS_SIGNING: readonly Operation<OssWorld>[] = [
  signs('signatureUrl(name)', async ({ text }) => use(await text('signatureUrl', 'cat.png'))),
  signs("signatureUrl(name, { method: 'PUT' })", async ({ text }) =>
    use(await text('signatureUrl', 'new', { method: 'PUT', expires: 60 }), put),
  ),
  signs('asyncSignatureUrl(name)', async ({ text }) => use(await text('asyncSignatureUrl', 'cat.png'))),
  signs("asyncSignatureUrl(name, { method: 'PUT' })", async ({ text }) =>
    use(await text('asyncSignatureUrl', 'new', { method: 'PUT' }), put),
  ),
  signs("signatureUrlV4('GET', expires, request, name)", async ({ text }) =>
    use(await text('signatureUrlV4', 'GET', 60, {}, 'cat.png')),
  ),
  signs("signatureUrlV4('PUT', expires, request, name)", async ({ text }) =>
    use(await text('signatureUrlV4', 'PUT', 60, {}, 'new'), put),
  ),
  signs('calculatePostSignature(policy)', async (world) =>
    post(
      world,
      (await world.invoke('calculatePostSignature', policyFor(world.bucket))) as Record<string, string>,
    ),
  ),
  signs(
    'signPostObjectPolicyV4(policy, date)',
    async (world) => {
      const date = new Date();
      const credential = `${world.accessKeyId()}/${stamp(date).slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
      const fields = { 'x-oss-credential': credential, 'x-oss-date': stamp(date) };
      const policy = policyFor(
        world.bucket,
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      );
      return post(world, {
        ...fields,
        policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
        'x-oss-signature-version': 'OSS4-HMAC-SHA256',
        'x-oss-signature': await world.text('signPostObjectPolicyV4', policy, date),
      });
    },
    { remark: 'The key id of the form comes from `client.options.accessKeyId`, read in the same breath.' },
  ),
  signs('signature(stringToSign)', (world) => isCurrent(world, 'text', world.invoke('signature', 'text'))),
  signs('authorization(method, resource, subres, headers)', async (world) => {
    const { cloud, secretName } = world;
    const { accessKeyId } = cloud.secret(secretName);
    const text = `GET\n\n\n${HEADERS.date}\nx-oss-date:${HEADERS['x-oss-date']}\n${RESOURCE}`;
    const header = world.text('authorization', 'GET', RESOURCE, undefined, HEADERS);
    return isCurrent(
      world,
      text,
      header.then((made) => made.replace(`OSS ${accessKeyId}:`, '')),
    );
  }),
  signs(
    'authorizationV4(method, requestParams, bucket, name)',
    async ({ text, cloud, secretName, bucket }) => {
      const headers = { 'x-oss-date': stamp(new Date()), 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
      const request = { headers, queries: {} };
      const authorization = await text('authorizationV4', 'GET', request, bucket, 'cat.png');
      const isOfCurrentKey = authorization.includes(`Credential=${cloud.secret(secretName).accessKeyId}/`);
      return [
        isOfCurrentKey,
        await use(`${cloud.endpoints.oss}/${bucket}/cat.png`, { headers: { ...headers, authorization } }),
      ];
    },
  ),
  local('getObjectUrl(name)', ({ invoke }) => invoke('getObjectUrl', 'cat.png', 'http://cdn.example.com')),
  local('generateObjectUrl(name)', ({ invoke }) => invoke('generateObjectUrl', 'cat.png')),
  local('parseXML(text)', ({ invoke }) => invoke('parseXML', '<a><b>1</b></a>')),
  local('requestError(result)', async ({ invoke }) => {
    const error = await invoke('requestError', {
      status: 404,
      data: '<Error><Code>NoSuchKey</Code></Error>',
    });
    return [error['code'], error['status']];
  }),
  local('checkBrowserAndVersion(name, version)', ({ invoke }) =>
    invoke('checkBrowserAndVersion', 'Chrome', '1'),
  ),
  local('setSLDEnabled(enabled)', async ({ invoke }): Promise<OssAnswer> => {
    await invoke('setSLDEnabled', true);
    return invoke('generateObjectUrl', 'cat.png');
  }),
];
