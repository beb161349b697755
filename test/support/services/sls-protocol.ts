import { createHash, createHmac } from 'node:crypto';

import { credentialOf, headerLines, hmac, md5 } from './digests.js';
import type { ServiceProtocol, ServiceRefusal, ServiceRequest } from './loopback-service.js';

const REFUSALS: Readonly<
  Record<ServiceRefusal, (accessKeyId: string) => readonly [status: number, code: string, message: string]>
> = {
  unknown: (accessKeyId) => [401, 'Unauthorized', `AccessKeyId not found: ${accessKeyId}`],
  disabled: (accessKeyId) => [401, 'Unauthorized', `AccessKeyId is disabled: ${accessKeyId}`],
  mismatch: () => [403, 'SignatureNotMatch', 'signature does not match'],
  denied: () => [
    401,
    'Unauthorized',
    'denied by sts or ram, action: log:PostLogStoreLogs, resource: acs:log:cn-hangzhou:1:project/shop/logstore/orders',
  ],
};

/** Log service (SLS): JSON and protobuf, signed with HMAC in the header `Authorization: LOG id:signature`, or by V4. */
export const slsProtocol: ServiceProtocol = {
  claim(request) {
    return request.headers['authorization']?.startsWith('SLS4-') === true
      ? claimV4(request)
      : claimV1(request);
  },

  answer({ path, query, body }) {
    const projects = [{ projectName: query.get('projectName') ?? '' }];
    return json(200, { path, query: Object.fromEntries(query), digest: md5(body, 'hex'), projects });
  },

  refuse(reason, accessKeyId) {
    const [status, errorCode, errorMessage] = REFUSALS[reason](accessKeyId);
    return json(status, { errorCode, errorMessage });
  },
};

function claimV1({ method, path, query, headers, body }: ServiceRequest) {
  const { accessKeyId, signature } = credentialOf(headers['authorization']);
  const parameters = [...query].map(([name, value]) => `${name}=${value}`).toSorted();
  const signed = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers['date'] ?? '',
    ...headerLines(headers, 'x-log-', 'x-acs-'),
    parameters.length === 0 ? path : `${path}?${parameters.join('&')}`,
  ].join('\n');
  const algorithm = headers['x-log-signaturemethod'] === 'hmac-sha256' ? 'sha256' : 'sha1';
  const isIntact = body.length === 0 || md5(body, 'hex').toUpperCase() === headers['content-md5'];
  return {
    accessKeyId,
    isSignedWith: (secret: string) => isIntact && hmac(algorithm, secret, signed) === signature,
  };
}

function claimV4({ method, path, query, headers, body }: ServiceRequest) {
  const [, accessKeyId = '', scope = '', signature = ''] =
    /Credential=([^/]+)\/([^,]+),\s*Signature=(\w+)/.exec(headers['authorization'] ?? '') ?? [];
  const signedNames = Object.keys(headers)
    .filter((name) => /^(?:x-log-|x-acs-|host$|content-type$)/.test(name))
    .toSorted();
  const digest = createHash('sha256').update(body).digest('hex');
  const canonical = [
    method,
    path,
    [...query]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .toSorted()
      .join('&'),
    ...signedNames.map((name) => `${name}:${headers[name]?.trim() ?? ''}`),
    '',
    signedNames.join(';'),
    digest,
  ].join('\n');
  const signed = [
    'SLS4-HMAC-SHA256',
    headers['x-log-date'] ?? '',
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  return {
    accessKeyId,
    isSignedWith: (secret: string) => {
      const key = scope
        .split('/')
        .reduce<Buffer>(
          (parent, part) => createHmac('sha256', parent).update(part).digest(),
          Buffer.from(`aliyun_v4${secret}`),
        );
      return (
        digest === headers['x-log-content-sha256'] &&
        createHmac('sha256', key).update(signed).digest('hex') === signature
      );
    },
  };
}

function json(status: number, content: object) {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
