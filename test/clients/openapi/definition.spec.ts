import Credential from '@alicloud/credentials';
import core from '@alicloud/openapi-core';
import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';

import { InjectOpenApiClient } from '../../../lib/clients/openapi/inject-open-api-client.js';
import { ManagedCredentialsProvider } from '../../../lib/clients/openapi/managed-credentials-provider.js';
import { getOpenApiClientToken, openApiClient } from '../../../lib/clients/openapi/open-api-client.js';
import { clientFixture } from '../../support/client-fixture.js';
import { startOpenApiClient } from '../../support/open-api-fixture.js';

const { default: Client, $OpenApiUtil } = core;
const { Config } = $OpenApiUtil;
type Client = InstanceType<typeof Client>;
type Config = InstanceType<typeof Config>;

describe('the definition of a V2 client', () => {
  class Plain {
    constructor(readonly config: object) {}
  }

  it.each([
    ['the class', Plain],
    ['a module with it as its default', { default: Plain }],
    ['a module of a module', { default: { default: Plain } }],
  ])('takes %s', async (_what, imported) => {
    const { client } = await startOpenApiClient<Plain, object>(imported, {});
    expect(client).toBeInstanceOf(Plain);
  });

  it.each([
    ['nothing', undefined],
    ['a name', 'Client'],
    ['a module without a default', { Client: Plain }],
  ])('refuses %s in place of a class', async (_what, imported) => {
    await expect(startOpenApiClient(imported as never, {})).rejects.toMatchObject({
      code: 'InvalidClientOptions',
      secretName: 'app',
      message: expect.stringMatching(
        /^The client of secret "app" cannot be made: the first argument .* is no class\. Give /,
      ),
    });
  });

  it.each(['accessKeyId', 'accessKeySecret', 'securityToken', 'bearerToken', 'credential'])(
    'refuses a key of its own: %s',
    async (field) => {
      await expect(startOpenApiClient(Plain, { [field]: 'given-by-hand' })).rejects.toMatchObject({
        code: 'InvalidClientOptions',
        message: `The client of secret "app" cannot be made: its config brings a key of its own (${field}). Leave it out: the client is signed with the managed key.`,
      });
    },
  );

  it('names all fields that bring a key, and takes a config of the class of the SDK with none', async () => {
    const both = { accessKeyId: 'x', accessKeySecret: 'y' };
    await expect(startOpenApiClient(Plain, both)).rejects.toThrow('(accessKeyId, accessKeySecret)');
    const config = new Config({ endpoint: 'ecs.aliyuncs.com', regionId: 'cn-hangzhou', accessKeyId: '' });
    const { client } = await startOpenApiClient<Client, Config>(core, config);
    expect(client).toMatchObject({ _endpoint: 'ecs.aliyuncs.com', _regionId: 'cn-hangzhou' });
  });

  it('hands no option of this library to the SDK', async () => {
    const { client } = await startOpenApiClient<Plain, { endpoint?: string }>(Plain, {
      endpoint: 'x',
      replayBufferBytes: 1,
    });
    expect(Object.keys(client.config)).toEqual(['endpoint', 'credential']);
  });

  it('has one token, whether the class is given or not, by which it is injected', async () => {
    expect(getOpenApiClientToken(core, 'app')).toBe(getOpenApiClientToken('app'));
    expect(openApiClient<Plain, object>(Plain, 'app', { name: 'named' })).toMatchObject({
      token: getOpenApiClientToken(core, 'app', 'named'),
      secretName: 'app',
      sdk: 'openapi',
    });
    class Consumer {
      constructor(
        @InjectOpenApiClient('app') readonly one: string,
        @InjectOpenApiClient(core, 'app') readonly same: string,
        @InjectOpenApiClient('app', 'named') readonly named: string,
        @InjectOpenApiClient(core, 'app', 'named') readonly sameNamed: string,
      ) {}
    }
    const app = await Test.createTestingModule({
      providers: [
        Consumer,
        { provide: getOpenApiClientToken('app'), useValue: 'one' },
        { provide: getOpenApiClientToken('app', 'named'), useValue: 'named' },
      ],
    }).compile();
    expect(app.get(Consumer)).toMatchObject({ one: 'one', same: 'one', named: 'named', sameNamed: 'named' });
  });
});

describe('the provider for hand-made clients', () => {
  it('gives the credential of the SDK the current key of its secret', async () => {
    const { cache, kms, secret } = clientFixture('openapi');
    const getCredentials = async (secretName: string) => cache.declare(secretName).get();
    const provider = new ManagedCredentialsProvider({ getCredentials }, 'app');
    expect(provider.secretName).toBe('app');
    const { default: SdkCredential } = Credential as unknown as {
      default: new (config: null, provider: object) => { getCredential(): Promise<object> };
    };
    const credential = new SdkCredential(null, provider);
    await expect(credential.getCredential()).resolves.toMatchObject({
      accessKeyId: 'LTAI5tTestTestTest0001',
      accessKeySecret: 'secret-of-version-1',
      type: 'managed_ram_credentials',
    });
    kms.version = 2;
    await secret.refresh('scheduled');
    await expect(credential.getCredential()).resolves.toMatchObject({
      accessKeyId: 'LTAI5tTestTestTest0002',
      accessKeySecret: 'secret-of-version-2',
    });
  });
});
