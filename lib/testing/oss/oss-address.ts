import { percentDecode } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';

/** What a request is about: the service as a whole, a bucket, or an object in a bucket. */
export interface OssAddress {
  readonly bucket: string;
  readonly object: string;
}

const SERVICE: OssAddress = { bucket: '', object: '' };

/**
 * What a request may be about, most likely first; the signature tells which one was meant.
 *
 * The bucket stands in the Host header (`bucket.oss-cn-hangzhou.aliyuncs.com`, `bucket.localhost`) or, in path
 * style, at the start of the path. With an IP endpoint ali-oss puts the bucket into the Host header in path style
 * too, and for a call without a bucket the Host header starts with a bare dot or with `undefined`.
 * @throws ServiceError when the path is not valid percent-encoded UTF-8
 */
export function possibleAddresses(host: string, rawPath: string): readonly OssAddress[] {
  const path = percentDecode(rawPath);
  if (path === undefined) throw new ServiceError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  const inPath = addressInPath(path);
  const bucket = bucketInHost(host);
  if (bucket === '') return [inPath];
  const inHost = { bucket, object: path.slice(1) };
  if (bucket === 'undefined' && path === '/') return [SERVICE, inHost];
  return inPath.bucket === bucket ? [inHost, inPath] : [inHost];
}

function bucketInHost(host: string): string {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  // A bucket's name has no dots; an endpoint of the service has exactly one label before the domain.
  const [, bucket = ''] = /^([^.]+)\.(?:[^.]+\.aliyuncs\.com|localhost)$/.exec(name) ?? [];
  return bucket;
}

function addressInPath(path: string): OssAddress {
  const [, bucket = '', object = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  return { bucket, object };
}
