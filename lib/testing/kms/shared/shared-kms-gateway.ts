import { randomUUID } from 'node:crypto';
import type { AccessKey } from '../../cloud/access-key.js';
import type { Answer } from '../../http/answer.js';
import type { Exchange } from '../../http/exchange.js';
import type { Gateway } from '../../http/gateway.js';
import { ServiceError } from '../../http/service-error.js';
import type { CallAuthenticator } from '../../pop/call-authenticator.js';
import { jsonAnswer, jsonError } from '../../pop/json-answer.js';
import { recordCall } from '../../pop/record-call.js';
import { RpcRequest } from '../../pop/rpc-request.js';
import { defaultKmsCode } from '../kms-error-codes.js';
import type { SecretValueReader } from '../secret-value.js';

/** The public KMS API: GetSecretValue in RPC style, for one RAM identity that may read secrets. */
export class SharedKmsGateway implements Gateway<RpcRequest> {
  readonly target = 'kms';

  constructor(
    private readonly authenticator: CallAuthenticator,
    private readonly secrets: SecretValueReader,
    private readonly identity: AccessKey,
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
    const key = this.authenticator.authenticate(request, exchange);
    if (key !== this.identity) {
      const message = 'You are not authorized to do this operation.';
      throw new ServiceError(403, 'Forbidden.NoPermission', message);
    }
    if (request.action !== 'GetSecretValue') {
      throw new ServiceError(
        404,
        'InvalidAction.NotFound',
        'Specified api is not found, please check your url.',
      );
    }
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
    return jsonError(exchange, error);
  }

  defaultCode(status: number): string {
    return defaultKmsCode(status);
  }
}
