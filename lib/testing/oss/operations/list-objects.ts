import type { Answer } from '../../http/answer.js';
import { percentEncode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import { listPage, type ListingPage } from '../listing.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import type { XmlElements } from '../../http/xml.js';
import { ownerElement, xmlAnswer } from '../xml-answer.js';

const DEFAULT_MAX_KEYS = 100;
const LIMIT = 1000;

/** Lists a bucket, page by page with a marker. */
export const listObjects: OssOperation = {
  name: 'ListObjects',
  method: 'GET',
  scope: 'bucket',
  run(call) {
    const marker = call.request.query.get('marker') ?? '';
    return list(call, marker, true, (page, encode) => ({
      Marker: encode(marker),
      NextMarker: page.next === '' ? undefined : encode(page.next),
    }));
  },
};

/** Lists a bucket, page by page with a continuation token. */
export const listObjectsV2: OssOperation = {
  name: 'ListObjectsV2',
  method: 'GET',
  scope: 'bucket',
  selectors: ['list-type'],
  run(call) {
    const { query } = call.request;
    const token = query.get('continuation-token') ?? '';
    const startAfter = query.get('start-after') ?? '';
    const after = token === '' ? startAfter : Buffer.from(token, 'base64').toString('utf8');
    return list(call, after, query.get('fetch-owner') === 'true', (page, encode) => ({
      StartAfter: encode(startAfter),
      ContinuationToken: token === '' ? undefined : token,
      NextContinuationToken: page.next === '' ? undefined : Buffer.from(page.next).toString('base64'),
      KeyCount: page.names.length + page.commonPrefixes.length,
    }));
  },
};

function list(
  call: OssCall,
  after: string,
  withOwner: boolean,
  paging: (page: ListingPage, encode: (text: string) => string) => XmlElements,
): Answer {
  const { request, store, address, accountId } = call;
  const { query } = request;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const encodingType = query.get('encoding-type');
  const encode = encodingType === 'url' ? percentEncode : (text: string): string => text;
  const page = listPage(store.find(address.bucket)?.objectNames() ?? [], {
    prefix,
    delimiter,
    after,
    maxKeys,
  });
  return xmlAnswer('ListBucketResult', {
    Name: address.bucket,
    Prefix: encode(prefix),
    MaxKeys: maxKeys,
    Delimiter: encode(delimiter),
    EncodingType: encodingType,
    IsTruncated: page.next !== '',
    ...paging(page, encode),
    Contents: page.names.map((name) => describe(call, name, encode, withOwner ? accountId : undefined)),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

function describe(
  { store, address: { bucket } }: OssCall,
  name: string,
  encode: (text: string) => string,
  ownerId: string | undefined,
): XmlElements {
  const object = store.get(bucket, name);
  return {
    Key: encode(name),
    LastModified: new Date(object?.lastModifiedAt ?? 0).toISOString(),
    ETag: object?.etag,
    Type: object?.type,
    Size: object?.body.length,
    StorageClass: object?.storageClass,
    Owner: ownerId === undefined ? undefined : ownerElement({ accountId: ownerId }),
  };
}

/** @throws ServiceError 400 when it is no number between 1 and 1000 */
export function parseMaxKeys(text: string | undefined): number {
  const maxKeys = text === undefined || text === '' ? DEFAULT_MAX_KEYS : Number(text);
  if (Number.isInteger(maxKeys) && maxKeys >= 1 && maxKeys <= LIMIT) return maxKeys;
  throw new ServiceError(400, 'InvalidArgument', 'Argument max-keys must be an integer between 1 and 1000.', {
    ArgumentName: 'max-keys',
    ArgumentValue: text ?? '',
  });
}
