import Credential from '@alicloud/credentials';
import core from '@alicloud/openapi-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { ManagedCredentialsService, type ManagedClientDefinition } from 'nestjs-aliyun-managed-credentials';
import {
  getOpenApiClientToken,
  InjectOpenApiClient,
  ManagedCredentialsProvider,
  openApiClient,
} from 'nestjs-aliyun-managed-credentials/openapi';
import { ActionAnswer, AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { startApp } from '../support/app-fixture.js';

const { default: Client, $OpenApiUtil } = core;
const { Config, OpenApiRequest, Params } = $OpenApiUtil;
type Client = InstanceType<typeof Client>;

type ClientOf<Definition> = Definition extends ManagedClientDefinition<infer Found> ? Found : never;
type Equal<One, Other> = [One, Other] extends [Other, One] ? true : false;

@Injectable()
class Things {
  constructor(
    @InjectOpenApiClient('openapi-secret') readonly client: Client,
    @InjectOpenApiClient(core, 'openapi-secret', 'named') readonly named: Client,
  ) {}
}

const PARAMS = {
  action: 'CreateThing',
  version: '2014-05-26',
  protocol: 'HTTP',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
};

describe('clients of the V2 SDKs', () => {
  let cloud: AlibabaCloudEmulator;
  let app: TestingModule;
  let client: Client;
  let config: { endpoint: string; protocol: string };

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['openapi-secret'] });
    config = { endpoint: new URL(cloud.endpoints.openapi).host, protocol: 'http' };
    app = await startApp(cloud, {
      clients: [
        openApiClient(core, 'openapi-secret', config),
        openApiClient(core, 'openapi-secret', { ...config, name: 'named' }),
      ],
      providers: [Things],
    });
    ({ client } = app.get(Things));
    cloud.onAction('Headers', (_params, { headers }) => ({ once: headers['x-acs-once'] ?? 'none' }));
    cloud.onAction('Chat', () => new ActionAnswer('text/event-stream', 'data: one\n\ndata: two\n\n'));
  });
  beforeEach(() => {
    cloud.emergencyRotate('openapi-secret');
    cloud.clearRequests();
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
  });

  const send = async (action = 'CreateThing', by = client): Promise<unknown> => {
    const answer = await by.callApi(new Params({ ...PARAMS, action }), new OpenApiRequest({}), {} as never);
    return answer['body'];
  };
  const chat = () =>
    client.callSSEApi(new Params({ ...PARAMS, action: 'Chat' }), new OpenApiRequest({}), {} as never);

  it('are injected as instances of their class', () => {
    const { named } = app.get(Things);
    expect(client).toBeInstanceOf(Client);
    expect(named).toBeInstanceOf(Client);
    expect(named).not.toBe(client);
    expect(app.get<unknown>(getOpenApiClientToken(core, 'openapi-secret', 'named'))).toBe(named);
  });

  it('keep the type of their class', () => {
    const definition = openApiClient(core, 'openapi-secret', config);
    // Does not compile when the class is lost on the way.
    const isKept: Equal<ClientOf<typeof definition>, Client> = true;
    expect(isKept).toBe(true);
  });

  it('sign with ACS3-HMAC-SHA256, and are sent again with the new key', async () => {
    await expect(send()).resolves.toMatchObject({ Action: 'CreateThing' });
    expect(cloud.requests('openapi').map(({ status }) => status)).toEqual([404, 200]);
  });

  it('send headers that were set for one request with each sending of it, and with no other request', async () => {
    client.setRpcHeaders({ 'x-acs-once': '1' });
    await expect(send('Headers')).resolves.toMatchObject({ once: '1' });
    await expect(send('Headers')).resolves.toMatchObject({ once: 'none' });
  });

  it('begin a stream of events anew when the key has died before the first of them', async () => {
    const seen: unknown[] = [];
    for await (const { event } of chat()) seen.push(event?.data);
    expect(seen).toEqual(['one', 'two']);
    expect(cloud.requests('openapi').map(({ status }) => status)).toEqual([404, 200]);
  });

  it('made by hand take a provider that keeps them on the current key', async () => {
    const service = app.get(ManagedCredentialsService);
    const { default: SdkCredential } = Credential as unknown as {
      default: new (config: null, provider: object) => never;
    };
    const credential = new SdkCredential(null, new ManagedCredentialsProvider(service, 'openapi-secret'));
    const made = new Client(new Config({ ...config, credential }));
    await service.refresh('openapi-secret');
    await expect(send('CreateThing', made)).resolves.toBeDefined();
    cloud.emergencyRotate('openapi-secret');
    await expect(send('CreateThing', made)).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
    await service.refresh('openapi-secret');
    await expect(send('CreateThing', made)).resolves.toBeDefined();
  });
});
