import { Agent } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { getOssStsClientToken } from '../../../lib/clients/client-token.js';
import { ossStsClient } from '../../../lib/clients/oss/oss-client.js';
import type { OssStsClientOptions } from '../../../lib/clients/oss/proxy-oss-sts-client.js';
import { clientFixture } from '../../support/client-fixture.js';
import { until } from '../../support/poll.js';
import { ScriptedService } from '../../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.reset();
});
afterAll(() => service.stop());

describe('an STS client', () => {
  const answer = { body: JSON.stringify({ Credentials: { AccessKeyId: 'STS.x' } }) };
  const start = async (options: OssStsClientOptions = {}) => {
    const fixture = clientFixture('sts');
    const client = await ossStsClient('app', { endpoint: service.url, ...options }).create(fixture.context);
    const assume = () => client.assumeRole('acs:ram::1:role/reader', undefined, 900, 'session');
    service.answer = () => answer;
    return { ...fixture, client, assume };
  };

  it('asks for a temporary key, and again with the newer key of its own', async () => {
    const { client, kms, assume } = await start();
    await expect(assume()).resolves.toMatchObject({ credentials: { AccessKeyId: 'STS.x' } });
    service.answer = ({ version }) =>
      version === 2 ? answer : { status: 404, body: '{"Code":"InvalidAccessKeyId.NotFound","Message":"no"}' };
    kms.version = 2;
    await expect(assume()).resolves.toBeDefined();
    expect(service.versions).toEqual([1, 1, 2]);
    client.close();
    const [first] = service.requests.map(({ body }) =>
      Object.fromEntries(new URLSearchParams(body.toString())),
    );
    expect(first).toMatchObject({
      RoleArn: 'acs:ram::1:role/reader',
      DurationSeconds: '900',
      RoleSessionName: 'session',
    });
  });

  it('keeps its connections to itself and closes them; an agent that was passed in is left alone', async () => {
    const agent = new Agent({ keepAlive: true });
    const own = await start();
    const passed = await start({ agent });
    await own.assume();
    await own.assume();
    await passed.assume();
    expect(service.connections.size).toBe(2);
    const definition = ossStsClient('app');
    await definition.close?.(own.client);
    await definition.close?.(passed.client);
    await until(() => service.connections.size === 1, 'its own connection is closed');
    await passed.assume();
    expect(service.connections.size).toBe(1);
    agent.destroy();
  });

  it('gives the errors of the SDK as they are', async () => {
    const { client, assume, kms } = await start();
    service.answer = () => ({ status: 403, body: '{"Code":"NoPermission","Message":"no"}' });
    await expect(assume()).rejects.toMatchObject({
      code: 'NoPermission',
      status: 403,
      message: 'NoPermission: no',
    });
    expect(kms.fetches).toBe(1);
    client.close();
  });

  it('is defined under its token, for its secret and the judgement of its SDK', () => {
    const parts = { secretName: 'app', sdk: 'sts' };
    expect(ossStsClient('app')).toMatchObject({ token: getOssStsClientToken('app'), ...parts });
    expect(ossStsClient('app', { name: 'one' })).toMatchObject({
      token: getOssStsClientToken('app', 'one'),
      ...parts,
    });
  });
});
