import type {
  AlibabaCloudEmulator,
  EmulatorTarget,
  RecordedRequest,
} from 'nestjs-aliyun-managed-credentials/testing';

import { comparable } from './comparable.js';
import type { Operation } from './operation.js';

/** An access key. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Where the operations of one table run. */
export interface Bench<World> {
  readonly cloud: AlibabaCloudEmulator;
  readonly secretName: string;
  /** The service that the operations call. */
  readonly target: EmulatorTarget;
  /** Whether bodies are the same from run to run, because they hold no signature. @default true */
  readonly comparesBodies?: boolean;
  /** What a call works with and on, as if nothing had been called yet. */
  newWorld(): World;
  /** The same as it is now, but with the SDK's own client and one key. */
  plainWorld(key: KeyPair): World | Promise<World>;
  /** What the cloud holds. */
  stored(): unknown;
  /** Lets the module learn of a rotation, if there was one. */
  learnNewKey(): Promise<unknown>;
}

/** What tells one request from another. */
function tellTale(request: RecordedRequest, comparesBody: boolean): string {
  const { method, action, path, bucket, object, process, status, bytes, md5 } = request;
  const told = { method, action, path, bucket, object, process, status };
  // Of a form for OSS, the signature stands in the body.
  return JSON.stringify(comparesBody && action !== 'PostObject' ? { ...told, bytes, md5 } : told);
}

/** What came of one run. */
export interface Run {
  readonly result: unknown;
  readonly stored: unknown;
  /** The requests that were carried out, in no particular order. */
  readonly accepted: unknown;
  readonly refused: number;
  /** How many requests arrived. */
  readonly arrived: number;
  readonly sentHead: boolean;
}

/** When a key dies: before the call, or when the request of that number (from 1) has arrived. */
export type KeyDeath = 'before' | number | undefined;

/** Prepares an operation and runs its call, during which the key may die. */
export async function runOperation<World>(
  bench: Bench<World>,
  operation: Operation<World>,
  death?: KeyDeath,
): Promise<Run> {
  const world = bench.newWorld();
  await bench.learnNewKey();
  const call = await operation.open(world);
  return runCall(bench, world, call, death);
}

/** Runs a call that has been prepared. */
export async function runCall<World>(
  bench: Bench<World>,
  world: World,
  call: (world: World) => unknown,
  death?: KeyDeath,
): Promise<Run> {
  const { cloud, secretName, target } = bench;
  cloud.clearRequests();
  let arrived = 0;
  const stop = cloud.onRequest(target, () => {
    arrived += 1;
    if (arrived === death) cloud.emergencyRotate(secretName);
  });
  if (death === 'before') cloud.emergencyRotate(secretName);
  try {
    const result = await comparable(await call(world));
    const requests = cloud.requests(target);
    const accepted = requests
      .filter(({ status = 0 }) => status < 400)
      .map((request) => tellTale(request, bench.comparesBodies ?? true));
    return {
      result,
      stored: await comparable(bench.stored()),
      accepted: accepted.toSorted(),
      refused: requests.filter(({ code = '' }) => /^(?:InvalidAccessKeyId|Unauthorized)/.test(code)).length,
      arrived,
      sentHead: requests.some(({ method }) => method === 'HEAD'),
    };
  } finally {
    stop();
  }
}
