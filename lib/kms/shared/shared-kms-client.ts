import type { Agent } from 'node:https';

import { errorCodeOf } from '../../core/errors.js';
import { isError } from '../../core/is-error.js';
import { isRecord } from '../../core/is-record.js';
import type { FetchLimits, SecretValue } from '../../core/secret-value.js';
import { explainConnectionError } from '../connection-problem.js';
import { foreignAnswerError } from '../foreign-answer.js';
import { httpsPost, type HttpsAnswer, type RequestTimeouts } from '../https-post.js';
import { createKmsAgent } from '../kms-agent.js';
import { explainKmsCode, KMS_IDENTITY_REJECTED, type IdentityAdvice } from '../kms-code.js';
import { addressText, type KmsEndpoint, type NetworkAddress } from '../kms-endpoint.js';
import { KmsError } from '../kms-error.js';
import { USER_AGENT } from '../user-agent.js';
import type { KmsIdentity } from './kms-identity.js';
import { signedRpcForm } from './rpc-form.js';
import { accessKeySigner, clientKeySigner, type RpcSigner } from './rpc-signer.js';

/** How to reach KMS over the OpenAPI. */
export interface SharedKmsClientOptions {
  readonly address: NetworkAddress;
  readonly identity: KmsIdentity;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly timeouts: RequestTimeouts;
}

/** The action of the KMS OpenAPI, its version, and what it is to answer. */
const GET_SECRET_VALUE = {
  Action: 'GetSecretValue',
  Version: '2016-01-20',
  VersionStage: 'ACSCurrent',
  FetchExtendedConfig: 'true',
} as const;

/** What a form gets that was sent once more, on a new connection, although it had arrived: another is accepted. */
const NONCE_USED = 'SignatureNonceUsed';

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
    const { identity } = this.#options;
    if (identity.kind === 'clientKey') {
      return this.#fetch(secretName, clientKeySigner(identity.clientKey), signal);
    }
    const credentials = await identity.identity.get(secretName);
    try {
      return await this.#fetch(secretName, accessKeySigner(credentials), signal);
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
      return this.#fetch(secretName, accessKeySigner(others), signal);
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #fetch(secretName: string, signer: RpcSigner, signal: AbortSignal): Promise<SecretValue> {
    const form = await signedRpcForm({ ...GET_SECRET_VALUE, SecretName: secretName }, signer);
    const { status, body } = await this.#send(secretName, Buffer.from(form), signal);
    const fields = parseJsonObject(body.toString('utf8'));
    const text = (name: string) => {
      const value = fields[name];
      return typeof value === 'string' ? value : '';
    };
    if (text('Code') !== '') throw this.#refusal(text('Code'), status, text('RequestId'), secretName);
    if (status !== 200) throw foreignAnswerError(this.label, secretName, status);
    if (text('SecretData') === '') throw this.#noSecret(secretName);
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

  async #send(secretName: string, body: Uint8Array, signal: AbortSignal): Promise<HttpsAnswer> {
    const { timeouts } = this.#options;
    const headers = {
      host: addressText(this.address),
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      'user-agent': USER_AGENT,
    };
    try {
      return await httpsPost({ agent: this.#agent, ...this.address, headers, body, timeouts, signal });
    } catch (error) {
      if (signal.aborted || !isError(error)) throw error;
      const { code, explanation, temporary } = explainConnectionError(errorCodeOf(error));
      throw new KmsError(`${this.label} ${explanation}.`, { code, secretName, temporary, cause: error });
    }
  }

  #refusal(kmsCode: string, status: number, requestId: string, secretName: string): KmsError {
    const advice = this.#options.identity.kind === 'clientKey' ? CLIENT_KEY_ADVICE : RAM_ADVICE;
    const { code, explanation, temporary } = explainKmsCode(kmsCode, status, advice);
    return new KmsError(
      `${this.label} refused secret "${secretName}" with ${kmsCode} ` +
        `(HTTP ${status}, request ${requestId || 'without id'}): ${explanation}.`,
      {
        code,
        secretName,
        temporary: temporary || kmsCode === NONCE_USED,
        status,
        requestId: requestId || undefined,
      },
    );
  }

  #noSecret(secretName: string): KmsError {
    return new KmsError(
      `${this.label} answered 200 with no secret: check "endpoint", and that no proxy or load balancer answers in its place.`,
      { code: 'InvalidKmsResponse', secretName, temporary: true, status: 200 },
    );
  }
}

/** The fields of an answer; none when it is no JSON object. The parser's error may quote it, and is dropped. */
function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
