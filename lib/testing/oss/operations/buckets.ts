import { ServiceError } from '../../http/service-error.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { textsOf, type XmlElements } from '../../http/xml.js';
import { ownerElement, xmlAnswer } from '../xml-answer.js';
import { parseBucketAcl } from './bucket-acl.js';

// Buckets have no history here: all of them are as old as OSS itself.
const CREATED = '2011-10-01T00:00:00.000Z';

/** Makes a bucket. */
export const putBucket: OssOperation = {
  name: 'PutBucket',
  method: 'PUT',
  scope: 'bucket',
  async run({ request, store, address }) {
    const acl = request.header('x-oss-acl');
    const xml =
      request.header('content-length') === '' ? '' : (await receiveBody(request)).body.toString('utf8');
    const bucket = store.bucket(address.bucket);
    if (acl !== '') bucket.acl = parseBucketAcl(acl);
    bucket.storageClass = textsOf(xml, 'StorageClass')[0] ?? bucket.storageClass;
    return { status: 200, headers: { location: `/${address.bucket}` } };
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
    const { bucket } = call.address;
    const known = call.store.find(bucket);
    const info = {
      ...describe(call, bucket),
      Owner: ownerElement(call),
      AccessControlList: { Grant: known?.acl ?? 'private' },
      Versioning: known?.versioning || undefined,
    };
    return xmlAnswer('BucketInfo', { Bucket: info });
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
    return xmlAnswer('ListAllMyBucketsResult', {
      Prefix: prefix,
      Marker: marker,
      MaxKeys: maxKeys,
      IsTruncated: truncated,
      NextMarker: truncated ? shown.at(-1) : undefined,
      Owner: ownerElement(call),
      Buckets: { Bucket: shown.map((name) => describe(call, name)) },
    });
  },
};

/** Tells where a bucket is. */
export const getBucketLocation: OssOperation = {
  name: 'GetBucketLocation',
  method: 'GET',
  scope: 'bucket',
  selectors: ['location'],
  run: ({ regionId }) => xmlAnswer('LocationConstraint', `oss-${regionId}`),
};

/** Counts what a bucket holds. */
export const getBucketStat: OssOperation = {
  name: 'GetBucketStat',
  method: 'GET',
  scope: 'bucket',
  selectors: ['stat'],
  run({ store, uploads, address, now }) {
    const versions = store.find(address.bucket)?.versions() ?? [];
    const objects = versions.flatMap(({ object }) => object ?? []);
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);
    return xmlAnswer('BucketStat', {
      Storage: bytes,
      ObjectCount: objects.length,
      MultipartUploadCount: uploads.list(address.bucket).length,
      LiveChannelCount: store.find(address.bucket)?.channels.size ?? 0,
      LastModifiedTime: Math.floor(now() / 1000),
      StandardStorage: bytes,
      StandardObjectCount: objects.length,
      DeleteMarkerCount: versions.length - objects.length,
    });
  },
};

function describe({ regionId, store }: OssCall, name: string): XmlElements {
  return {
    Name: name,
    CreationDate: CREATED,
    Location: `oss-${regionId}`,
    Region: regionId,
    ExtranetEndpoint: `oss-${regionId}.aliyuncs.com`,
    IntranetEndpoint: `oss-${regionId}-internal.aliyuncs.com`,
    StorageClass: store.find(name)?.storageClass ?? 'Standard',
  };
}
