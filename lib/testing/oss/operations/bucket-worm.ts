import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../http/service-error.js';
import type { RetentionPolicy } from '../bucket.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { textsOf } from '../../http/xml.js';
import { xmlAnswer } from '../xml-answer.js';

const MAX_DAYS = 70 * 365;

/** Starts a retention policy, which can be taken back until it is locked. */
export const initiateBucketWorm: OssOperation = {
  name: 'InitiateBucketWorm',
  method: 'POST',
  scope: 'bucket',
  selectors: ['worm'],
  async run(call) {
    const bucket = call.store.bucket(call.address.bucket);
    if (bucket.retention?.state === 'Locked') throw locked();
    const wormId = randomBytes(16).toString('hex').toUpperCase();
    const days = await daysOf(call);
    bucket.retention = { wormId, state: 'InProgress', days, createdAt: call.now() };
    return { status: 200, headers: { 'x-oss-worm-id': wormId } };
  },
};

/** Takes a retention policy back. */
export const abortBucketWorm: OssOperation = {
  name: 'AbortBucketWorm',
  method: 'DELETE',
  scope: 'bucket',
  selectors: ['worm'],
  run({ store, address }) {
    const bucket = store.bucket(address.bucket);
    if (bucket.retention?.state === 'Locked') throw locked();
    bucket.retention = undefined;
    return { status: 204 };
  },
};

/** Locks a retention policy. */
export const completeBucketWorm: OssOperation = {
  name: 'CompleteBucketWorm',
  method: 'POST',
  scope: 'bucket',
  selectors: ['wormId'],
  run(call) {
    call.store.bucket(call.address.bucket).retention = { ...policyOf(call), state: 'Locked' };
    return { status: 200 };
  },
};

/** Makes a locked retention policy longer. */
export const extendBucketWorm: OssOperation = {
  name: 'ExtendBucketWorm',
  method: 'POST',
  scope: 'bucket',
  selectors: ['wormExtend', 'wormId'],
  async run(call) {
    const policy = policyOf(call);
    const days = await daysOf(call);
    if (policy.state !== 'Locked' || days < policy.days) {
      throw new ServiceError(409, 'InvalidWormConfiguration', 'Only a locked policy can be extended.');
    }
    call.store.bucket(call.address.bucket).retention = { ...policy, days };
    return { status: 200 };
  },
};

/** Tells a bucket's retention policy. */
export const getBucketWorm: OssOperation = {
  name: 'GetBucketWorm',
  method: 'GET',
  scope: 'bucket',
  selectors: ['worm'],
  run({ store, address }) {
    const policy = store.find(address.bucket)?.retention;
    if (!policy) throw missing();
    return xmlAnswer('WormConfiguration', {
      WormId: policy.wormId,
      State: policy.state,
      RetentionPeriodInDays: policy.days,
      CreationDate: new Date(policy.createdAt).toISOString(),
    });
  },
};

function policyOf({ store, address, request }: OssCall): RetentionPolicy {
  const policy = store.find(address.bucket)?.retention;
  if (policy && policy.wormId === request.query.get('wormId')) return policy;
  throw missing();
}

async function daysOf({ request }: OssCall): Promise<number> {
  const xml = (await receiveBody(request)).body.toString('utf8');
  const days = Number(textsOf(xml, 'RetentionPeriodInDays')[0] ?? 0);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new ServiceError(400, 'MalformedXML', 'RetentionPeriodInDays must be 1 day to 70 years.');
}

function missing(): ServiceError {
  return new ServiceError(404, 'NoSuchWORMConfiguration', 'The WORM configuration does not exist.');
}

function locked(): ServiceError {
  return new ServiceError(409, 'WORMConfigurationLocked', 'The WORM configuration is locked.');
}
