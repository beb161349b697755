import { ServiceError } from '../../http/service-error.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { toXml, type XmlElements } from '../xml.js';

const XML = { 'content-type': 'application/xml' };
// Buckets have no history here: all of them are as old as OSS itself.
const CREATED = '2011-10-01T00:00:00.000Z';

/** Makes a bucket. */
export const putBucket: OssOperation = {
  name: 'PutBucket',
  method: 'PUT',
  scope: 'bucket',
  run({ store, address: { bucket } }) {
    store.createBucket(bucket);
    return { status: 200, headers: { location: `/${bucket}` } };
  },
};

/** Deletes an empty bucket. */
export const deleteBucket: OssOperation = {
  name: 'DeleteBucket',
  method: 'DELETE',
  scope: 'bucket',
  run({ store, address: { bucket } }) {
    if (store.deleteBucket(bucket)) return { status: 204 };
    throw new ServiceError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty.', {
      BucketName: bucket,
    });
  },
};

/** Describes a bucket. */
export const getBucketInfo: OssOperation = {
  name: 'GetBucketInfo',
  method: 'GET',
  scope: 'bucket',
  selectors: ['bucketInfo'],
  run(call) {
    const info = {
      ...describe(call, call.address.bucket),
      Owner: owner(call),
      AccessControlList: { Grant: 'private' },
    };
    return { status: 200, headers: XML, body: toXml('BucketInfo', { Bucket: info }) };
  },
};

/** Lists the buckets that have been used. */
export const listBuckets: OssOperation = {
  name: 'ListBuckets',
  method: 'GET',
  scope: 'service',
  run(call) {
    const { query } = call.request;
    const [prefix, marker] = [query.get('prefix') ?? '', query.get('marker') ?? ''];
    const maxKeys = Number(query.get('max-keys') ?? 100);
    const names = call.store.bucketNames().filter((name) => name.startsWith(prefix) && name > marker);
    const shown = names.slice(0, maxKeys);
    const truncated = names.length > shown.length;
    const body = toXml('ListAllMyBucketsResult', {
      Prefix: prefix,
      Marker: marker,
      MaxKeys: maxKeys,
      IsTruncated: truncated,
      NextMarker: truncated ? shown.at(-1) : undefined,
      Owner: owner(call),
      Buckets: { Bucket: shown.map((name) => describe(call, name)) },
    });
    return { status: 200, headers: XML, body };
  },
};

function owner({ accountId }: OssCall): XmlElements {
  return { ID: accountId, DisplayName: accountId };
}

function describe({ regionId }: OssCall, name: string): XmlElements {
  return {
    Name: name,
    CreationDate: CREATED,
    Location: `oss-${regionId}`,
    Region: regionId,
    ExtranetEndpoint: `oss-${regionId}.aliyuncs.com`,
    IntranetEndpoint: `oss-${regionId}-internal.aliyuncs.com`,
    StorageClass: 'Standard',
  };
}
