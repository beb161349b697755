import type { IncomingMessage, RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';

import { afterEach, describe, expect, it } from '@jest/globals';

import { parseClientKey } from '../../../lib/kms/client-key.js';
import {
  DedicatedKmsClient,
  type DedicatedKmsClientOptions,
} from '../../../lib/kms/dedicated/dedicated-kms-client.js';
import { dkmsVectors, vectorKeyFile, vectorPassword } from '../../support/dkms-vectors.js';
import { until } from '../../support/poll.js';
import { startTlsServer } from '../../support/tls-server.js';

const NAME = 'acs/ram/user/ecs-app';
const clientKey = parseClientKey(vectorKeyFile('clientKey.legacy.json'), vectorPassword);
const recorded = (name: string) => {
  const response = dkmsVectors.find((vector) => vector.name === name)?.responses[0];
  if (response === undefined) throw new Error(`no recorded exchange ${name}`);
  return response;
};
const answerWith =
  (name: string): RequestListener =>
  (_request, response) => {
    const { status, body_hex: hex } = recorded(name);
    response.writeHead(status).end(Buffer.from(hex, 'hex'));
  };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function start(listener: RequestListener, more: Partial<DedicatedKmsClientOptions> = {}) {
  const server = await startTlsServer(listener);
  const client = new DedicatedKmsClient({
    address: { hostname: 'localhost', port: server.port },
    clientKey,
    ca: vectorKeyFile('ca.crt.pem'),
    ignoreSslCerts: false,
    timeouts: { connectTimeoutMs: 1000, readTimeoutMs: 300 },
    ...more,
  });
  closers.push(() => {
    client.close();
    server.stop();
  });
  const fetch = (signal = new AbortController().signal) => client.getSecretValue(NAME, { signal });
  return { client, server, fetch };
}

describe('a dedicated-KMS client', () => {
  it('sends the request of the protocol', async () => {
    let received: (IncomingMessage & { body?: Buffer }) | undefined;
    const { fetch, server } = await start((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received = Object.assign(request, { body: Buffer.concat(chunks) });
        answerWith('ok-name-only')(request, response);
      });
    });
    await fetch();
    expect(received).toMatchObject({ method: 'POST', url: '/' });
    expect(received?.headers).toMatchObject({
      host: `localhost:${server.port}`,
      accept: 'application/x-protobuf',
      'content-type': 'application/x-protobuf',
      'x-kms-acccesskeyid': clientKey.keyId,
      'x-kms-apiname': 'GetSecretValue',
      'user-agent': expect.stringMatching(
        /^AlibabaCloud \(.*; .*\) Node\.js\/v.* nestjs-aliyun-managed-credentials\//,
      ),
    });
    expect(received?.body?.toString('hex')).toBe(
      `0a14${Buffer.from(NAME).toString('hex')}120a${Buffer.from('ACSCurrent').toString('hex')}2001`,
    );
  });

  it.each(
    dkmsVectors
      .filter(({ name }) => name.startsWith('ok-') && name !== 'ok-empty-response')
      .map(({ name }) => name),
  )('takes the recorded answer %s', async (name) => {
    const { fetch } = await start(answerWith(name));
    await expect(fetch()).resolves.toMatchObject({ secretData: expect.stringMatching(/./) });
  });

  it.each(['ok-empty-response', 'bad-200-garbage', 'bad-200-error-message'])(
    'refuses the recorded nonsense %s, and quotes nothing of it',
    async (name) => {
      const { fetch } = await start(answerWith(name));
      await expect(fetch()).rejects.toMatchObject({
        name: 'KmsError',
        code: 'InvalidKmsResponse',
        status: 200,
        message: expect.stringMatching(
          /^Dedicated KMS localhost:\d+ answered 200 with \d+ bytes that are no secret/,
        ),
      });
    },
  );

  it.each([
    ['err-400-invalid-parameter', 'InvalidParam', 400, false],
    ['err-403-forbidden', 'Forbidden.NoPermission', 403, false],
    ['err-404-resource-not-found', 'Forbidden.ResourceNotFound', 404, false],
    ['err-429-throttling-then-ok', 'Rejected.Throttling', 429, true],
    ['err-500-internal-failure', 'InternalFailure', 500, true],
    ['err-503-unavailable', 'ServiceUnavailableTemporary', 503, true],
  ])('reports the recorded error %s', async (name, code, status, temporary) => {
    const { fetch } = await start(answerWith(name));
    const error = await fetch().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'KmsError', status, temporary, secretName: NAME });
    expect((error as { code: string }).code).toMatch(code.slice(0, 12));
    expect((error as { requestId: string }).requestId).toMatch(/^3c3d4e5f-/);
  });

  it('never lets its own identity being refused look like an expired managed key', async () => {
    const { fetch } = await start(answerWith('err-401-unauthorized'));
    await expect(fetch()).rejects.toMatchObject({
      code: 'KmsIdentityRejected',
      temporary: false,
      message: expect.stringContaining('KMS does not accept the client key'),
    });
  });

  it.each([
    ['err-502-html', 'Http502', true],
    ['err-503-plain-text', 'Http503', true],
  ])('names the status when %s is not from KMS', async (name, code, temporary) => {
    const { fetch } = await start(answerWith(name));
    await expect(fetch()).rejects.toMatchObject({
      code,
      temporary,
      message: expect.stringContaining('proxy'),
    });
  });

  it('does not follow a redirect', async () => {
    let requests = 0;
    const { fetch } = await start((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(fetch()).rejects.toMatchObject({ code: 'Http302', temporary: false });
    expect(requests).toBe(1);
  });

  it.each<[string, RequestListener, object]>([
    ['a server that never answers', () => undefined, { code: 'ETIMEDOUT', temporary: true }],
    [
      'an answer that stops in the middle',
      (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('half'),
      { code: 'ETIMEDOUT', temporary: true },
    ],
    [
      'an answer cut in the middle',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
      },
      { code: 'ECONNRESET', temporary: true },
    ],
    [
      'a connection that is closed',
      (request) => void request.destroy(),
      { code: 'ECONNRESET', temporary: true },
    ],
    [
      'an endless answer',
      (_request, response) => {
        const write = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.writeHead(200).on('drain', write);
        write();
      },
      { code: 'ERR_ANSWER_TOO_LARGE' },
    ],
    [
      'an answer that is no HTTP',
      (request) => void request.socket.end('SSH-2.0-OpenSSH\r\n'),
      { code: expect.stringMatching(/^HPE_/) },
    ],
  ])('gives up on %s', async (_what, listener, expected) => {
    const { fetch } = await start(listener);
    await expect(fetch()).rejects.toMatchObject({ name: 'KmsError', ...expected });
  });

  it('uses one connection for one request after the other', async () => {
    const sockets = new Set<unknown>();
    const { fetch } = await start((request, response) => {
      sockets.add(request.socket);
      answerWith('ok-name-only')(request, response);
    });
    await fetch();
    await fetch();
    expect(sockets.size).toBe(1);
  });

  it('sends again at once when an idle connection turns out to be closed', async () => {
    let answered = 0;
    const { fetch } = await start((request, response) => {
      answered += 1;
      // The second request finds the connection closed under its feet.
      if (answered === 2) request.socket.destroy();
      else answerWith('ok-name-only')(request, response);
    });
    await fetch();
    await expect(fetch()).resolves.toMatchObject({ versionId: 'v-0001' });
    expect(answered).toBe(3);
  });

  it('ends a request when it is aborted', async () => {
    const open = new Set<unknown>();
    const { fetch } = await start((request) => {
      open.add(request);
      request.on('close', () => open.delete(request));
    });
    const abort = new AbortController();
    const fetching = fetch(abort.signal);
    await until(() => open.size === 1, 'the request has arrived');
    abort.abort(new Error('shutdown'));
    await expect(fetching).rejects.toThrow('shutdown');
    await until(() => open.size === 0, 'the connection is closed');
    await expect(fetch(abort.signal)).rejects.toThrow('shutdown');
  });

  it('presents its certificate to a server that asks for one', async () => {
    let subject: unknown;
    const { fetch, server } = await start((request, response) => {
      subject = (request.socket as TLSSocket).getPeerCertificate().subject;
      answerWith('ok-name-only')(request, response);
    });
    server.server.setSecureContext({
      key: vectorKeyFile('server.key.pem'),
      cert: vectorKeyFile('server.crt.pem'),
    });
    Object.assign(server.server, { requestCert: true, rejectUnauthorized: false });
    await fetch();
    expect(subject ?? {}).not.toEqual({});
  });

  it('shows nothing of its key when it is printed', async () => {
    const { client } = await start(answerWith('ok-name-only'));
    expect(inspect(client, { depth: 12, showHidden: true })).not.toMatch(/PRIVATE KEY/);
  });
});
