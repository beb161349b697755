import { setTimeout as sleep } from 'node:timers/promises';

import { pick } from './seeded-random.mjs';

const REGIONS = ['cn-hangzhou', 'cn-shanghai'];
const BROKEN = [{ status: 503 }, { code: 'Rejected.Throttling' }, 'drop', 'hang', 'truncate', 'garbage'];

/**
 * What goes wrong during a soak, one thing at a time. Each is something that costs no call: an emergency rotation while
 * KMS lags or one region is out of order, an outage of all of KMS while the keys are good.
 */
export class Faults {
  counts = {};
  #cloud;
  #secrets;
  #random;

  constructor(cloud, secrets, random) {
    this.#cloud = cloud;
    this.#secrets = secrets;
    this.#random = random;
  }

  get total() {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  async runUntil(endAt) {
    while (performance.now() < endAt) {
      const fault = pick(this.#random, FAULTS);
      this.counts[fault.name] = (this.counts[fault.name] ?? 0) + 1;
      await fault({
        cloud: this.#cloud,
        secret: this.#one(this.#secrets),
        one: (list) => this.#one(list),
        random: this.#random,
      });
      this.#cloud.clearFaults();
      await sleep(this.#random() * 500);
    }
  }

  #one(list) {
    return list[Math.floor(this.#random() * list.length)];
  }
}

async function emergencyRotation({ cloud, secret }) {
  cloud.emergencyRotate(secret);
  await sleep(500);
}

async function emergencyRotationWithLag({ cloud, secret, random }) {
  const kmsLagMs = random() * 2000;
  cloud.emergencyRotate(secret, { kmsLagMs });
  await sleep(kmsLagMs + 1500);
}

async function emergencyRotationOfAll({ cloud }) {
  for (const name of ['acs-secret', 'roa-secret', 'oss-secret']) cloud.emergencyRotate(name);
  await sleep(1000);
}

async function emergencyRotationWithOneRegionBroken({ cloud, secret, one }) {
  const fault = one(BROKEN);
  const details = typeof fault === 'string' ? { type: fault } : fault;
  cloud.fail('dedicatedKms', { ...details, regionId: one(REGIONS) }, Infinity);
  cloud.emergencyRotate(secret);
  await sleep(1500);
}

async function emergencyRotationWithOneRegionRefusing({ cloud, secret, one }) {
  cloud.fail('dedicatedKms', { type: 'refuse', regionId: one(REGIONS) });
  cloud.emergencyRotate(secret);
  await sleep(1500);
}

async function plannedRotation({ cloud, secret }) {
  cloud.rotate(secret);
  // The key before stays good until the next rotation, so the schedule has to notice this one before that.
  await sleep(4000);
}

async function outage({ cloud, one }) {
  cloud.fail('dedicatedKms', one(BROKEN), Infinity);
  await sleep(3000);
}

async function shortTrouble({ cloud, one, random }) {
  cloud.fail('dedicatedKms', one(BROKEN), Math.ceil(random() * 3));
  await sleep(500);
}

const FAULTS = [
  [6, emergencyRotation],
  [4, emergencyRotationWithLag],
  [2, emergencyRotationOfAll],
  [3, emergencyRotationWithOneRegionBroken],
  [2, emergencyRotationWithOneRegionRefusing],
  [2, plannedRotation],
  [1, outage],
  [3, shortTrouble],
];
