import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AdminServer, type AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { acsClient } from './support/acs-clients.js';
import { askAdmin } from './support/admin-client.js';
import { getSecretValueRequest, sendRaw } from './support/dkms-caller.js';
import { failureOf, type KeyPair } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

let cloud: AlibabaCloudEmulator;
let admin: AdminServer;

beforeAll(async () => {
  cloud = await startCloud({ secrets: ['one'], regions: ['cn-x'] });
  admin = await AdminServer.start(cloud);
});
afterAll(async () => {
  await admin.stop();
  await cloud.stop();
});
afterEach(() => cloud.clearFaults());

const ask = (verb: string, body?: unknown) => askAdmin(admin.url, verb, body);
const describeRegions = (key: KeyPair) =>
  acsClient(cloud, key).request('DescribeRegions', {}, { method: 'POST' });

describe('verbs over HTTP', () => {
  test('make a secret whose key is accepted, also a generic one', async () => {
    const { status, body } = await ask('createSecret', { name: 'two', rotationIntervalMs: 1000 });
    expect(status).toBe(200);
    expect(body).toEqual(cloud.secret('two'));
    expect(Number(body['nextRotationAt']) - Number(body['createdAt'])).toBe(1000);
    await expect(describeRegions(cloud.secret('two'))).resolves.toHaveProperty('RequestId');
    const generic = await ask('createSecret', { name: 'text', type: 'generic', secretData: 'v1' });
    expect(generic.body).not.toHaveProperty('accessKeyId');
    expect((await ask('putSecretValue', { name: 'text', secretData: 'v2' })).body['secretData']).toBe('v2');
  });

  test('rotate: the key before stays good, after an emergency it does not', async () => {
    const first = cloud.secret('one');
    const second = await ask('rotate', { name: 'one' });
    expect(second.body).toEqual(cloud.secret('one'));
    await expect(describeRegions(first)).resolves.toHaveProperty('RequestId');
    const third = await ask('emergencyRotate', { name: 'one', kmsLagMs: { 'cn-x': 3000 } });
    expect(third.body).toEqual((await ask('secret', { name: 'one' })).body);
    expect((await failureOf(describeRegions(first))).code).toBe('InvalidAccessKeyId.NotFound');
  });

  test('revoke and restore a key', async () => {
    const key = cloud.secret('one');
    await ask('revoke', { accessKeyId: key.accessKeyId, reason: 'inactive' });
    expect((await failureOf(describeRegions(key))).code).toBe('InvalidAccessKeyId.Inactive');
    expect((await ask('restore', { accessKeyId: key.accessKeyId })).body).toEqual({});
    await expect(describeRegions(key)).resolves.toHaveProperty('RequestId');
  });

  test('plant faults, for a number of requests or for good, and clear them', async () => {
    const key = cloud.secret('one');
    await ask('fail', { target: 'openapi', fault: { code: 'Throttling.User', action: 'DescribeRegions' } });
    expect((await failureOf(describeRegions(key))).code).toBe('Throttling.User');
    await expect(describeRegions(key)).resolves.toHaveProperty('RequestId');
    await ask('fail', { target: 'openapi', fault: 'drop', times: 'Infinity' });
    for (const _ of [1, 2]) expect((await failureOf(describeRegions(key))).code).toBe('ECONNRESET');
    await ask('clearFaults', { target: 'openapi' });
    await expect(describeRegions(key)).resolves.toHaveProperty('RequestId');
  });

  test('deny and allow a secret', async () => {
    const read = async () =>
      (await sendRaw(cloud, getSecretValueRequest(cloud, { secretName: 'one' }))).status;
    await ask('denySecret', { name: 'one' });
    expect(await read()).toBe(403);
    await ask('allowSecret', { name: 'one' });
    expect(await read()).toBe(200);
    expect((await ask('denySecret', { name: 'nobody' })).text).toContain("no secret 'nobody'");
  });

  test('list what was asked, and forget it', async () => {
    await ask('clearRequests');
    await describeRegions(cloud.secret('one'));
    const { text } = await ask('requests', { target: 'openapi' });
    expect(JSON.parse(text)).toEqual([expect.objectContaining({ action: 'DescribeRegions', status: 200 })]);
    expect(JSON.parse((await ask('requests', { target: 'oss' })).text)).toEqual([]);
  });

  test('tell the environment in each form, and the addresses', async () => {
    expect((await ask('env')).body).toEqual(cloud.env);
    expect((await ask('env', { kms: 'shared', type: 'client_key' })).body).toEqual(
      cloud.sharedKmsEnv({ type: 'client_key' }),
    );
    expect((await ask('env', { format: 'sh' })).text).toMatch(
      /^export cache_client_dkms_config_info='\[.*\]'\n$/,
    );
    expect((await ask('env', { format: 'dotenv' })).text).toMatch(
      /^cache_client_dkms_config_info='\[.*\]'\n$/,
    );
    expect((await ask('endpoints')).body).toEqual({ ...cloud.endpoints, regions: cloud.regions });
  });

  test('hand out a temporary key', async () => {
    const { body } = await ask('assumeRole', { sessionMs: 60_000 });
    expect(body).toHaveProperty('securityToken');
  });
});

