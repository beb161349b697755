import type { OssOperation } from '../oss-operation.js';
import { uploadDetails } from '../object-details.js';
import { assertMayWrite, base64Md5, receiveBody, uploadAnswer } from '../upload.js';

/** Uploads a whole object. */
export const putObject: OssOperation = {
  name: 'PutObject',
  method: 'PUT',
  scope: 'object',
  needs: 'write',
  async run(call) {
    const { request, address, store } = call;
    assertMayWrite(call);
    const details = uploadDetails(request);
    const received = await receiveBody(request);
    const stored = store.put(address.bucket, address.object, { ...details, ...received });
    return uploadAnswer(call, stored, { 'content-md5': base64Md5(stored.md5) });
  },
};
