import { inspect } from 'node:util';

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import type { ManagedClientDefinition } from 'nestjs-aliyun-managed-credentials';

import { cloudSuite } from './cloud-suite.js';
import { until } from './poll.js';
import { KeyRing } from './services/key-ring.js';
import { LoopbackService, type ServiceProtocol } from './services/loopback-service.js';

/** What differs between the recipes. */
export interface RecipeCase<Client extends object> {
  readonly protocol: ServiceProtocol;
  /** The token that the recipe's page injects the client by. */
  tokenOf(secretName: string): string;
  define(secretName: string, service: LoopbackService): ManagedClientDefinition<Client>;
  /** One call, different for each number; its answer says what of it has reached the service. */
  call(client: Client, number: number): Promise<unknown>;
  /** What the SDK throws when the service misses a permission. */
  readonly denied: object;
  /** Whether the service says of a disabled key that it is disabled. */
  readonly tellsDisabledKeys: boolean;
  /** Whether close() ends the connections of the client, or the SDK keeps them to itself. */
  readonly endsConnections: boolean;
}

/** One application with the recipe's client. */
export interface RunningRecipe<Client> {
  readonly app: TestingModule;
  readonly client: Client;
  readonly service: LoopbackService;
  readonly keys: KeyRing;
  /** How often KMS was asked since the application has started. */
  readonly kmsCalls: () => number;
}

const SECRET = 'recipe-secret';

/**
 * The tests that every recipe must pass, for the client of the recipe against a service that verifies key and signature.
 *
 * @returns the client and the service of the test that runs, for tests of the recipe's own
 */
export function recipeSuite<Client extends object>(recipe: RecipeCase<Client>): () => RunningRecipe<Client> {
  const suite = cloudSuite([SECRET]);
  let running: RunningRecipe<Client> | undefined;
  const current = () => {
    if (running === undefined) throw new Error('the recipe runs only within a test');
    return running;
  };
  const call = (number: number) => recipe.call(current().client, number);
  const calls = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => call(index)));

  beforeEach(async () => {
    const keys = new KeyRing(suite.cloud, SECRET);
    const service = await LoopbackService.start(keys, recipe.protocol);
    const app = await suite.start({ clients: [recipe.define(SECRET, service)] });
    suite.cloud.clearRequests();
    const kmsCalls = () => suite.cloud.requests('dedicatedKms').length;
    running = { app, client: app.get<Client>(recipe.tokenOf(SECRET)), service, keys, kmsCalls };
  });
  afterEach(() => running?.service.stop());

  it('signs with the key that KMS holds', async () => {
    await calls(3);
    expect(current().service.served).toHaveLength(3);
    expect(current().service.requestCount).toBe(3);
  });

  it('an emergency rotation fails none of 50 concurrent calls, changes no answer, and costs one KMS call', async () => {
    const { keys, kmsCalls, service } = current();
    const before = await calls(50);
    keys.emergencyRotate();
    expect(await calls(50)).toEqual(before);
    expect(kmsCalls()).toBe(1);
    expect(service.requestCount).toBe(150);
    expect(keys.tornPairs).toBe(0);
  });

  if (recipe.tellsDisabledKeys) {
    it('a key that was disabled is replaced too', async () => {
      const { keys, kmsCalls } = current();
      keys.disableOldKey();
      await call(1);
      expect(kmsCalls()).toBe(1);
    });
  }

  it('rotations in the middle of calls tear no pair and fail no call', async () => {
    const { keys, service } = current();
    for (let round = 0; round < 15; round++) {
      const early = calls(4);
      keys.emergencyRotate();
      await Promise.all([early, calls(4)]);
    }
    expect(service.served).toHaveLength(15 * 8);
    expect(keys.tornPairs).toBe(0);
  });

  it('a missing permission is the error of the SDK, after one sending, and not taken for an expired key', async () => {
    const { service, kmsCalls } = current();
    service.denyNext();
    await expect(call(1)).rejects.toMatchObject(recipe.denied);
    expect(service.requestCount).toBe(1);
    expect(kmsCalls()).toBe(0);
  });

  it('a lost connection is not taken for an expired key', async () => {
    const { service, kmsCalls } = current();
    service.dropNext();
    await expect(call(1)).rejects.toBeDefined();
    expect(service.requestCount).toBe(1);
    expect(kmsCalls()).toBe(0);
  });

  it('shows no secret when the client is printed', async () => {
    const { client } = current();
    await call(1);
    const printed = inspect(client, { depth: 10, getters: true, showHidden: false }) + toJson(client);
    expect(printed).not.toContain(suite.cloud.secret(SECRET).accessKeySecret);
  });

  it('is closed with the application', async () => {
    const { app, service } = current();
    await calls(5);
    await app.close();
    await expect(call(1)).rejects.toMatchObject({ code: 'Closed' });
    expect(service.requestCount).toBe(5);
    if (!recipe.endsConnections) return;
    let open = Number.NaN;
    const look = () => void service.connectionCount().then((count) => (open = count));
    await until(() => (look(), open === 0), 'the connections are closed');
  });

  return current;
}

/** JSON without what JSON cannot say. */
function toJson(value: object): string {
  const seen = new Set<unknown>();
  return JSON.stringify(value, (_name, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if (seen.has(item)) return undefined;
    seen.add(item);
    return item;
  });
}
