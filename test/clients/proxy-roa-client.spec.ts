import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { RoaRequestOptions } from '../../lib/clients/acs/pop-core.js';
import { roaClient } from '../../lib/clients/roa/roa-client.js';
import { clientFixture } from '../support/client-fixture.js';
import { jsonAnswer, KEY_REFUSAL } from '../support/openapi-answers.js';
import { until } from '../support/poll.js';
import { ScriptedService, type ScriptedAnswer } from '../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.reset();
  service.answer = ({ version }) => jsonAnswer({ version });
});
afterAll(() => service.stop());

describe('the roa client', () => {
  const startRoa = async () => {
    const fixture = clientFixture('roa');
    const usual = { endpoint: service.url, apiVersion: '2015-12-15' };
    const client = await roaClient('app', usual).create(fixture.context);
    const call = (options: RoaRequestOptions = {}) => client.get('/things', {}, {}, options);
    return { ...fixture, client, call };
  };

  it('sends method, path, query, body and headers as they were given', async () => {
    const { client } = await startRoa();
    await client.put('/things/1', { page: '2' }, '{"a":1}', { 'content-type': 'application/json' });
    await client.request('PATCH', '/things/2');
    expect(service.requests.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
      ['PUT', '/things/1?page=2', '{"a":1}'],
      ['PATCH', '/things/2', ''],
    ]);
    expect(service.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-acs-version': '2015-12-15',
    });
    client.close();
  });

  const xml = { 'content-type': 'text/xml' };

  it.each<[string, RoaRequestOptions, ScriptedAnswer]>([
    ['a raw body', { rawBody: true }, KEY_REFUSAL],
    [
      'XML that it hands out as text',
      {},
      { body: '<Error><Code>InvalidAccessKeyId.NotFound</Code></Error>' },
    ],
    ['XML that it stumbles over', {}, { headers: xml, body: '<Error><Code>Unread</Code></Error>' }],
  ])('understands a refusal that the SDK hides: %s', async (_what, options, hidden) => {
    const { kms, client, call } = await startRoa();
    await call();
    service.answer = ({ version }) => (version === 1 ? hidden : jsonAnswer({ version }));
    kms.version = 2;
    await expect(call(options)).resolves.toEqual(options.rawBody ? '{"version":2}' : { version: 2 });
    expect(service.versions).toEqual([1, 1, 2]);
    client.close();
  });

  it('gives a refusal that no key cures as the SDK does: as a text', async () => {
    const { client, call, clock, judged } = await startRoa();
    await call();
    expect(judged).toEqual([]);
    service.answer = () => KEY_REFUSAL;
    service.requests.length = 0;
    const refused = call({ rawBody: true });
    await until(() => service.requests.length === 1 && clock.pending > 0, 'the search for a newer key');
    await clock.advance(5000);
    await expect(refused).resolves.toBe(KEY_REFUSAL.body);
    const code = 'InvalidAccessKeyId.NotFound';
    const asked = { message: `the answer is an error: ${code}`, code, text: KEY_REFUSAL.body };
    expect(judged).toEqual([expect.objectContaining(asked)]);
    expect(service.requests).toHaveLength(1);
    client.close();
  });

  it('searches for no newer key because of another error', async () => {
    const { kms, client, call } = await startRoa();
    service.answer = () => jsonAnswer({ Code: 'ErrorClusterNotFound' }, 404);
    await expect(call()).rejects.toMatchObject({ name: 'ErrorClusterNotFoundError', statusCode: 404 });
    await expect(call({ rawBody: true })).resolves.toBe('{"Code":"ErrorClusterNotFound"}');
    expect(kms.fetches).toBe(1);
    client.close();
  });
});
