import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.js';
import type { Exchange } from '../../http/exchange.js';
import type { Gateway } from '../../http/gateway.js';
import { ServiceError } from '../../http/service-error.js';
import { defaultKmsCode } from '../kms-error-codes.js';
import type { RateLimit } from '../rate-limit.js';
import type { SecretValueQuery, SecretValueReader } from '../secret-value.js';
import { decodeGetSecretValueRequest, encodeError, encodeGetSecretValueResponse } from './messages.js';
import { claimedKeyId, type RequestVerifier } from './request-verifier.js';

const MAX_BODY_BYTES = 3 * 1024 * 1024;
const HEADERS = { 'content-type': 'application/x-protobuf' };

/** A call to dedicated KMS, understood but not yet verified. */
export interface DedicatedKmsCall {
  readonly body: Buffer;
  /** Absent when the body is no GetSecretValueRequest. */
  readonly query: SecretValueQuery | undefined;
}

/** The gateway of a dedicated KMS instance: GetSecretValue in protobuf over HTTPS, signed with a client key. */
export class DedicatedKmsGateway implements Gateway<DedicatedKmsCall> {
  readonly target = 'dedicatedKms';

  constructor(
    private readonly verifier: RequestVerifier,
    private readonly secrets: SecretValueReader,
    private readonly quota?: RateLimit,
  ) {}

  newRequestId(): string {
    return randomUUID();
  }

  async open(exchange: Exchange): Promise<DedicatedKmsCall> {
    const { record } = exchange;
    const apiName = exchange.header('x-kms-apiname');
    if (apiName !== '') record.action = apiName;
    const keyId = claimedKeyId(exchange);
    if (keyId !== '') record.accessKeyId = keyId;
    const body = await exchange.readBody();
    const query = parse(body);
    if (query) record.secretName = query.secretName;
    return { body, query };
  }

  answer({ body, query }: DedicatedKmsCall, exchange: Exchange): Answer {
    const { record } = exchange;
    if (record.method !== 'POST' || record.path !== '/' || exchange.queryString !== '') {
      throw new ServiceError(404, 'InvalidAction.NotFound', 'Only POST / is served here.');
    }
    if (body.length > MAX_BODY_BYTES) {
      throw new ServiceError(413, 'RequestEntityTooLarge', 'The request is larger than 3 MB.');
    }
    this.verifier.verify(exchange, body);
    if (record.action !== 'GetSecretValue') {
      throw new ServiceError(
        400,
        'InvalidAction',
        `The API ${record.action} is not emulated, only GetSecretValue.`,
      );
    }
    if (!query?.secretName) throw new ServiceError(400, 'InvalidParam', 'The Param SecretName is invalid.');
    this.quota?.admit();
    const value = this.secrets.read(query);
    record.versionId = value.VersionId;
    return { status: 200, headers: HEADERS, body: encodeGetSecretValueResponse(value, exchange.requestId) };
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    const body = encodeError(error.status, error.code, error.message, exchange.requestId);
    return { status: error.status, headers: HEADERS, body, code: error.code };
  }

  defaultCode(status: number): string {
    return defaultKmsCode(status);
  }
}

function parse(body: Buffer): SecretValueQuery | undefined {
  try {
    return decodeGetSecretValueRequest(body);
  } catch {
    return undefined;
  }
}
