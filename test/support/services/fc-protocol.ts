import { credentialOf, headerLines, hmac, md5 } from './digests.js';
import type { ServiceProtocol, ServiceRefusal } from './loopback-service.js';

const REFUSALS: Readonly<
  Record<ServiceRefusal, (accessKeyId: string) => readonly [status: number, code: string, message: string]>
> = {
  unknown: (accessKeyId) => [403, 'InvalidAccessKeyID', `invalid access key ID '${accessKeyId}'`],
  disabled: (accessKeyId) => [403, 'InvalidAccessKeyID', `invalid access key ID '${accessKeyId}'`],
  mismatch: () => [403, 'SignatureNotMatch', 'the request signature does not match'],
  denied: () => [403, 'AccessDenied', "the caller is not authorized to perform 'fc:InvokeFunction'"],
};

/** Function Compute 2.0 (FC): JSON, signed with HMAC-SHA256 in the header `Authorization: FC id:signature`. */
export const fcProtocol: ServiceProtocol = {
  claim({ method, path, headers, body }) {
    const { accessKeyId, signature } = credentialOf(headers['authorization']);
    const signed = [
      method,
      headers['content-md5'] ?? '',
      headers['content-type'] ?? '',
      headers['date'] ?? '',
      ...headerLines(headers, 'x-fc-'),
      path,
    ].join('\n');
    const digest = headers['content-md5'];
    const isIntact = digest === undefined || Buffer.from(md5(body, 'hex')).toString('base64') === digest;
    return {
      accessKeyId,
      isSignedWith: (secret) => isIntact && hmac('sha256', secret, signed) === signature,
    };
  },

  answer: ({ body }) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body }),

  refuse(reason, accessKeyId) {
    const [status, ErrorCode, ErrorMessage] = REFUSALS[reason](accessKeyId);
    const headers = { 'content-type': 'application/json', 'x-fc-request-id': 'b5a3' };
    return { status, headers, body: JSON.stringify({ ErrorCode, ErrorMessage }) };
  },
};
