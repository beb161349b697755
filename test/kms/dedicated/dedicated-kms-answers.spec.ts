import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';

import { dkmsVectors } from '../../support/dkms-vectors.js';
import { answerWith, NAME, startDedicatedKms } from '../../support/dedicated-kms.js';

/** A message with text in some of its fields. */
function message(fields: Readonly<Record<number, string | Uint8Array>>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, text] of Object.entries(fields)) {
    writer.tag(Number(number), WireType.LengthDelimited);
    if (typeof text === 'string') writer.string(text);
    else writer.bytes(text);
  }
  return writer.finish();
}

/** A field that is a number, the length of the text that follows it: one who does not look takes it for that text. */
function withNumberBefore(field: number, text: string): Uint8Array {
  const number = new BinaryWriter().tag(field, WireType.Varint).int32(text.length).finish();
  return Buffer.concat([number, Buffer.from(text)]);
}

describe('a client of a dedicated KMS', () => {
  it.each(
    dkmsVectors
      .filter(({ name }) => name.startsWith('ok-') && name !== 'ok-empty-response')
      .map(({ name }) => name),
  )('takes the recorded answer %s', async (name) => {
    const { fetch } = await startDedicatedKms(answerWith(name));
    await expect(fetch()).resolves.toMatchObject({ secretData: expect.stringMatching(/./) });
  });

  it.each(['ok-empty-response', 'bad-200-garbage', 'bad-200-error-message'])(
    'refuses the recorded nonsense %s, and quotes nothing of it',
    async (name) => {
      const { fetch } = await startDedicatedKms(answerWith(name));
      await expect(fetch()).rejects.toMatchObject({
        name: 'KmsError',
        code: 'InvalidKmsResponse',
        status: 200,
        message: expect.stringMatching(
          /^Dedicated KMS localhost:\d+ answered 200 with \d+ bytes that are no secret: check that "endpoint" is/,
        ),
      });
    },
  );

  it.each([
    ['no name', message({ 3: 'data' })],
    ['no data', message({ 1: NAME })],
    ['data that is no text', message({ 1: NAME, 3: Uint8Array.of(0x7b, 0xff, 0x7d) })],
    ['a number for data', Buffer.concat([message({ 1: NAME }), withNumberBefore(3, 'data')])],
  ])(
    'does not take a secret with %s for an answer of KMS, which may come the next time',
    async (_what, body) => {
      const { fetch } = await startDedicatedKms((_request, response) => response.end(body));
      await expect(fetch()).rejects.toMatchObject({
        code: 'InvalidKmsResponse',
        temporary: true,
        status: 200,
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
    const { fetch } = await startDedicatedKms(answerWith(name));
    const error = await fetch().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'KmsError', status, temporary, secretName: NAME });
    expect((error as { code: string }).code).toMatch(code.slice(0, 12));
    expect((error as { requestId: string }).requestId).toMatch(/^3c3d4e5f-/);
  });

  it.each([
    ['the id of the request', { 2: 'Forbidden.NoPermission', 3: 'because', 4: 'request-1' }, 'request-1'],
    ['no id', { 2: 'Forbidden.NoPermission' }, undefined],
  ])('says who refused which secret, why and what to do, with %s', async (_what, fields, requestId) => {
    const { fetch, server } = await startDedicatedKms((_request, response) => {
      response.writeHead(403).end(message(fields));
    });
    await expect(fetch()).rejects.toMatchObject({
      requestId,
      message:
        `Dedicated KMS localhost:${server.port} refused secret "${NAME}" with Forbidden.NoPermission ` +
        `(HTTP 403, request ${requestId ?? 'without id'}): the application has no permission for it; add the secret ` +
        'to the accessible resources of its application access point (AAP) in KMS.',
    });
  });

  it('never lets its own identity being refused look like an expired managed key', async () => {
    const { fetch } = await startDedicatedKms(answerWith('err-401-unauthorized'));
    await expect(fetch()).rejects.toMatchObject({
      code: 'KmsIdentityRejected',
      temporary: false,
      message: expect.stringContaining('KMS does not accept the client key'),
    });
  });

  it.each(['err-502-html', 'err-503-plain-text'])('takes %s for no answer of KMS', async (name) => {
    const { fetch } = await startDedicatedKms(answerWith(name));
    await expect(fetch()).rejects.toMatchObject({ code: `Http${name.slice(4, 7)}`, temporary: true });
  });

  it.each([
    [500, true, 'Internal Server Error'],
    [429, true, 'Too Many Requests'],
    [499, false, ''],
    [404, false, message({ 3: 'an error without a code' })],
    [403, false, withNumberBefore(2, 'Forbidden')],
    [401, false, message({ 1: NAME, 2: 'RAMCredentials', 3: 'the data of a secret' })],
  ])('names the status %i when the answer is not from KMS', async (status, temporary, body) => {
    const { fetch, server } = await startDedicatedKms((_request, response) => {
      response.writeHead(status).end(body);
    });
    await expect(fetch()).rejects.toMatchObject({
      code: `Http${status}`,
      status,
      temporary,
      message:
        `Dedicated KMS localhost:${server.port} answered with HTTP status ${status} and a body that is not KMS's: ` +
        'a proxy or load balancer seems to answer in its place; check "endpoint" and what lies between.',
    });
  });

  it('does not follow a redirect', async () => {
    let requests = 0;
    const { fetch } = await startDedicatedKms((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(fetch()).rejects.toMatchObject({ code: 'Http302', temporary: false });
    expect(requests).toBe(1);
  });
});
