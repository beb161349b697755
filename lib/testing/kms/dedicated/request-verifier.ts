import { createHash, verify, type KeyObject } from 'node:crypto';
import type { Exchange } from '../../http/exchange.js';
import { ServiceError } from '../../http/service-error.js';

const MAX_SKEW_MS = 15 * 60_000;
const PROTOBUF = 'application/x-protobuf';
const API_VERSION = 'dkms-gcs-0.2';
const SIGNATURE_METHOD = 'RSA_PKCS1_SHA_256';
// The protocol spells it with three c's.
const KEY_ID_HEADER = 'x-kms-acccesskeyid';
const REQUIRED = [
  'date',
  'content-sha256',
  'authorization',
  'x-kms-apiname',
  KEY_ID_HEADER,
  'user-agent',
  'host',
];

/** The KeyId that a request claims to be signed with. */
export function claimedKeyId(exchange: Exchange): string {
  return exchange.header(KEY_ID_HEADER);
}

/** Holds a request against the wire protocol of dedicated KMS, header by header. */
export class RequestVerifier {
  constructor(
    private readonly keyId: string,
    private readonly publicKey: KeyObject,
    private readonly now: () => number,
  ) {}

  /** @throws ServiceError for the first thing that is wrong */
  verify(exchange: Exchange, body: Buffer): void {
    if (exchange.header('content-type') !== PROTOBUF) {
      throw new ServiceError(415, 'InvalidContentType', `The content type must be ${PROTOBUF}.`);
    }
    for (const name of REQUIRED) if (exchange.header(name) === '') throw invalid(name);
    expectHeader(exchange, 'accept', PROTOBUF);
    expectHeader(exchange, 'x-kms-apiversion', API_VERSION);
    expectHeader(exchange, 'x-kms-signaturemethod', SIGNATURE_METHOD);
    expectHeader(exchange, 'content-length', String(body.length));
    expectHeader(exchange, 'content-sha256', createHash('sha256').update(body).digest('hex').toUpperCase());
    this.#verifyDate(exchange.header('date'));
    if (claimedKeyId(exchange) !== this.keyId) {
      throw new ServiceError(404, 'Unauthorized', 'The specified access key id is not found.');
    }
    if (!this.#signatureFits(exchange)) {
      throw new ServiceError(401, 'SignatureNotMatch', 'The signature does not match.');
    }
  }

  #verifyDate(date: string): void {
    const sentAt = Date.parse(date);
    // Only the one format is valid: what Date.parse makes of others depends on the time zone of this machine.
    if (Number.isNaN(sentAt) || new Date(sentAt).toUTCString() !== date) throw invalid('date');
    if (Math.abs(this.now() - sentAt) > MAX_SKEW_MS) {
      const message = 'The difference between the request time and the current time is too large.';
      throw new ServiceError(400, 'RequestTimeTooSkewed', message);
    }
  }

  #signatureFits(exchange: Exchange): boolean {
    const [, base64 = ''] = /^Bearer ([A-Za-z0-9+/]+={0,2})$/.exec(exchange.header('authorization')) ?? [];
    return verify(
      'sha256',
      Buffer.from(stringToSign(exchange)),
      this.publicKey,
      Buffer.from(base64, 'base64'),
    );
  }
}

/** The string that the request's signature must cover, built from the headers that arrived. */
function stringToSign(exchange: Exchange): string {
  const kmsHeaders = Object.keys(exchange.headers)
    .filter((name) => name.startsWith('x-kms-'))
    .toSorted()
    .map((name) => `${name}:${exchange.header(name).trim()}`);
  const { method } = exchange;
  const [sha256, type, date] = ['content-sha256', 'content-type', 'date'].map((name) =>
    exchange.header(name),
  );
  return [method, sha256, type, date, ...kmsHeaders, '/'].join('\n');
}

function expectHeader(exchange: Exchange, name: string, expected: string): void {
  if (exchange.header(name) !== expected) throw invalid(name);
}

function invalid(header: string): ServiceError {
  const name = header.replace(/(^|-)\w/g, (letter) => letter.toUpperCase()).replace('Sha256', 'SHA256');
  return new ServiceError(400, 'InvalidParam', `The Param ${name} is invalid.`);
}
