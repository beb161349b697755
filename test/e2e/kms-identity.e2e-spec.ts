import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator, type KmsCredentialsType } from 'nestjs-aliyun-managed-credentials/testing';

const FIXTURE = fileURLToPath(new URL('../fixtures/shared-kms-credentials.mjs', import.meta.url));
const SECRETS = Array.from({ length: 20 }, (_, index) => `secret-${index}`);
const SESSION_MS = 60_000;
const ALL_OK = { outcomes: SECRETS.map(() => 'ok'), messages: [] };

let cloud: AlibabaCloudEmulator;
let aheadMs = 0;
let app: AppProcess;

/** What became of one fetch of all secrets at the same time. */
interface Fetched {
  readonly outcomes: readonly string[];
  readonly messages: readonly string[];
}

/** An application in a process of its own, against the built package. */
class AppProcess {
  /** What it has said besides. */
  log = '';
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      NODE_EXTRA_CA_CERTS: cloud.certificates.caFile,
      METADATA_ENDPOINT: cloud.endpoints.metadata,
    };
    const child = spawn(process.execPath, [FIXTURE], { env, timeout: 60_000 });
    child.stderr.on('data', (text: Buffer) => (this.log += String(text)));
    this.#process = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Fetches all secrets at the same time, in a new application when an environment is given. */
  async fetchAll(env?: Readonly<Record<string, string>>): Promise<Fetched> {
    this.#process.stdin?.write(`${JSON.stringify({ env, secretNames: SECRETS })}\n`);
    for (;;) {
      const line: IteratorResult<string, undefined> = await this.#answers.next();
      if (line.done === true) throw new Error(`it has ended: ${this.log}`);
      if (line.value.startsWith('{')) return JSON.parse(line.value) as Fetched;
      this.log += `${line.value}\n`;
    }
  }

  /** Ends it, with all that it does. */
  end(): void {
    this.#process.stdin?.end();
  }
}

const env = (type: KmsCredentialsType) => cloud.sharedKmsEnv({ type });
const statuses = () => cloud.requests('kms').map(({ status }) => status);

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({
    secrets: SECRETS,
    sts: { sessionMs: SESSION_MS },
    now: () => Date.now() + aheadMs,
  });
  app = new AppProcess();
});
afterEach(() => {
  aheadMs = 0;
  app.log = '';
  cloud.clearRequests();
});
afterAll(async () => {
  app.end();
  await cloud.stop();
});

describe('the identity towards the shared KMS', () => {
  it.each(['ak', 'sts', 'ram_role', 'client_key', 'oidc_role_arn', 'ecs_ram_role'] as const)(
    'of type %s is accepted',
    async (type) => {
      expect(await app.fetchAll(env(type))).toEqual(ALL_OK);
      expect(app.log).toBe('');
      expect(new Set(statuses())).toEqual(new Set([200]));
    },
  );

  it('by role is asked of STS once, however many secrets are fetched at the same time', async () => {
    await app.fetchAll(env('ram_role'));
    await app.fetchAll();
    expect(cloud.requests('sts')).toHaveLength(1);
  });

  it('whose session expires in the middle is renewed once for all fetches that meet it', async () => {
    await app.fetchAll(env('ram_role'));
    for (let end = 0; end < 2; end++) {
      cloud.clearRequests();
      aheadMs += SESSION_MS;
      expect(await app.fetchAll()).toEqual(ALL_OK);
      expect(cloud.requests('sts')).toHaveLength(1);
      expect(statuses().filter((status) => status === 200)).toHaveLength(SECRETS.length);
      expect(statuses()).toContain(400);
    }
    expect(app.log).toBe('');
  });

  it('that STS refuses is a clear error without secrets', async () => {
    const planted = 'planted-secret-0123456789';
    const { outcomes, messages } = await app.fetchAll({
      ...env('ram_role'),
      credentials_access_secret: planted,
    });
    expect(new Set(outcomes)).toEqual(new Set(['KmsIdentityUnavailable']));
    const said = `${messages.join('\n')}\n${app.log}`;
    expect(said).toMatch(
      /The RAM credentials for KMS \(an assumed role\) could not be had \(SignatureDoesNotMatch\): check the role/,
    );
    expect(said).not.toContain(planted);
    expect(said).not.toMatch(/Signature=|StringToSign|HMAC/i);
  });
});
