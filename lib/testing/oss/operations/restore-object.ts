import { ServiceError } from '../../http/service-error.js';
import { existing, versionHeader } from '../find-object.js';
import type { OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { textsOf } from '../../http/xml.js';

const DAY_MS = 86_400_000;

/** Makes an archived object readable for some days: at once, where the real service takes minutes to hours. */
export const restoreObject: OssOperation = {
  name: 'RestoreObject',
  method: 'POST',
  scope: 'object',
  selectors: ['restore'],
  async run(call) {
    const xml = (await receiveBody(call.request)).body.toString('utf8');
    const days = Number(textsOf(xml, 'Days')[0] ?? 1);
    const object = existing(call);
    if (!object.storageClass.endsWith('Archive')) {
      const message = 'The operation is not supported for this resource';
      throw new ServiceError(400, 'OperationNotSupported', message, { ResourceType: object.storageClass });
    }
    const now = call.now();
    const isRestored = (object.restoredUntil ?? 0) > now;
    call.store.bucket(call.address.bucket).update(object, { restoredUntil: now + days * DAY_MS });
    return { status: isRestored ? 200 : 202, headers: versionHeader(object) };
  },
};