describe('what cannot be done is answered with a sentence', () => {
  test.each([
    ['rotate', {}, 400, 'rotate needs the field "name": a text.'],
    ['rotate', { name: 7 }, 400, '"name" of rotate must be a text.'],
    ['rotate', { name: 'one', lagMs: 1 }, 400, 'rotate has no field "lagMs". Its fields: name, '],
    ['rotate', { name: 'nobody' }, 400, "There is no secret 'nobody'."],
    ['emergencyRotate', { name: 'one', kmsLagMs: { 'cn-y': 1 } }, 400, "There is no region 'cn-y'."],
    ['emergencyRotate', { name: 'one', kmsLagMs: '1' }, 400, '"kmsLagMs" of emergencyRotate must be millis'],
    ['createSecret', { name: 'x', type: 'rsa' }, 400, 'must be one of "ram", "generic".'],
    ['fail', { target: 'ram', fault: 'drop' }, 400, '"target" of fail must be one of "dedicatedKms"'],
    ['fail', { target: 'oss', fault: 'explode' }, 400, '"fault" of fail must be "drop", '],
    ['fail', { target: 'oss', fault: { match: 'x' } }, 400, 'a fault has no field "match".'],
    ['fail', { target: 'oss', fault: { status: 99 } }, 400, 'Not a fault'],
    ['fail', { target: 'oss', fault: 'drop', times: 0 }, 400, 'a whole number above 0, or "Infinity"'],
    ['fail', { target: 'oss', fault: 'refuse', times: 2 }, 400, 'lasts until it is cleared'],
    ['rotate', '{"name":', 400, 'not valid JSON'],
    ['rotate', '["one"]', 400, 'must be a JSON object'],
    ['rotate', `"${'x'.repeat(1_000_001)}"`, 413, '1000000 bytes at most'],
    ['explode', {}, 404, "There is no verb 'explode'. Verbs: createSecret, "],
    ['stop', {}, 404, "There is no verb 'stop'."],
  ])('%s %j: %i', async (verb, body, status, message) => {
    const answer = await ask(verb, body);
    expect(answer.status).toBe(status);
    expect(answer.body['message']).toContain(message);
  });

  test('only POST, only JSON', async () => {
    for (const method of ['GET', 'PUT', 'OPTIONS']) {
      expect((await askAdmin(admin.url, 'rotate', undefined, {}, method)).status).toBe(405);
    }
    const before = cloud.secret('one');
    const plain = { 'content-type': 'text/plain' };
    expect((await askAdmin(admin.url, 'rotate', { name: 'one' }, plain)).status).toBe(415);
    expect(cloud.secret('one')).toEqual(before);
  });
});

describe('web pages elsewhere', () => {
  const host = () => new URL(admin.url).host;

  test.each([
    ['of another site', 'http://evil.example'],
    ['of another port of this machine', 'http://127.0.0.1:1'],
    ['in a sandbox', 'null'],
  ])('%s cannot press a button', async (_what, origin) => {
    const before = cloud.secret('one');
    const answer = await askAdmin(admin.url, 'emergencyRotate', { name: 'one' }, { origin });
    expect([answer.status, answer.body['code']]).toEqual([403, 'ForeignOrigin']);
    expect(cloud.secret('one')).toEqual(before);
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:80', '0.0.0.0'])(
    'under a name that was rebound to this machine (%s) cannot either',
    async (name) => {
      const headers = { host: name, origin: `http://${name}` };
      const answer = await askAdmin(admin.url, 'requests', undefined, headers);
      expect([answer.status, answer.body['code']]).toEqual([403, 'ForeignHost']);
    },
  );

  test('of the server itself, and programs by each name of loopback, can', async () => {
    const own = { origin: admin.url };
    expect((await askAdmin(admin.url, 'endpoints', undefined, own)).status).toBe(200);
    for (const name of [host(), 'localhost', 'localhost:9000', '[::1]:9000']) {
      expect((await askAdmin(admin.url, 'endpoints', undefined, { host: name })).status).toBe(200);
    }
  });
});

test('the admin server listens on loopback wherever the cloud does, and says when its port is taken', async () => {
  expect(new URL(admin.url).hostname).toBe('127.0.0.1');
  const taken = AdminServer.start(cloud, { port: Number(new URL(admin.url).port) });
  await expect(taken).rejects.toThrow(/^The port \d+ of 127\.0\.0\.1 cannot be used/);
});

test('the number of requests is known although the requests are forgotten', async () => {
  const small = await startCloud({ secrets: ['one'], requestLogLimit: 2 });
  const client = acsClient(small, small.secret('one'));
  for (let call = 0; call < 7; call++) await client.request('DescribeRegions', {}, { method: 'POST' });
  expect([small.requests().length, small.requestCount('openapi'), small.requestCount()]).toEqual([2, 7, 7]);
  expect(small.requestCount('oss')).toBe(0);
  small.clearRequests();
  expect(small.requestCount()).toBe(0);
  await small.stop();
});
