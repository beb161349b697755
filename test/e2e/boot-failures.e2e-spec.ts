import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, StartupError } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, type AppParts } from '../support/app-fixture.js';
import { vectorKeyPath } from '../support/dkms-vectors.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { certificateFor, startTlsServer } from '../support/tls-server.js';

const KEY = 'cache_client_dkms_config_info';
const PLANTED = 'planted-Password-0123456789';

let cloud: AlibabaCloudEmulator;
let folder: string;
let silentServer: Server;
let otherHost: Awaited<ReturnType<typeof startTlsServer>>;
let expired: typeof otherHost;
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const usual = () => (JSON.parse(cloud.env[KEY] ?? '[]') as Record<string, unknown>[])[0] ?? {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boot-failures-'));
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'] });
  cloud.createSecret('no-ram-credential', { type: 'generic', secretData: `{"db":"${PLANTED}"}` });
  otherHost = await startTlsServer(() => undefined, certificateFor('other.example'));
  expired = await startTlsServer(() => undefined, certificateFor('localhost', { validForDays: -1 }));
  silentServer = createServer(() => undefined);
  await new Promise<void>((resolve) => silentServer.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await cloud.stop();
  silentServer.close();
  otherHost.stop();
  expired.stop();
  rmSync(folder, { recursive: true });
});

/** Starts an application that must not start, and gives all that it said. */
async function failedStart(parts: AppParts) {
  const logger = new RecordingLogger();
  const startedAt = performance.now();
  const error = await startApp(cloud, { clients: [testAcsClient(cloud)], ...parts, logger }).then(
    async (app) => {
      await app.close();
      throw new Error('the application has started');
    },
    (failure: unknown) => failure as Error,
  );
  const said = [error.message, error.stack, inspect(error, { depth: 9 }), ...logger.lines].join('\n');
  return { error, said, tookMs: performance.now() - startedAt };
}

function withItem(change: Record<string, unknown>): AppParts {
  return { settings: { [KEY]: [{ ...usual(), ...change }] } };
}

