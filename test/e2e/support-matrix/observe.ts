import { comparable } from './comparable.js';
import type { Operation } from './operation.js';
import { runCall, runOperation, type Bench, type KeyDeath, type Run } from './run-operation.js';

/** What came of an operation under all circumstances, and what its table promises; equal when it keeps that. */
export class Observations {
  readonly observed: Record<string, unknown> = {};
  readonly promised: Record<string, unknown> = {};

  add(circumstance: string, observed: unknown, promised: unknown): void {
    this.observed[circumstance] = observed;
    this.promised[circumstance] = promised;
  }
}

/** Runs an operation with keys that die and with keys that do not, managed and through the SDK's own client. */
export async function observe<World>(
  bench: Bench<World>,
  operation: Operation<World>,
): Promise<Observations> {
  const observations = new Observations();
  const run = await runOperation(bench, operation);
  const reference = effectOf(run);
  observations.add('no key dies', [run.refused, run.sentHead], [0, operation.sendsHead]);
  const call = await operation.open(bench.newWorld());
  const plain = await bench.plainWorld(bench.cloud.secret(bench.secretName));
  observations.add("the SDK's own client", effectOf(await runCall(bench, plain, call)), reference);
  await OBSERVERS[operation.whenKeyDies](bench, operation, run, observations);
  return observations;
}

/** What an operation did, to its caller and to the cloud. */
function effectOf({ result, stored, accepted }: Run): object {
  return { result, stored, accepted };
}

type Observer = <World>(
  bench: Bench<World>,
  operation: Operation<World>,
  reference: Run,
  observations: Observations,
) => Promise<void>;

const observeSentAgain: Observer = async (bench, operation, reference, observations) => {
  const middle = Math.floor(reference.arrived / 2) + 1;
  for (const death of new Set<KeyDeath>(['before', 1, middle])) {
    const run = await runOperation(bench, operation, death);
    const promised = { wasRefused: true, ...effectOf(reference) };
    observations.add(`the key dies: ${death}`, { wasRefused: run.refused > 0, ...effectOf(run) }, promised);
  }
};

const observeFails: Observer = async (bench, operation, reference, observations) => {
  for (const death of ['before', 1] as const) {
    const world = bench.newWorld();
    await bench.learnNewKey();
    const call = await operation.open(world);
    const key = bench.cloud.secret(bench.secretName);
    const before = await comparable(bench.stored());
    const failure = await failureOf(runCall(bench, world, call, death));
    const stored = await comparable(bench.stored());
    const plainWorld = await bench.plainWorld(key);
    const plainFailure = await failureOf(Promise.resolve(call(plainWorld)));
    observations.add(
      `the key dies: ${death}`,
      { failure, stored },
      { failure: plainFailure, stored: before },
    );
    const next = await runCall(bench, world, call);
    const promised = { refused: 0, ...effectOf(reference) };
    observations.add(`the next call: ${death}`, { refused: next.refused, ...effectOf(next) }, promised);
  }
};

const observeSigns: Observer = async (bench, operation, reference, observations) => {
  const { cloud, secretName } = bench;
  const world = bench.newWorld();
  await bench.learnNewKey();
  const call = await operation.open(world);
  cloud.emergencyRotate(secretName);
  await bench.learnNewKey();
  const run = await runCall(bench, world, call);
  const ids = new Set(cloud.requests().map(({ accessKeyId }) => accessKeyId));
  const current = cloud.secret(secretName).accessKeyId;
  observations.add(
    'signed after a rotation',
    { ids: [...ids], ...effectOf(run) },
    { ids: reference.arrived === 0 ? [] : [current], ...effectOf(reference) },
  );
  if (reference.arrived === 0) return;
  const before = await comparable(bench.stored());
  const { refused, accepted } = await runCall(bench, world, call, 1);
  const stored = await comparable(bench.stored());
  observations.add(
    'used after its key has died',
    { refused, accepted, stored },
    { refused: 1, accepted: [], stored: before },
  );
};

const observeLocal: Observer = async (bench, operation, reference, observations) => {
  const run = await runOperation(bench, operation, 'before');
  const requests = bench.cloud.requests();
  observations.add('the key dies', { requests, ...effectOf(run) }, { requests: [], ...effectOf(reference) });
};

const OBSERVERS = {
  sentAgain: observeSentAgain,
  fails: observeFails,
  signs: observeSigns,
  local: observeLocal,
} as const;

/** What tells one error of an SDK from another. */
async function failureOf(run: Promise<unknown>): Promise<object> {
  try {
    return { unexpected: await run };
  } catch (error) {
    const { name, code, status, statusCode } = error as Record<string, unknown>;
    return { name, code, status, statusCode };
  }
}
