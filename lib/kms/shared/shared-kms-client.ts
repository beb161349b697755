import type { Agent } from 'node:https';

import { isError } from '../../core/is-error.js';
import { isRecord } from '../../core/is-record.js';
import type { FetchLimits, SecretValue } from '../../core/secret-value.js';
import { explainConnectionError } from '../connection-problem.js';
import type { RequestTimeouts } from '../https-post.js';
import { createKmsAgent } from '../kms-agent.js';
import { explainKmsCode, KMS_IDENTITY_REJECTED, type IdentityAdvice } from '../kms-code.js';
import { addressText, type KmsEndpoint, type NetworkAddress } from '../kms-endpoint.js';
import { KmsError } from '../kms-error.js';
import { signWithClientKey } from './client-key-parameters.js';
import type { KmsIdentity } from './kms-identity.js';
import { VerboseRpcClient, type RpcCredentials, type RpcOptions } from './pop-core-rpc.js';

/** How to reach KMS over the OpenAPI. */
export interface SharedKmsClientOptions {
  readonly address: NetworkAddress;
  readonly identity: KmsIdentity;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly timeouts: RequestTimeouts;
}

/** The version of the KMS OpenAPI. */
const API_VERSION = '2016-01-20';

const RAM_ADVICE: IdentityAdvice = {
  rejected:
    'KMS does not accept the RAM credentials; check the settings "credentials_…", and that the key or session is active',
  permit: 'grant its RAM user or role the action kms:GetSecretValue on the secret',
};
const CLIENT_KEY_ADVICE: IdentityAdvice = {
  rejected:
    'KMS does not accept the client key; check that "client_key_private_key_path" names one that has not been deleted or expired',
  permit: 'add the secret to the accessible resources of its application access point (AAP) in KMS',
};

/**
 * Fetches secrets over the OpenAPI of KMS: from a region's endpoint, public or in a VPC, or from the gateway of an
 * instance. Parameters travel in the body of a POST, so that nothing of them appears in a URL. One call is one attempt,
 * and one more when credentials that were refused could be replaced.
 */
export class SharedKmsClient implements KmsEndpoint {
  readonly label: string;
  readonly address: NetworkAddress;
  readonly #agent: Agent;
  readonly #options: SharedKmsClientOptions;

  constructor(options: SharedKmsClientOptions) {
    this.#options = options;
    this.address = options.address;
    this.label = `KMS ${addressText(options.address)}`;
    this.#agent = createKmsAgent({ ca: options.ca });
  }

  /**
   * Fetches the current version of a secret.
   *
   * @throws KmsError
   */
  async getSecretValue(secretName: string, { signal }: FetchLimits): Promise<SecretValue> {
    const parameters = { SecretName: secretName, VersionStage: 'ACSCurrent', FetchExtendedConfig: 'true' };
    const { identity } = this.#options;
    if (identity.kind === 'clientKey') {
      const signed = await signWithClientKey(
        'POST',
        { ...parameters, Action: 'GetSecretValue', Version: API_VERSION },
        identity.clientKey,
      );
      return this.#send(secretName, signed, undefined, signal);
    }
    const credentials = await identity.identity.get(secretName);
    try {
      return await this.#send(secretName, parameters, credentials, signal);
    } catch (error) {
      if (!(error instanceof KmsError) || error.code !== KMS_IDENTITY_REJECTED) throw error;
      identity.identity.refuse(credentials);
      const others = await identity.identity.get(secretName);
      if (
        others.accessKeyId === credentials.accessKeyId &&
        others.securityToken === credentials.securityToken
      ) {
        throw error;
      }
      return this.#send(secretName, parameters, others, signal);
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  /** @param credentials sign the request; without them its parameters hold a signature already */
  async #send(
    secretName: string,
    parameters: object,
    credentials: RpcCredentials | undefined,
    signal: AbortSignal,
  ): Promise<SecretValue> {
    const client = new VerboseRpcClient(
      {
        endpoint: `https://${addressText(this.address)}`,
        apiVersion: API_VERSION,
        credentialsProvider: { getCredentials: () => credentials },
      },
      true,
    );
    try {
      const [answer, { response }] = await client.request(
        'GetSecretValue',
        parameters,
        this.#rpcOptions(signal),
      );
      return this.#readSecret(answer, response.statusCode, secretName);
    } catch (error) {
      if (signal.aborted || error instanceof KmsError) throw error;
      throw this.#explain(error, secretName);
    }
  }

  #rpcOptions(signal: AbortSignal): RpcOptions {
    const { connectTimeoutMs, readTimeoutMs } = this.#options.timeouts;
    return {
      method: 'POST',
      agent: this.#agent,
      connectTimeout: connectTimeoutMs,
      readTimeout: readTimeoutMs,
      beforeRequest: (options) => ({ ...options, signal }),
    };
  }

  #readSecret(answer: unknown, status: number, secretName: string): SecretValue {
    const fields = isRecord(answer) ? answer : {};
    const text = (name: string) => {
      const value = fields[name];
      return typeof value === 'string' ? value : '';
    };
    // pop-core takes an answer without a code for a success, whatever its status.
    if (status !== 200 || text('SecretData') === '') throw this.#nonsense(status, secretName);
    return {
      secretName: text('SecretName'),
      versionId: text('VersionId'),
      secretData: text('SecretData'),
      secretType: text('SecretType'),
      extendedConfig: text('ExtendedConfig'),
      createTime: text('CreateTime'),
      nextRotationDate: text('NextRotationDate'),
      rotationInterval: text('RotationInterval'),
    };
  }

  #explain(error: unknown, secretName: string): KmsError {
    const fields = isRecord(error) ? error : {};
    if (isRecord(fields['data'])) return this.#refusal(fields['data'], statusOf(fields), secretName);
    if (!isError(error)) return this.#nonsense(undefined, secretName);
    const isTimeout = error.name === 'RequestTimeoutError';
    const code = isTimeout ? 'ETIMEDOUT' : error['code'];
    const problem = explainConnectionError(typeof code === 'string' ? code : error.name);
    // The SDK's error is no cause to pass on: it quotes the request.
    return new KmsError(`${this.label} ${problem.explanation}.`, {
      code: problem.code,
      secretName,
      temporary: problem.temporary,
    });
  }

  #refusal(data: Readonly<Record<string, unknown>>, status: number, secretName: string): KmsError {
    const kmsCode = typeof data['Code'] === 'string' ? data['Code'] : '';
    const requestId = typeof data['RequestId'] === 'string' ? data['RequestId'] : undefined;
    const advice = this.#options.identity.kind === 'clientKey' ? CLIENT_KEY_ADVICE : RAM_ADVICE;
    const { code, explanation, temporary } = explainKmsCode(kmsCode, status, advice);
    return new KmsError(
      `${this.label} refused secret "${secretName}" with ${kmsCode} ` +
        `(HTTP ${status}, request ${requestId ?? 'without id'}): ${explanation}.`,
      { code, secretName, temporary, status, requestId },
    );
  }

  #nonsense(status: number | undefined, secretName: string): KmsError {
    return new KmsError(
      `${this.label} gave an answer that is not KMS's${status === undefined ? '' : ` (HTTP ${status})`}: ` +
        'check "endpoint", and that no proxy or load balancer answers in its place.',
      { code: 'InvalidKmsResponse', secretName, temporary: true, status },
    );
  }
}

function statusOf(error: Readonly<Record<string, unknown>>): number {
  const response = isRecord(error['entry']) ? error['entry']['response'] : undefined;
  const status = isRecord(response) ? response['statusCode'] : undefined;
  return typeof status === 'number' ? status : 0;
}
