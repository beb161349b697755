import { types } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';

import { ErrorCodeAkExpireHandler } from '../../lib/clients/ak-expire-handler.js';
import {
  clientToken,
  getAcsClientToken,
  getOssClientToken,
  getOssClusterClientToken,
  getOssImageClientToken,
  getOssStsClientToken,
  getRoaClientToken,
} from '../../lib/clients/client-token.js';
import { credentialsProviderOf } from '../../lib/clients/credentials-provider.js';
import { managedClient } from '../../lib/clients/managed-client.js';
import {
  definitionParts,
  type ManagedClientContext,
  type OptionsOrFactory,
} from '../../lib/clients/managed-client-definition.js';
import { PerKey } from '../../lib/clients/per-key.js';
import { clientFixture } from '../support/client-fixture.js';

interface Options {
  readonly endpoint?: string;
}

@Module({})
class EndpointsModule {}

const akExpireHandler = new ErrorCodeAkExpireHandler();
/** What the options come to. */
const made = async (options: OptionsOrFactory<Options>, ...injected: unknown[]): Promise<unknown> => {
  const { context } = clientFixture('acs');
  const { create } = definitionParts(options, (given: Options, own: ManagedClientContext) => [given, own]);
  const [given, own] = await create(context, ...(injected as never[]));
  expect(own).toBe(context);
  return given;
};

describe('the options of a definition', () => {
  it('reach the SDK without those that are for the module', async () => {
    const common = { name: 'one', akExpireHandler, imports: [EndpointsModule], useFactory: undefined };
    await expect(made({ endpoint: 'here', ...common })).resolves.toStrictEqual({ endpoint: 'here' });
  });

  it.each([
    ['a value', { endpoint: 'here' }],
    ['a factory', { useFactory: () => ({}) }],
  ])('tell the module what to import, and who judges, beside %s', (_what, options) => {
    const parts = (more: object) =>
      definitionParts({ ...options, ...more } as OptionsOrFactory<Options>, () => 'made');
    expect(parts({ akExpireHandler, imports: [EndpointsModule] })).toMatchObject({
      akExpireHandler,
      imports: [EndpointsModule],
    });
    expect(parts({})).not.toHaveProperty('imports');
    expect(parts({}).akExpireHandler).toBeUndefined();
  });

  it('are made by a factory of what it injects, at once or later', async () => {
    const inject = ['ENDPOINT', 'PORT'] as const;
    const useFactory = (endpoint: string, port: number) => ({ endpoint: `${endpoint}:${port}` });
    expect(definitionParts({ inject, useFactory }, () => 'made').inject).toBe(inject);
    await expect(made({ inject, useFactory }, 'here', 80)).resolves.toEqual({ endpoint: 'here:80' });
    const later = async (endpoint: string) => ({ endpoint });
    await expect(made({ useFactory: later }, 'there')).resolves.toEqual({ endpoint: 'there' });
  });

  it.each([undefined, null, 'here'])('cannot be %j out of a factory', async (nothing) => {
    await expect(made({ useFactory: () => nothing as unknown as Options })).rejects.toMatchObject({
      code: 'InvalidClientOptions',
      secretName: 'app',
      message:
        'The client of secret "app" cannot be made: its useFactory() has made no options. Let it return an object of options.',
    });
  });

  it('whose factory fails are an error of the factory', async () => {
    const failure = new Error('no endpoint');
    await expect(made({ useFactory: () => Promise.reject(failure) })).rejects.toBe(failure);
  });
});

describe('the definition of a hand-made client', () => {
  it('has "custom" for its SDK, and makes its client of the context and what it injects', async () => {
    const { context } = clientFixture('custom');
    const definition = managedClient({
      token: 'MADE',
      secretName: 'app',
      inject: ['ENDPOINT'],
      create: (...args: readonly unknown[]) => args,
    });
    expect(definition).toMatchObject({
      token: 'MADE',
      secretName: 'app',
      sdk: 'custom',
      inject: ['ENDPOINT'],
    });
    expect(definition).not.toHaveProperty('close');
    expect(await definition.create(context, ...(['here'] as never[]))).toEqual([context, 'here']);
  });

  it('keeps its own SDK, handler and end', () => {
    const parts = { sdk: 'mns', akExpireHandler, close: () => undefined };
    expect(managedClient({ token: 'MADE', secretName: 'app', create: () => 'made', ...parts })).toMatchObject(
      parts,
    );
  });
});

