import type { Agent } from 'node:https';

import { errorCodeOf } from '../../core/errors.js';
import { isError } from '../../core/is-error.js';
import type { FetchLimits, SecretValue } from '../../core/secret-value.js';
import type { ClientKey } from '../client-key.js';
import { explainConnectionError } from '../connection-problem.js';
import { foreignAnswerError } from '../foreign-answer.js';
import { httpsPost, type HttpsAnswer, type RequestTimeouts } from '../https-post.js';
import { createKmsAgent } from '../kms-agent.js';
import { explainKmsCode, type IdentityAdvice } from '../kms-code.js';
import { addressText, type KmsEndpoint, type NetworkAddress } from '../kms-endpoint.js';
import { KmsError } from '../kms-error.js';
import { USER_AGENT } from '../user-agent.js';
import {
  decodeGetSecretValueResponse,
  decodeKmsErrorMessage,
  encodeGetSecretValueRequest,
  type GetSecretValueResponse,
  type KmsErrorMessage,
} from './get-secret-value-messages.js';
import { signRequest } from './request-signature.js';

/** How to reach one dedicated KMS instance. */
export interface DedicatedKmsClientOptions {
  readonly address: NetworkAddress;
  readonly clientKey: ClientKey;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** Accepts any certificate. */
  readonly ignoreSslCerts: boolean;
  readonly timeouts: RequestTimeouts;
}

const ADVICE: IdentityAdvice = {
  rejected:
    'KMS does not accept the client key; check that "clientKeyFile" was made for this very instance and has not been deleted or expired',
  permit: 'add the secret to the accessible resources of its application access point (AAP) in KMS',
};

/**
 * Fetches secrets from a dedicated KMS instance, authenticated by a client key: protobuf messages over HTTPS,
 * signed with the key's RSA private key. One call is one attempt.
 */
export class DedicatedKmsClient implements KmsEndpoint {
  readonly label: string;
  readonly address: NetworkAddress;
  readonly #agent: Agent;
  readonly #options: DedicatedKmsClientOptions;

  constructor(options: DedicatedKmsClientOptions) {
    this.#options = options;
    this.address = options.address;
    this.label = `Dedicated KMS ${addressText(options.address)}`;
    this.#agent = createKmsAgent(options);
  }

  /**
   * Fetches the current version of a secret.
   *
   * @throws KmsError
   */
  async getSecretValue(secretName: string, { signal }: FetchLimits): Promise<SecretValue> {
    const body = encodeGetSecretValueRequest({
      secretName,
      versionStage: 'ACSCurrent',
      fetchExtendedConfig: true,
    });
    const answer = await this.#send(secretName, body, signal);
    return answer.status === 200
      ? this.#readSecret(answer.body, secretName)
      : this.#refuse(answer, secretName);
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #send(secretName: string, body: Uint8Array, signal: AbortSignal): Promise<HttpsAnswer> {
    const { clientKey, timeouts } = this.#options;
    const request = { apiName: 'GetSecretValue', body, date: Date.now() };
    const headers = {
      ...(await signRequest(request, clientKey)),
      host: addressText(this.address),
      'user-agent': USER_AGENT,
      'content-length': String(body.length),
    };
    try {
      return await httpsPost({ agent: this.#agent, ...this.address, headers, body, timeouts, signal });
    } catch (error) {
      if (signal.aborted || !isError(error)) throw error;
      const { code, explanation, temporary } = explainConnectionError(errorCodeOf(error));
      throw new KmsError(`${this.label} ${explanation}.`, {
        code,
        secretName,
        temporary,
        cause: error,
      });
    }
  }

  #readSecret(body: Buffer, secretName: string): GetSecretValueResponse {
    let response: GetSecretValueResponse | undefined;
    try {
      response = decodeGetSecretValueResponse(body);
    } catch {
      // The decoder's message may quote the body; that it failed says all there is to say.
    }
    if (response === undefined || response.secretName === '' || response.secretData === '') {
      throw new KmsError(
        `${this.label} answered 200 with ${body.length} bytes that are no secret: ` +
          'check that "endpoint" is a KMS instance and that no proxy answers in its place.',
        { code: 'InvalidKmsResponse', secretName, temporary: true, status: 200 },
      );
    }
    return response;
  }

  #refuse({ status, body }: HttpsAnswer, secretName: string): never {
    let error: KmsErrorMessage | undefined;
    try {
      error = decodeKmsErrorMessage(body);
    } catch {
      // Not from KMS itself.
    }
    if (error === undefined || error.errorCode === '') {
      throw foreignAnswerError(this.label, secretName, status);
    }
    const { explanation, temporary, code } = explainKmsCode(error.errorCode, status, ADVICE);
    throw new KmsError(
      `${this.label} refused secret "${secretName}" with ${error.errorCode} ` +
        `(HTTP ${status}, request ${error.requestId || 'without id'}): ${explanation}.`,
      { code, secretName, temporary, status, requestId: error.requestId || undefined },
    );
  }
}
