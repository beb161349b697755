import { describe, expect, it } from '@jest/globals';

import { isServerAnswer } from '../../lib/clients/is-server-answer.js';
import { ClosedError } from '../../lib/core/errors.js';

const error = (fields: object) => Object.assign(new Error('failed'), fields);

describe('whether an error is what a server answered', () => {
  it.each([
    ['pop-core', error({ name: 'InvalidAccessKeyId.NotFoundError', code: 'InvalidAccessKeyId.NotFound' })],
    ['ali-oss', error({ name: 'AccessDeniedError', code: 'AccessDenied', status: 403 })],
    ['ali-oss for HEAD', error({ name: 'UnknownError', status: 403 })],
    ['tablestore, with the HTTP status for a code', error({ code: 403 })],
    ['MNS, without a code', error({ name: 'MNSInvalidAccessKeyIdError' })],
    ['amqplib, without code and name', error({})],
  ])('is true of %s', (_sdk, thrown) => {
    expect(isServerAnswer(thrown)).toBe(true);
  });

  it.each([
    ['a lost connection', error({ code: 'ECONNRESET' })],
    ['a host that is not found', error({ code: 'EAI_AGAIN' })],
    ['a time-out of httpx', error({ name: 'RequestTimeoutError' })],
    ['a time-out of ali-oss', error({ name: 'ResponseTimeoutError', status: -2 })],
    ['a lost connection of ali-oss', error({ name: 'ResponseError', code: 'ResponseError', status: -1 })],
    ['a lost connection of urllib, by its status alone', error({ status: -1 })],
    ['a time-out of urllib, by its status alone', error({ status: -2 })],
    ['a lost connection of tablestore', error({ code: 'NetworkingError' })],
    ['a time-out of tablestore', error({ code: 'TimeoutError' })],
    ['an error of this library', new ClosedError('secret')],
    ['no error', undefined],
  ])('is false of %s', (_what, thrown) => {
    expect(isServerAnswer(thrown)).toBe(false);
  });

  it.each([
    'AbortError',
    'ConnectionTimeoutError',
    'NetworkingError',
    'RequestError',
    'RequestTimeoutError',
    'ResponseError',
    'ResponseTimeoutError',
    'SocketAssignTimeoutError',
    'TimeoutError',
  ])('is false of %s, by its name or by its code', (name) => {
    expect(isServerAnswer(error({ name }))).toBe(false);
    expect(isServerAnswer(error({ code: name }))).toBe(false);
  });

  it.each(['UND_ERR_SOCKET', 'HPE_INVALID_CONSTANT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'is false of the code %s of Node.js',
    (code) => {
      expect(isServerAnswer(error({ code }))).toBe(false);
    },
  );

  it.each(['Mail.ETIMEDOUT', 'ECONNRESET.Upstream', 'Upstream.UND_ERR_SOCKET'])(
    'is true of the code %s, in which that of Node.js is a part',
    (code) => {
      expect(isServerAnswer(error({ code }))).toBe(true);
    },
  );
});