describe('the tokens of clients', () => {
  it('differ by SDK, secret and name, whatever characters those have', () => {
    const tokensOf = [
      getAcsClientToken,
      getRoaClientToken,
      getOssClientToken,
      getOssImageClientToken,
      getOssClusterClientToken,
      getOssStsClientToken,
      (secretName: string, name?: string) => clientToken('openapi', secretName, name),
    ];
    const names = [['a'], ['b'], ['a', 'b'], ['a","b'], ['a:b'], ['a', ''], ['', 'a']] as [string, string?][];
    const tokens = tokensOf.flatMap((tokenOf) => names.map((name) => tokenOf(...name)));
    expect(new Set(tokens).size).toBe(tokensOf.length * names.length);
    expect(getAcsClientToken('a', undefined)).toBe(getAcsClientToken('a'));
  });

  it.each([
    ['acs', getAcsClientToken],
    ['roa', getRoaClientToken],
    ['oss', getOssClientToken],
    ['oss-image', getOssImageClientToken],
    ['oss-cluster', getOssClusterClientToken],
    ['oss-sts', getOssStsClientToken],
  ])('tell in the errors of Nest which client is missing: %s', (sdk, tokenOf) => {
    expect(tokenOf('app')).toBe(`ManagedClient:${sdk}:["app"]`);
    expect(tokenOf('app', 'one')).toBe(`ManagedClient:${sdk}:["app","one"]`);
  });
});

describe("a secret's provider", () => {
  it('fetches the key when there is none yet, and gives the current one from then on', async () => {
    const { secret, kms } = clientFixture('custom');
    const provider = credentialsProviderOf(secret);
    await expect(provider.getCredentials()).resolves.toMatchObject({ versionId: 'v1' });
    kms.version = 2;
    await expect(provider.getCredentials()).resolves.toMatchObject({ versionId: 'v1' });
    await secret.refresh('scheduled');
    await expect(provider.getCredentials()).resolves.toBe(secret.current);
    expect(kms.fetches).toBe(2);
  });

  it('is what SDKs take for one', () => {
    const provider = credentialsProviderOf(clientFixture('custom').secret);
    // @alicloud/log insists on it; openapi-core takes some names for another kind of authentication.
    expect(types.isAsyncFunction(Reflect.get(provider, 'getCredentials'))).toBe(true);
    expect(provider.getProviderName()).toBe('managed_ram_credentials');
  });

  it('and the current key are an error after shutdown, which says so', async () => {
    const { cache, secret, context } = clientFixture('custom');
    expect(() => context.current()).toThrow(expect.objectContaining({ code: 'NotReady', secretName: 'app' }));
    await secret.get();
    expect(context.current()).toBe(secret.current);
    cache.close();
    expect(() => context.current()).toThrow(expect.objectContaining({ code: 'Closed', secretName: 'app' }));
    await expect(context.credentials.getCredentials()).rejects.toMatchObject({ code: 'Closed' });
  });
});

describe('what is made per key', () => {
  it('is made once for the calls with one key, and anew for those with another', async () => {
    const { secret, kms } = clientFixture('custom');
    const perKey = new PerKey((key) => ({ key }));
    const first = await secret.get();
    const one = perKey.for(first);
    expect(one.key).toBe(first);
    expect(perKey.for(first)).toBe(one);
    kms.version = 2;
    const second = await secret.refresh('scheduled');
    expect(perKey.for(second).key).toBe(second);
    expect(perKey.for(first).key).toBe(first);
  });
});
