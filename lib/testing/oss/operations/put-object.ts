import { createHash } from 'node:crypto';
import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import type { OssRequest } from '../oss-request.js';

const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

/** Uploads a whole object. */
export const putObject: OssOperation = {
  name: 'PutObject',
  method: 'PUT',
  scope: 'object',
  async run({ request, address: { bucket, object }, store }) {
    if (request.header('x-oss-forbid-overwrite') === 'true' && store.get(bucket, object)) {
      throw new ServiceError(409, 'FileAlreadyExists', 'The object you specified already exists.');
    }
    const body = await receiveBody(request);
    const stored = store.put(bucket, object, { body, headers: contentHeaders(request) });
    return { status: 200, headers: { etag: stored.etag, 'content-md5': base64Md5(stored.md5) } };
  },
};

/**
 * The body of an upload.
 * @throws ServiceError when its length is not announced, or it is not what Content-MD5 says
 */
export async function receiveBody(request: OssRequest): Promise<Buffer> {
  if (request.header('content-length') === '' && request.header('transfer-encoding') === '') {
    throw new ServiceError(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const body = await request.exchange.readBody();
  const expected = request.header('content-md5');
  if (expected !== '' && createHash('md5').update(body).digest('base64') !== expected) {
    throw new ServiceError(
      400,
      'InvalidDigest',
      'The Content-MD5 you specified did not match what we received.',
    );
  }
  return body;
}

/** The headers of an upload that its downloads will carry. */
export function contentHeaders(request: OssRequest): Record<string, string> {
  const names = Object.keys(request.exchange.headers);
  const kept = names.filter((name) => KEPT_HEADERS.has(name) || name.startsWith('x-oss-meta-'));
  return Object.fromEntries(kept.map((name) => [name, request.header(name)]));
}

/** An MD5 in the form of the header Content-MD5. */
export function base64Md5(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