describe('an application does not start, and says what to do,', () => {
  const cases: [what: string, parts: () => AppParts, error: object, message: RegExp][] = [
    [
      'without any KMS setting',
      () => ({ settings: { [KEY]: '' } }),
      { name: 'ConfigurationError', code: 'InvalidConfiguration' },
      /cache_client_dkms_config_info, cache_client_region_id: no KMS is configured\. For a dedicated instance set cache_client_dkms_config_info/,
    ],
    [
      'with a wrong password of the client key',
      () => withItem({ passwordFromFilePath: file('wrong-password', PLANTED) }),
      { name: 'ConfigurationError' },
      /cache_client_dkms_config_info\[0\].*password does not open it.*create a new client key/,
    ],
    [
      'with a client key file that does not exist',
      () => withItem({ clientKeyFile: join(folder, 'missing.json') }),
      { name: 'ConfigurationError' },
      /\[0\].*\.clientKeyFile: .*missing\.json does not exist\. Name a readable file/,
    ],
    [
      'with a directory in place of a file',
      () => withItem({ caFilePath: folder }),
      { name: 'ConfigurationError' },
      /\.caFilePath: .* is a directory/,
    ],
    [
      'with a client key that is no JSON',
      () => withItem({ clientKeyFile: file('no-json', `{"KeyId": "${PLANTED}`) }),
      { name: 'ConfigurationError' },
      /\.clientKeyFile: the client key cannot be used: it is not JSON\. Create a client key/,
    ],
    [
      'with a client key whose store is nonsense',
      () =>
        withItem({ clientKeyFile: file('bad-store', '{"KeyId":"KAAP.1","PrivateKeyData":"bm9uc2Vuc2U="}') }),
      { name: 'ConfigurationError' },
      /no base64 PKCS#12 store/,
    ],
    [
      'with a setting that is no JSON',
      () => ({ settings: { [KEY]: `[{"endpoint": "${PLANTED}"` } }),
      { name: 'ConfigurationError' },
      /cache_client_dkms_config_info \(ConfigService\): is not a JSON array/,
    ],
    [
      'with an environment variable for the password that is not set',
      () => withItem({ passwordFromFilePath: '', passwordFromEnvVariable: PLANTED }),
      { name: 'ConfigurationError' },
      /\.passwordFromEnvVariable: the environment variable it names is not set/,
    ],
    [
      'with an endpoint that nothing listens at',
      () => ({ ...withItem({ endpoint: 'localhost:1' }), options: { startupTimeoutMs: 700 } }),
      { name: 'StartupError', code: 'StartupFailed', secretName: 'acs-secret' },
      /Secret "acs-secret" could not be fetched within [67]\d\d ms\. Dedicated KMS localhost:1 refused the connection: check that "endpoint"/,
    ],
    [
      'with an endpoint that never answers',
      () => ({
        ...withItem({ endpoint: `127.0.0.1:${(silentServer.address() as { port: number }).port}` }),
        options: { startupTimeoutMs: 1500, kms: { connectTimeoutMs: 300 } },
      }),
      { name: 'StartupError' },
      /did not answer in time/,
    ],
    [
      'with an endpoint that has no address',
      () => ({ ...withItem({ endpoint: 'kms.invalid' }), options: { startupTimeoutMs: 1500 } }),
      { name: 'StartupError' },
      /kms\.invalid (?:has no address|could not be resolved)/,
    ],
    [
      'with a certificate that no trusted CA has signed',
      () => withItem({ caFilePath: vectorKeyPath('ca.crt.pem') }),
      { name: 'StartupError' },
      /presented a certificate that is not trusted: set "caFilePath" to the CA of your KMS instance/,
    ],
    [
      'with an endpoint whose certificate is for another host',
      () => withItem({ endpoint: `localhost:${otherHost.port}`, caFilePath: vectorKeyPath('ca.crt.pem') }),
      { name: 'StartupError' },
      /presented a certificate for another host: "endpoint" must be the name that KMS shows/,
    ],
    [
      'with an endpoint whose certificate has expired',
      () => withItem({ endpoint: `localhost:${expired.port}`, caFilePath: vectorKeyPath('ca.crt.pem') }),
      { name: 'StartupError' },
      /presented a certificate that is not valid at this time: check the clock/,
    ],
    [
      'with a secret that is no RAM credential',
      () => ({ clients: [testAcsClient(cloud, 'no-ram-credential')] }),
      { name: 'StartupError', secretName: 'no-ram-credential' },
      /Secret "no-ram-credential" holds no usable access key: "AccessKeyId" is missing in its value \(KMS says its type is "Generic"\)/,
    ],
    [
      'with a secret that does not exist',
      () => ({ clients: [testAcsClient(cloud, 'no-such-secret')] }),
      { name: 'StartupError' },
      /"no-such-secret".*Forbidden\.ResourceNotFound.*there is no such secret; check the name/,
    ],
  ];

  it.each(cases)('%s', async (_what, parts, expected, message) => {
    const { error, said, tookMs } = await failedStart(parts());
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(message);
    expect(said).not.toContain(PLANTED);
    expect(said).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
    expect(tookMs).toBeLessThan(3000);
  });

  it('with several secrets missing, all named in one error', async () => {
    const { error } = await failedStart({
      clients: ['one', 'two', 'acs-secret'].map((secretName) => testAcsClient(cloud, secretName)),
    });
    expect(error).toBeInstanceOf(StartupError);
    expect([...(error as StartupError).failures.keys()].toSorted()).toEqual(['one', 'two']);
    expect(error.message).toMatch(/credentials of 2 secrets:\n {2}- Secret "one" .*\n {2}- Secret "two" /);
  });

  it('with several problems in the settings, all named in one error', async () => {
    const item = {
      ...usual(),
      endpoint: 'https://host/path',
      clientKeyFile: 5,
      ignoreSslCerts: 'maybe',
      caFilePath: 'gone',
    };
    const { error } = await failedStart({
      settings: { [KEY]: [item, 'text', {}], rotation_interval: 'often' },
    });
    expect(error).toBeInstanceOf(ConfigurationError);
    const { problems } = error as ConfigurationError;
    expect(problems.map(({ setting }) => setting.replace(/ \(.*?\)/, '')).toSorted()).toEqual([
      'cache_client_dkms_config_info[0].caFilePath',
      'cache_client_dkms_config_info[0].clientKeyFile',
      'cache_client_dkms_config_info[0].endpoint',
      'cache_client_dkms_config_info[0].ignoreSslCerts',
      'cache_client_dkms_config_info[1]',
      'cache_client_dkms_config_info[2].clientKeyFile',
      'cache_client_dkms_config_info[2].clientKeyFile',
      'cache_client_dkms_config_info[2].endpoint',
      'rotation_interval',
    ]);
  });
});

describe('an application starts', () => {
  it('when KMS recovers within the time of the start', async () => {
    cloud.fail('dedicatedKms', { status: 503 }, 3);
    cloud.clearRequests();
    const app = await startApp(cloud, { clients: [testAcsClient(cloud)] });
    expect(cloud.requests('dedicatedKms').map(({ status }) => status)).toEqual([503, 503, 503, 200]);
    await app.close();
  });

  it('with certificates ignored, and warns of it', async () => {
    const logger = new RecordingLogger();
    const app = await startApp(cloud, {
      ...withItem({ caFilePath: '', ignoreSslCerts: 'true' }),
      clients: [testAcsClient(cloud)],
      logger,
    });
    expect(logger.lines.join('\n')).toMatch(/warn: .*\.ignoreSslCerts: is on/);
    await app.close();
  });

  it('with a single-line JSON string, as the environment holds it', async () => {
    const app = await startApp(cloud, {
      settings: { [KEY]: JSON.stringify([usual()]) },
      clients: [testAcsClient(cloud)],
    });
    expect(partsOf(app).service.status()[0]?.state).toBe('fresh');
    await app.close();
  });
});
