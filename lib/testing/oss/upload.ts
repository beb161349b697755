import type { Answer } from '../http/answer.js';
import { ServiceError } from '../http/service-error.js';
import { versionHeader } from './find-object.js';
import type { OssCall } from './oss-operation.js';
import type { OssRequest } from './oss-request.js';
import type { StoredObject } from './stored-object.js';

const DAY_MS = 86_400_000;
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

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

/**
 * Refuses to overwrite an object.
 * @throws ServiceError 409 when the request forbids it, or the object must be retained
 */
export function assertMayWrite(call: OssCall): void {
  const { bucket, object } = call.address;
  const present = call.store.get(bucket, object);
  if (present && call.request.header('x-oss-forbid-overwrite') === 'true') {
    throw new ServiceError(409, 'FileAlreadyExists', 'The object you specified already exists.');
  }
  if (present) assertNotRetained(call, present);
}

/** @throws ServiceError 409 when the bucket's retention policy protects the object */
export function assertNotRetained({ store, address, now }: OssCall, object: StoredObject): void {
  const retention = store.find(address.bucket)?.retention;
  if (retention?.state !== 'Locked' || now() >= object.lastModifiedAt + retention.days * DAY_MS) return;
  throw new ServiceError(409, 'FileImmutable', 'The object you specified is immutable.');
}

/**
 * The answer to an upload. OSS answers with what the callback URL said; nobody is called here, so a callback that is
 * asked for seems to have said `{"Status":"OK"}`.
 */
export function uploadAnswer(
  { request }: OssCall,
  object: StoredObject,
  headers: Readonly<Record<string, string | number>> = {},
): Answer {
  const all = {
    etag: object.etag,
    'x-oss-hash-crc64ecma': object.crc64,
    ...versionHeader(object),
    ...headers,
  };
  if (request.header('x-oss-callback') === '' && !request.query.has('callback')) {
    return { status: 200, headers: all };
  }
  return { status: 200, headers: { ...all, 'content-type': 'application/json' }, body: '{"Status":"OK"}' };
}

/** An MD5 in the form of the header Content-MD5. */
export function base64Md5(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
