import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { sendPlain, type PlainAnswer } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

const ROLES = '/latest/meta-data/ram/security-credentials/';
const TOKEN = 'x-aliyun-ecs-metadata-token';

describe('the metadata server', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;
  beforeAll(async () => {
    cloud = await startCloud({ now: () => Date.now() + laterMs });
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    laterMs = 0;
    cloud.clearFaults();
  });

  const get = (path: string, token?: string, from = cloud): Promise<PlainAnswer> =>
    sendPlain(from.endpoints.metadata + path, token === undefined ? {} : { headers: { [TOKEN]: token } });
  const newToken = (ttl: string | undefined, from = cloud): Promise<PlainAnswer> =>
    sendPlain(`${from.endpoints.metadata}/latest/api/token`, {
      method: 'PUT',
      headers: ttl === undefined ? {} : { 'x-aliyun-ecs-metadata-token-ttl-seconds': ttl },
    });
  const keyOf = ({ text }: PlainAnswer): Record<string, string> => JSON.parse(text) as Record<string, string>;

  test('names the role of the instance and hands out its key', async () => {
    const roles = await get(ROLES);
    expect([roles.status, roles.text]).toEqual([200, cloud.role.name]);
    expect(keyOf(await get(`${ROLES}${roles.text}`))).toEqual({
      Code: 'Success',
      AccessKeyId: expect.stringMatching(/^STS\./),
      AccessKeySecret: expect.any(String),
      SecurityToken: expect.any(String),
      Expiration: expect.stringMatching(/Z$/),
      LastUpdated: expect.stringMatching(/Z$/),
    });
  });

  test('hands out the same key until half its time is over', async () => {
    const path = `${ROLES}${cloud.role.name}`;
    const [first, second] = [keyOf(await get(path)), keyOf(await get(path))];
    expect(second).toEqual(first);
    expect(Date.parse(first['Expiration'] ?? '') - Date.now()).toBeGreaterThan(5.9 * 3_600_000);
    laterMs = 3.1 * 3_600_000;
    const third = keyOf(await get(path));
    expect(third['AccessKeyId']).not.toBe(first['AccessKeyId']);
    cloud.revoke(third['AccessKeyId'] ?? '');
    expect(keyOf(await get(path))['AccessKeyId']).not.toBe(third['AccessKeyId']);
  });

  test('takes the tokens that it hands out, until they expire', async () => {
    const { status, text } = await newToken('60');
    expect(status).toBe(200);
    expect((await get(ROLES, text)).status).toBe(200);
    laterMs = 60_000;
    expect((await get(ROLES, text)).status).toBe(403);
    expect((await get(ROLES, 'made up')).status).toBe(403);
    for (const ttl of [undefined, '0', '21601', 'x']) expect((await newToken(ttl)).status).toBe(400);
  });

  test('may insist on tokens', async () => {
    const strict = await startCloud({ metadata: { tokenRequired: true } });
    expect((await get(ROLES, undefined, strict)).status).toBe(403);
    const { text } = await newToken('21600', strict);
    expect((await get(ROLES, text, strict)).status).toBe(200);
    await strict.stop();
  });

  test('knows nothing else', async () => {
    for (const path of ['/', '/latest/meta-data/instance-id', `${ROLES}another`]) {
      const { status, headers } = await get(path);
      expect([status, headers['content-type']]).toEqual([404, 'text/html']);
    }
    const { status } = await sendPlain(`${cloud.endpoints.metadata}${ROLES}`, { method: 'PUT' });
    expect(status).toBe(404);
  });

  test('meets faults', async () => {
    cloud.fail('metadata', { status: 500, action: 'ListRoles' });
    expect((await get(ROLES)).status).toBe(500);
    expect(() => cloud.fail('metadata', { code: 'Odd' })).toThrow(/Known codes: none/);
  });
});
