import { describe, expect, it } from '@jest/globals';

import { dkmsVectors } from '../../support/dkms-vectors.js';
import { answerWith, NAME, startDedicatedKms } from '../../support/dedicated-kms.js';

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
    const { fetch } = await startDedicatedKms(answerWith(name));
    const error = await fetch().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'KmsError', status, temporary, secretName: NAME });
    expect((error as { code: string }).code).toMatch(code.slice(0, 12));
    expect((error as { requestId: string }).requestId).toMatch(/^3c3d4e5f-/);
  });

  it('never lets its own identity being refused look like an expired managed key', async () => {
    const { fetch } = await startDedicatedKms(answerWith('err-401-unauthorized'));
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
    const { fetch } = await startDedicatedKms(answerWith(name));
    await expect(fetch()).rejects.toMatchObject({
      code,
      temporary,
      message: expect.stringContaining('proxy'),
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
