import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { getAcsClientToken, getOssClientToken, getRoaClientToken } from 'nestjs-aliyun-managed-credentials';

import { pick } from './seeded-random.mjs';

const CALLERS = 20;
const LONGEST_PAUSE_MS = 20;

/** Callers that make calls of all kinds, check each answer, and count those that were lost. */
export class Load {
  calls = 0;
  /** Calls with a stream that was consumed when the key died: nobody can send them again. */
  notReplayable = 0;
  lost = [];
  #random;
  #clients;

  constructor(app, random) {
    this.#random = random;
    this.#clients = {
      acs: app.get(getAcsClientToken('acs-secret')),
      roa: app.get(getRoaClientToken('roa-secret')),
      oss: app.get(getOssClientToken('oss-secret')),
    };
  }

  get figures() {
    return { calls: this.calls, lost: this.lost.length, 'consumed streams refused': this.notReplayable };
  }

  async runUntil(endAt) {
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => this.#call(caller, endAt)));
  }

  async #call(caller, endAt) {
    for (let index = 0; performance.now() < endAt; index++) {
      const operation = pick(this.#random, OPERATIONS);
      this.calls += 1;
      try {
        await operation(this.#clients, `${caller}-${index % 10}`, this.#random);
      } catch (error) {
        if (operation === putConsumedStream && error?.code === 'InvalidAccessKeyId') this.notReplayable += 1;
        else this.lost.push({ operation: operation.name, error });
      }
      await sleep(this.#random() * LONGEST_PAUSE_MS);
    }
  }
}

async function requestRpc({ acs }, name) {
  const { Params } = await acs.request('Echo', { Name: name });
  assertSame(Params.Name, name);
}

async function requestRoa({ roa }, name) {
  const answer = await roa.post('/echo', {}, JSON.stringify({ name }), {
    'content-type': 'application/json',
  });
  if (answer === undefined) throw new Error('no answer');
}

async function putAndGet({ oss }, name, random) {
  const content = Buffer.alloc(Math.ceil(random() * 20_000), name);
  await oss.put(name, content);
  const { content: stored } = await oss.get(name);
  assertSame(md5(stored), md5(content));
}

async function headAndDelete({ oss }, name) {
  await oss.put(`${name}-brief`, Buffer.from(name));
  await oss.head(`${name}-brief`);
  await oss.delete(`${name}-brief`);
}

async function uploadParts({ oss }, name) {
  const content = Buffer.alloc(250 * 1024, name);
  await oss.multipartUpload(`${name}-parts`, content, { partSize: 100 * 1024 });
  const { content: stored } = await oss.get(`${name}-parts`);
  assertSame(md5(stored), md5(content));
}

/** A stream that is small enough to be kept, and so can be sent again. */
async function putKeptStream({ oss }, name) {
  await oss.putStream(`${name}-stream`, Readable.from([Buffer.from(name), Buffer.from(name)]));
  const { content } = await oss.get(`${name}-stream`);
  assertSame(String(content), name + name);
}

/** A stream that is larger than what is kept of it. */
async function putConsumedStream({ oss }, name) {
  const chunk = Buffer.alloc(128 * 1024, name);
  const chunks = Array.from({ length: 10 }, () => chunk);
  await oss.putStream(`${name}-large`, Readable.from(chunks));
  const { res } = await oss.head(`${name}-large`);
  assertSame(Number(res.headers['content-length']), chunk.length * chunks.length);
}

const OPERATIONS = [
  [40, requestRpc],
  [20, requestRoa],
  [20, putAndGet],
  [10, headAndDelete],
  [4, uploadParts],
  [4, putKeptStream],
  [2, putConsumedStream],
];

function md5(content) {
  return createHash('md5').update(content).digest('hex');
}

function assertSame(actual, expected) {
  if (actual !== expected) throw new Error('the answer is not what was sent');
}
