import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { textsOf } from '../../http/xml.js';
import { xmlAnswer } from '../xml-answer.js';

/** Turns versions on, or suspends them. */
export const putBucketVersioning: OssOperation = {
  name: 'PutBucketVersioning',
  method: 'PUT',
  scope: 'bucket',
  selectors: ['versioning'],
  async run({ request, store, address }) {
    const [status] = textsOf((await receiveBody(request)).body.toString('utf8'), 'Status');
    if (status !== 'Enabled' && status !== 'Suspended') {
      throw new ServiceError(400, 'MalformedXML', 'Status must be Enabled or Suspended.');
    }
    store.bucket(address.bucket).versioning = status;
    return { status: 200 };
  },
};

/** Tells whether a bucket has versions. */
export const getBucketVersioning: OssOperation = {
  name: 'GetBucketVersioning',
  method: 'GET',
  scope: 'bucket',
  selectors: ['versioning'],
  run: ({ store, address }) =>
    xmlAnswer('VersioningConfiguration', { Status: store.find(address.bucket)?.versioning || undefined }),
};
