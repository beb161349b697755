import { describe, expect, it } from '@jest/globals';
import {
  ErrorCodeAkExpireHandler,
  managedClient,
  withManagedKey,
  type ManagedKeyOptions,
} from 'nestjs-aliyun-managed-credentials';

import { cloudSuite } from '../support/cloud-suite.js';
import { KeyRing } from '../support/services/key-ring.js';

const suite = cloudSuite(['sdk-secret']);

/** An SDK that reads its key in two steps, and writes into what it is given. */
class Sdk {
  id = '-';
  secret = '-';
  settings = { region: 'cn-hangzhou' };
  sendings = 0;
  onSent: () => void = () => undefined;

  constructor(
    private readonly keys: KeyRing,
    private readonly log: unknown[],
  ) {}

  async send(body: unknown, options: { sentWith?: string; region?: string } = {}): Promise<string> {
    const { id } = this;
    await new Promise(setImmediate);
    const { secret } = this;
    this.log.push(body);
    options.sentWith ??= id;
    this.sendings += 1;
    const verdict = this.keys.judge({ accessKeyId: id, isSignedWith: (other) => other === secret });
    if (verdict !== 'accepted') throw Object.assign(new Error(verdict), { code: 'NoSuchKey' });
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

async function start(options: Partial<ManagedKeyOptions<Sdk>> = {}) {
  const keys = new KeyRing(suite.cloud, 'sdk-secret');
  const sent: unknown[] = [];
  const sdk = new Sdk(keys, sent);
  const app = await suite.start({
    clients: [
      managedClient({
        token: 'SDK',
        secretName: 'sdk-secret',
        sdk: 'sdk',
        akExpireHandler: new ErrorCodeAkExpireHandler({ sdk: ['NoSuchKey'] }),
        create: (context) =>
          withManagedKey(sdk, context, {
            methods: ['send', 'sendAll'],
            fields: { id: (key) => key.accessKeyId, secret: (key) => key.accessKeySecret },
            ...options,
          }),
      }),
    ],
  });
  const id = () => suite.cloud.secret('sdk-secret').accessKeyId;
  return { client: app.get<Sdk>('SDK'), sdk, keys, sent, id };
}

describe('withManagedKey', () => {
  it('gives back the client itself', async () => {
    const { client, sdk } = await start();
    expect(client).toBe(sdk);
  });

  it('tears no pair, though the SDK waits between reading id and secret', async () => {
    const { client, keys } = await start();
    for (let round = 0; round < 20; round++) {
      const calls = Promise.all([client.send('a'), client.send('b')]);
      keys.emergencyRotate();
      await calls;
    }
    expect(keys.tornPairs).toBe(0);
  });

  it('counts a method that calls another one as one call: it has one key, and is sent again as a whole', async () => {
    const { client, keys, sent, id } = await start();
    client.onSent = () => {
      client.onSent = () => undefined;
      keys.emergencyRotate();
    };
    const answers = await client.sendAll('a', 'b');
    expect(answers).toEqual([`${id()} in cn-hangzhou`, `${id()} in cn-hangzhou`]);
    expect(sent).toEqual(['a', 'b', 'a', 'b']);
  });

  it('hands plain objects over as copies, and anything else as it is', async () => {
    const { client, keys, sent, id } = await start();
    const options = { region: 'cn-shanghai' };
    const body = new Map();
    keys.emergencyRotate();
    await expect(client.send(body, options)).resolves.toBe(`${id()} in cn-shanghai`);
    expect(options).toEqual({ region: 'cn-shanghai' });
    expect(sent[0]).toBe(body);
    expect(sent[1]).toBe(body);
  });

  it('keeps what a method writes to its client with that sending', async () => {
    const { client } = await start();
    await client.send('a');
    await client.send('b');
    expect(client.sendings).toBe(0);
  });

  it('makes texts current on the client too, and leaves its objects alone', async () => {
    const settings = () => ({ region: 'cn-beijing' });
    const { client, keys } = await start({
      fields: { id: (key) => key.accessKeyId, secret: (key) => key.accessKeySecret, settings },
    });
    await expect(client.send('a')).resolves.toMatch(/in cn-beijing$/);
    const { accessKeyId, accessKeySecret } = suite.cloud.secret('sdk-secret');
    expect(client.sign('text')).toBe(`${accessKeyId}:${accessKeySecret}:text`);
    expect(Object.keys(client)).not.toContain('secret');
    expect(client.settings).toEqual({ region: 'cn-hangzhou' });
    keys.emergencyRotate();
    await client.send('b');
    expect(client.sign('text')).toContain(suite.cloud.secret('sdk-secret').accessKeySecret);
  });

  it('does not send again what is not replayable, yet has the new key for the next call', async () => {
    const { client, keys, sent } = await start({ isReplayable: ([body]) => body !== 'stream' });
    keys.emergencyRotate();
    await expect(client.send('stream')).rejects.toMatchObject({ code: 'NoSuchKey' });
    await client.send('stream');
    expect(sent).toHaveLength(2);
  });

  it('refuses a method that the client does not have', async () => {
    const methods = ['request' as 'send'];
    await expect(start({ methods })).rejects.toMatchObject({
      code: 'InvalidClientOptions',
      message: expect.stringContaining('"sdk-secret" cannot be made: it has no method request()'),
    });
  });
});
