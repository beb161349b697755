import { credentialOf, headerLines, hmac, md5 } from './digests.js';
import type { ServiceProtocol, ServiceRefusal } from './loopback-service.js';

const REFUSALS: Readonly<Record<ServiceRefusal, readonly [status: number, code: string, message: string]>> = {
  unknown: [403, 'InvalidAccessKeyId', 'The access Id you provided is not exist.'],
  disabled: [403, 'InvalidAccessKeyId', 'The access Id you provided is not exist.'],
  mismatch: [403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.'],
  denied: [403, 'AccessDenied', 'The OwnerId that your Access Key Id associated to is forbidden.'],
};

/** Message Service (MNS): XML, signed with HMAC-SHA1 in the header `Authorization: MNS id:signature`. */
export const mnsProtocol: ServiceProtocol = {
  claim({ method, path, query, headers, body }) {
    const { accessKeyId, signature } = credentialOf(headers['authorization']);
    const resource = query.size === 0 ? path : `${path}?${query.toString()}`;
    const signed = [
      method,
      headers['content-md5'] ?? '',
      headers['content-type'] ?? '',
      headers['date'] ?? '',
      ...headerLines(headers, 'x-mns-'),
      resource,
    ].join('\n');
    const isIntact =
      body.length === 0 || Buffer.from(md5(body, 'hex')).toString('base64') === headers['content-md5'];
    return {
      accessKeyId,
      isSignedWith: (secret) => isIntact && hmac('sha1', secret, signed) === signature,
    };
  },

  answer({ method, body }) {
    if (method !== 'POST') return { status: 204 };
    const digest = md5(body, 'hex').toUpperCase();
    return xml(201, 'Message', `<MessageId>1</MessageId><MessageBodyMD5>${digest}</MessageBodyMD5>`);
  },

  refuse(reason) {
    const [status, code, message] = REFUSALS[reason];
    const details = '<RequestId>5DB8F8B0</RequestId><HostId>http://loopback</HostId>';
    return xml(status, 'Error', `<Code>${code}</Code><Message>${message}</Message>${details}`);
  },
};

function xml(status: number, root: string, content: string) {
  const body = `<?xml version="1.0"?>\n<${root} xmlns="http://mns.aliyuncs.com/doc/v1">${content}</${root}>`;
  return { status, headers: { 'content-type': 'text/xml;charset=utf-8' }, body };
}
