import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.js';
import type { Exchange } from '../../http/exchange.js';
import type { Gateway } from '../../http/gateway.js';
import { ServiceError } from '../../http/service-error.js';
import { jsonAnswer, jsonError } from '../../pop/json-answer.js';
import { recordCall } from '../../pop/record-call.js';
import { RpcRequest } from '../../pop/rpc-request.js';
import { defaultKmsCode } from '../kms-error-codes.js';
import type { RateLimit } from '../rate-limit.js';
import type { SecretValueReader } from '../secret-value.js';
import type { SharedKmsAccess } from './shared-kms-access.js';

const API_VERSION = '2016-01-20';

/** The public KMS API: GetSecretValue in RPC style. */
export class SharedKmsGateway implements Gateway<RpcRequest> {
  readonly target = 'kms';

  constructor(
    private readonly access: SharedKmsAccess,
    private readonly secrets: SecretValueReader,
    private readonly quota?: RateLimit,
  ) {}

  newRequestId(): string {
    return randomUUID();
  }

  async open(exchange: Exchange): Promise<RpcRequest> {
    const request = await RpcRequest.read(exchange);
    recordCall(request, exchange.record);
    if (request.get('SecretName') !== '') exchange.record.secretName = request.get('SecretName');
    return request;
  }

  answer(request: RpcRequest, exchange: Exchange): Answer {
    this.access.assertMayRead(request, exchange);
    request.assertVersion(API_VERSION);
    if (request.action !== 'GetSecretValue') {
      throw new ServiceError(
        404,
        'InvalidAction.NotFound',
        'Specified api is not found, please check your url.',
      );
    }
    this.quota?.admit();
    const { VersionStages, ...value } = this.secrets.read({
      secretName: request.require('SecretName'),
      versionStage: request.get('VersionStage'),
      versionId: request.get('VersionId'),
      fetchExtendedConfig: request.get('FetchExtendedConfig').toLowerCase() === 'true',
    });
    exchange.record.versionId = value.VersionId;
    return jsonAnswer(exchange, { ...value, VersionStages: { VersionStage: VersionStages } });
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    return jsonError(exchange, error, { HttpStatus: error.status });
  }

  defaultCode(status: number): string {
    return defaultKmsCode(status);
  }
}
