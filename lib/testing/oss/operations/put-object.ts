import type { OssOperation } from '../oss-operation.js';
import { assertMayWrite, base64Md5, contentHeaders, receiveBody } from '../upload.js';

/** Uploads a whole object. */
export const putObject: OssOperation = {
  name: 'PutObject',
  method: 'PUT',
  scope: 'object',
  async run({ request, address: { bucket, object }, store }) {
    assertMayWrite(request, store.get(bucket, object) !== undefined);
    const received = await receiveBody(request);
    const stored = store.put(bucket, object, { ...received, headers: contentHeaders(request) });
    return { status: 200, headers: { etag: stored.etag, 'content-md5': base64Md5(stored.md5) } };
  },
};
