import { ServiceError } from '../../http/service-error.js';
import { parseForm } from '../../http/percent-encoding.js';
import { readable } from '../find-object.js';
import { imageInfo } from '../image-info.js';
import type { OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { download } from './get-object.js';

const PROCESS = 'x-oss-process';
const JSON_HEADERS = { 'content-type': 'application/json' };

/**
 * Downloads what becomes of an object when it is processed. `image/info` is answered; whatever else is asked for is
 * recorded, and the object comes back as it is.
 */
export const getProcessedObject: OssOperation = {
  name: 'GetObject',
  method: 'GET',
  scope: 'object',
  selectors: [PROCESS],
  needs: 'read',
  run(call) {
    const process = call.request.query.get(PROCESS) ?? '';
    call.request.exchange.record.process = process;
    const object = readable(call);
    if (process !== 'image/info') return download(call, object);
    return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(imageInfo(object)) };
  },
};

/** Saves what becomes of an object when it is processed: here, the object as it is. */
export const processObject: OssOperation = {
  name: 'PostProcessObject',
  method: 'POST',
  scope: 'object',
  selectors: [PROCESS],
  async run(call) {
    const { request, store, address } = call;
    const process = parseForm((await receiveBody(request)).body.toString('utf8')).get(PROCESS) ?? '';
    request.exchange.record.process = process;
    const [, encodedObject] = /\|sys\/saveas,(?:.*,)?o_([^,]+)/.exec(process) ?? [];
    const [, encodedBucket] = /\|sys\/saveas,(?:.*,)?b_([^,]+)/.exec(process) ?? [];
    if (encodedObject === undefined) {
      throw new ServiceError(
        400,
        'InvalidArgument',
        `The body must be ${PROCESS}=…|sys/saveas,o_NAME,b_BUCKET.`,
      );
    }
    const source = readable(call);
    const object = decode(encodedObject);
    const bucket = encodedBucket === undefined ? address.bucket : decode(encodedBucket);
    const { body, md5, headers } = source;
    store.put(bucket, object, { body, md5, headers });
    const result = { bucket, fileSize: body.length, object, status: 'OK' };
    return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(result) };
  },
};

// URL-safe or standard base64, with or without padding.
function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
