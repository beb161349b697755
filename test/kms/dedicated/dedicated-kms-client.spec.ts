import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { answerWith, clientKey, NAME, startDedicatedKms } from '../../support/dedicated-kms.js';
import { vectorKeyFile } from '../../support/dkms-vectors.js';
import { until } from '../../support/poll.js';

describe('a dedicated-KMS client', () => {
  it('sends the request of the protocol', async () => {
    let received: (IncomingMessage & { body?: Buffer }) | undefined;
    const { fetch, server } = await startDedicatedKms((request, response) => {
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
    const { fetch } = await startDedicatedKms(listener);
    await expect(fetch()).rejects.toMatchObject({ name: 'KmsError', ...expected });
  });

  it('says which instance cannot be used, and what to do', async () => {
    const { fetch, server } = await startDedicatedKms((request) => void request.destroy());
    await expect(fetch()).rejects.toMatchObject({
      message: `Dedicated KMS localhost:${server.port} closed the connection before it had answered.`,
      cause: expect.objectContaining({ code: 'ECONNRESET' }),
    });
    server.stop();
    await expect(fetch()).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `^Dedicated KMS localhost:${server.port} refused the connection: check that "endpoint" .*\\.$`,
        ),
      ),
    });
  });

  it('keeps no connection when it is closed', async () => {
    const { client, fetch, server } = await startDedicatedKms(answerWith('ok-name-only'));
    server.server.keepAliveTimeout = 0;
    const sockets = new Set<Socket>();
    server.server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await fetch();
    expect(sockets.size).toBe(1);
    client.close();
    await until(() => sockets.size === 0, 'the connection is closed');
  });

  it('uses one connection for one request after the other', async () => {
    const sockets = new Set<unknown>();
    const { fetch } = await startDedicatedKms((request, response) => {
      sockets.add(request.socket);
      answerWith('ok-name-only')(request, response);
    });
    await fetch();
    await fetch();
    expect(sockets.size).toBe(1);
  });

  it('sends again at once when an idle connection turns out to be closed', async () => {
    let answered = 0;
    const { fetch } = await startDedicatedKms((request, response) => {
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
    const { fetch } = await startDedicatedKms((request) => {
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
    const { fetch, server } = await startDedicatedKms((request, response) => {
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
    const { client } = await startDedicatedKms(answerWith('ok-name-only'));
    expect(inspect(client, { depth: 12, showHidden: true })).not.toMatch(/PRIVATE KEY/);
  });
});
