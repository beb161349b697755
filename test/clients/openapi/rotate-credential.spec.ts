import { describe, expect, it } from '@jest/globals';

import type { OpenApiCredential } from '../../../lib/clients/openapi/pinned-credential.js';
import { startOpenApiClient } from '../../support/open-api-fixture.js';

/** Where V2 SDKs look for their key. */
const credentialOf = (client: object) => Reflect.get(client, '_credential') as OpenApiCredential;

describe('a client that asks for id and secret one by one', () => {
  /** Works as older SDKs do; and it writes to itself. */
  class Asking {
    sendings = 0;
    readonly between: (() => Promise<unknown>) | undefined;

    constructor({
      credential,
      between,
    }: {
      readonly credential?: unknown;
      readonly between?: () => Promise<unknown>;
    }) {
      Object.assign(this, { _credential: credential });
      this.between = between;
    }

    async execute(_params: object, _request: object, _runtime: object) {
      this.sendings += 1;
      const credential = credentialOf(this);
      const id = await credential.getAccessKeyId();
      await this.between?.();
      const secret = await credential.getAccessKeySecret();
      const { accessKeyId, accessKeySecret } = await credential.getCredential();
      const others = [await credential.getSecurityToken(), credential.getBearerToken(), credential.getType()];
      return [id, secret, accessKeyId, accessKeySecret, ...others];
    }
  }

  it('gets one pair for one request, even when the key is replaced between two questions', async () => {
    let between = async (): Promise<unknown> => undefined;
    const { client, kms, secret } = await startOpenApiClient(Asking, { between: () => between() });
    const ask = () => client.execute({}, {}, {});
    between = async () => {
      kms.version = 2;
      await secret.refresh('scheduled');
    };
    const one = ['LTAI5tTestTestTest0001', 'secret-of-version-1'];
    await expect(ask()).resolves.toEqual([...one, ...one, '', '', 'access_key']);
    const two = ['LTAI5tTestTestTest0002', 'secret-of-version-2'];
    await expect(ask()).resolves.toEqual([...two, ...two, '', '', 'access_key']);
    expect(client.sendings).toBe(0);
  });
});

describe('a request method that calls another one', () => {
  class Nesting {
    readonly sent: string[] = [];

    constructor({ credential }: { readonly credential?: unknown }) {
      Object.assign(this, { _credential: credential });
    }

    async execute(): Promise<never> {
      this.sent.push(await credentialOf(this).getAccessKeyId());
      throw Object.assign(new Error('no such key'), { code: 'InvalidAccessKeyId.NotFound' });
    }

    async doRequest(): Promise<never> {
      return this.execute();
    }
  }

  it.each(['doRequest', 'execute'] as const)(
    'is one request: %s is sent three times at most',
    async (method) => {
      const { client, kms } = await startOpenApiClient(Nesting, {});
      const push = client.sent.push.bind(client.sent);
      client.sent.push = (...ids) => {
        kms.version = client.sent.length + 2;
        return push(...ids);
      };
      await expect(client[method]()).rejects.toThrow('no such key');
      expect(client.sent.map((id) => id.slice(-1))).toEqual(['1', '2', '3']);
    },
  );
});

describe('a stream of events', () => {
  /** Emits what the test says, then ends or fails. */
  class Events {
    readonly state = { opened: 0, ended: 0 };

    readonly script: ((version: number) => AsyncGenerator<string>) | undefined;

    constructor({
      credential,
      script,
    }: {
      readonly credential?: unknown;
      readonly script?: Events['script'];
    }) {
      Object.assign(this, { _credential: credential });
      this.script = script;
    }

    async *callSSEApi(..._args: readonly object[]) {
      this.state.opened += 1;
      try {
        const version = Number((await credentialOf(this).getAccessKeyId()).slice(-1));
        yield* this.script?.(version) ?? [];
      } finally {
        this.state.ended += 1;
      }
    }
  }
  const expired = () => Object.assign(new Error('no such key'), { code: 'InvalidAccessKeyId.NotFound' });
  const read = async (client: Events) => {
    const seen: unknown[] = [];
    for await (const event of client.callSSEApi({}, {}, {})) seen.push(event);
    return seen;
  };

  it('is begun anew when the key has died before the first event', async () => {
    const { client, kms, secret } = await startOpenApiClient(Events, {
      async *script(version) {
        if (version === 1) throw expired();
        yield 'one';
        yield 'two';
      },
    });
    await secret.get();
    kms.version = 2;
    await expect(read(client)).resolves.toEqual(['one', 'two']);
    expect(client.state).toEqual({ opened: 2, ended: 2 });
  });

  it('is not begun anew after that: its error is that of the SDK', async () => {
    const error = expired();
    const { client } = await startOpenApiClient(Events, {
      async *script() {
        yield 'one';
        throw error;
      },
    });
    await expect(read(client)).rejects.toBe(error);
    expect(client.state).toEqual({ opened: 1, ended: 1 });
  });

  it('may have no events', async () => {
    const { client } = await startOpenApiClient(Events, {});
    await expect(read(client)).resolves.toHaveLength(0);
    expect(client.state).toEqual({ opened: 1, ended: 1 });
  });

  it.each([1, 2])('is ended when its reader leaves at event %d', async (leaveAt) => {
    const { client } = await startOpenApiClient(Events, {
      async *script() {
        yield 'one';
        yield 'two';
        yield 'three';
      },
    });
    const seen: unknown[] = [];
    for await (const event of client.callSSEApi({}, {}, {})) {
      seen.push(event);
      if (seen.length === leaveAt) break;
    }
    expect(seen).toEqual(['one', 'two', 'three'].slice(0, leaveAt));
    expect(client.state).toEqual({ opened: 1, ended: 1 });
  });
});
