import { describe, expect, it, jest } from '@jest/globals';

import { InvalidClientOptionsError } from '../../lib/clients/invalid-client-options-error.js';
import { withManagedKey, type ManagedKeyOptions } from '../../lib/clients/with-managed-key.js';
import { clientFixture } from '../support/client-fixture.js';

/** An SDK that reads its key in two steps, and writes into what it is given. */
class Sdk {
  id = '-';
  secret = '-';
  settings = { region: 'cn-hangzhou' };
  sendings = 0;
  onSent: () => void = () => undefined;
  readonly sent: unknown[] = [];
  readonly pairs: string[] = [];
  /** The versions that are good. */
  accepted = [1];

  async send(body: unknown, options: { sentWith?: string; region?: string } = {}): Promise<string> {
    const { id } = this;
    await new Promise(setImmediate);
    const { secret } = this;
    this.pairs.push(`${id.slice(-1)} ${secret.slice(-1)}`);
    this.sent.push(body);
    options.sentWith ??= id;
    this.sendings += 1;
    if (!this.accepted.includes(Number(id.slice(-1)))) {
      throw Object.assign(new Error('no such key'), { code: 'InvalidAccessKeyId' });
    }
    this.onSent();
    return `${options.sentWith} in ${options.region ?? this.settings.region}`;
  }

  async sendAll(...bodies: unknown[]): Promise<string[]> {
    const answers: string[] = [];
    for (const body of bodies) answers.push(await this.send(body));
    return answers;
  }

  sign(text: string): string {
    return [this.id, this.secret, text].join(':');
  }
}

const FIELDS: ManagedKeyOptions<Sdk>['fields'] = {
  id: (key) => key.accessKeyId,
  secret: (key) => key.accessKeySecret,
};
const idOf = (version: number) => `LTAI5tTestTestTest000${version}`;

async function start(options: Partial<ManagedKeyOptions<Sdk>> = {}) {
  const fixture = clientFixture('custom');
  const { kms, secret, context } = fixture;
  const sdk = new Sdk();
  const client = withManagedKey(sdk, context, { methods: ['send', 'sendAll'], fields: FIELDS, ...options });
  await secret.get();
  /** A new key; the cloud takes no other. */
  const emergencyRotate = (version: number) => {
    kms.version = version;
    sdk.accepted = [version];
  };
  return { ...fixture, client, sdk, emergencyRotate };
}

describe('withManagedKey', () => {
  it('gives back the client itself', async () => {
    const { client, sdk } = await start();
    expect(client).toBe(sdk);
  });

  it('tears no pair, though the SDK waits between reading id and secret', async () => {
    const { client, secret, kms } = await start();
    const call = client.send('a');
    kms.version = 2;
    await secret.refresh('scheduled');
    await call;
    client.accepted = [2];
    await client.send('b');
    expect(client.pairs).toEqual(['1 1', '2 2']);
  });

  it('counts a method that calls another one as one call: it has one key, and is sent again as a whole', async () => {
    const { client, emergencyRotate } = await start();
    client.onSent = () => {
      client.onSent = () => undefined;
      emergencyRotate(2);
    };
    const answers = await client.sendAll('a', 'b');
    expect(answers).toEqual([`${idOf(2)} in cn-hangzhou`, `${idOf(2)} in cn-hangzhou`]);
    expect(client.sent).toEqual(['a', 'b', 'a', 'b']);
  });

  it('sends a call three times at most, and throws the error of the SDK', async () => {
    const { client, kms } = await start();
    client.accepted = [];
    const push = client.sent.push.bind(client.sent);
    client.sent.push = (...bodies) => {
      kms.version = client.sent.length + 2;
      return push(...bodies);
    };
    await expect(client.sendAll('a', 'b')).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    expect(client.pairs).toEqual(['1 1', '2 2', '3 3']);
  });

  it('hands plain objects over as copies, and anything else as it is', async () => {
    const { client, emergencyRotate } = await start();
    const options = { region: 'cn-shanghai' };
    for (const body of [new Map(), ['list'], null, undefined, Object.create(null) as object]) {
      client.sent.length = 0;
      const version = Number(client.accepted) + 1;
      emergencyRotate(version);
      await expect(client.send(body, options)).resolves.toBe(`${idOf(version)} in cn-shanghai`);
      expect(options).toEqual({ region: 'cn-shanghai' });
      expect(client.sent[0]).toBe(body);
      expect(client.sent[1]).toBe(body);
    }
  });

  it('keeps what a method writes to its client with that sending', async () => {
    const { client } = await start();
    await client.send('a');
    await client.send('b');
    expect(client.sendings).toBe(0);
  });

  it('makes texts current on the client too, does not show them, and leaves its objects alone', async () => {
    const settings = () => ({ region: 'cn-beijing' });
    const { client, emergencyRotate } = await start({ fields: { ...FIELDS, settings } });
    await expect(client.send('a')).resolves.toMatch(/in cn-beijing$/);
    expect(client.sign('text')).toBe(`${idOf(1)}:secret-of-version-1:text`);
    expect(Object.keys(client)).not.toContain('secret');
    expect(client.settings).toEqual({ region: 'cn-hangzhou' });
    emergencyRotate(2);
    await client.send('b');
    expect(client.sign('text')).toBe(`${idOf(2)}:secret-of-version-2:text`);
  });

  it('says on the client, too, that there is no key yet or any more', () => {
    const { cache, context } = clientFixture('custom');
    const client = withManagedKey(new Sdk(), context, { methods: ['send'], fields: FIELDS });
    expect(() => client.secret).toThrow(/not been fetched/);
    cache.close();
    expect(() => client.secret).toThrow(/been closed/);
  });

  it('leaves alone a property for which no maker is given', async () => {
    const { client } = await start({ fields: { ...FIELDS, secret: undefined as never } });
    await client.send('a');
    expect(client.pairs).toEqual(['1 -']);
    expect(client.secret).toBe('-');
  });

  it('does not send again what is not replayable, yet has the new key for the next call', async () => {
    const { client, emergencyRotate } = await start({ isReplayable: ([body]) => body !== 'stream' });
    emergencyRotate(2);
    await expect(client.send('stream')).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    await client.send('stream');
    expect(client.sent).toHaveLength(2);
    emergencyRotate(3);
    await client.send('text');
    expect(client.sent).toHaveLength(4);
  });

  it('replaces methods so that they can be spied on and wrapped, and do not show', async () => {
    const { client } = await start();
    expect(Object.keys(client)).not.toContain('send');
    const spy = jest.spyOn(client, 'send');
    await client.sendAll('a');
    expect(spy).toHaveBeenCalledTimes(1);
    spy.mockRestore();
    await expect(client.send('a')).resolves.toBe(`${idOf(1)} in cn-hangzhou`);
    // As instrumentations do.
    const value = async () => 'wrapped';
    Object.defineProperty(client, 'send', { value, configurable: true, enumerable: true, writable: true });
    await expect(client.send('a')).resolves.toBe('wrapped');
    Object.defineProperty(client, 'secret', { value: 'own', configurable: true, enumerable: true });
    expect(client.secret).toBe('own');
  });

  it('refuses a method that the client does not have', async () => {
    const refusal = start({ methods: ['request' as 'send'] });
    await expect(refusal).rejects.toBeInstanceOf(InvalidClientOptionsError);
    await expect(refusal).rejects.toMatchObject({
      code: 'InvalidClientOptions',
      secretName: 'app',
      message:
        'The client of secret "app" cannot be made: it has no method request(). Look up which of its methods sends requests.',
    });
  });
});
