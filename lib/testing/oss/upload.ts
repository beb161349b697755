import { ServiceError } from '../http/service-error.js';
import type { OssRequest } from './oss-request.js';

const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';
const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

/** A body that has been received whole. */
export interface ReceivedBody {
  readonly body: Buffer;
  /** Lower-case hex. */
  readonly md5: string;
}

/**
 * The body of an upload.
 * @throws ServiceError when its length is not announced, or it is not what Content-MD5 says
 */
export async function receiveBody(request: OssRequest): Promise<ReceivedBody> {
  if (request.header('content-length') === '' && request.header('transfer-encoding') === '') {
    throw new ServiceError(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const body = await request.exchange.readBody();
  const { md5 = MD5_OF_NOTHING } = request.exchange.record;
  const expected = request.header('content-md5');
  if (expected !== '' && expected !== base64Md5(md5)) {
    const message = 'The Content-MD5 you specified did not match what we received.';
    throw new ServiceError(400, 'InvalidDigest', message);
  }
  return { body, md5 };
}

/** The headers of an upload that its downloads will carry. */
export function contentHeaders(request: OssRequest): Record<string, string> {
  const names = Object.keys(request.exchange.headers);
  const kept = names.filter((name) => KEPT_HEADERS.has(name) || name.startsWith('x-oss-meta-'));
  return Object.fromEntries(kept.map((name) => [name, request.header(name)]));
}

/** @throws ServiceError when the request forbids to overwrite an object that exists */
export function assertMayWrite(request: OssRequest, exists: boolean): void {
  if (exists && request.header('x-oss-forbid-overwrite') === 'true') {
    throw new ServiceError(409, 'FileAlreadyExists', 'The object you specified already exists.');
  }
}

/** An MD5 in the form of the header Content-MD5. */
export function base64Md5(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
