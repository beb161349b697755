import { Agent } from 'node:https';

import { isError } from '../../core/is-error.js';
import type { FetchLimits, SecretValue } from '../../core/secret-value.js';
import { VERSION } from '../../version.js';
import { explainConnectionError } from '../connection-problem.js';
import { httpsPost, type HttpsAnswer, type RequestTimeouts } from '../https-post.js';
import type { KmsEndpoint } from '../kms-endpoint.js';
import { KmsError } from '../kms-error.js';
import type { ClientKey } from './client-key.js';
import { explainKmsCode } from './kms-code.js';
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
  /** Host and optional port: `kst-xxx.cryptoservice.kms.aliyuncs.com`. */
  readonly hostname: string;
  /** @default 443 */
  readonly port?: number | undefined;
  readonly clientKey: ClientKey;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** Accepts any certificate. */
  readonly ignoreSslCerts: boolean;
  readonly timeouts: RequestTimeouts;
}

/** Connections to one instance at the same time; further requests wait for one of them. */
export const MAX_CONNECTIONS = 32;

/**
 * Idle connections are closed after this time. Between two refreshes lie hours, in which a firewall may forget
 * the connection without telling; a request on it would then hang until its time-out.
 */
const IDLE_CONNECTION_MS = 15_000;

const USER_AGENT = `AlibabaCloud (${process.platform}; ${process.arch}) Node.js/${process.version} nestjs-aliyun-managed-credentials/${VERSION}`;

/**
 * Fetches secrets from a dedicated KMS instance, authenticated by a client key: protobuf messages over HTTPS,
 * signed with the key's RSA private key. One call is one attempt.
 */
export class DedicatedKmsClient implements KmsEndpoint {
  /** Host and, where it is not the usual one, port. */
  readonly endpoint: string;
  readonly #agent: Agent;

  constructor(private readonly options: DedicatedKmsClientOptions) {
    const { clientKey, ca, ignoreSslCerts, hostname, port = 443 } = options;
    this.endpoint = port === 443 ? hostname : `${hostname}:${port}`;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: MAX_CONNECTIONS,
      timeout: IDLE_CONNECTION_MS,
      rejectUnauthorized: !ignoreSslCerts,
      ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
      ...(clientKey.certificate === undefined
        ? {}
        : {
            cert: clientKey.certificate,
            key: clientKey.privateKey.export({ type: 'pkcs8', format: 'pem' }),
          }),
    });
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
    const { clientKey, hostname, port = 443, timeouts } = this.options;
    const request = { apiName: 'GetSecretValue', body, date: Date.now() };
    const headers = {
      ...(await signRequest(request, clientKey)),
      host: this.endpoint,
      'user-agent': USER_AGENT,
      'content-length': String(body.length),
    };
    try {
      return await httpsPost({ agent: this.#agent, hostname, port, headers, body, timeouts, signal });
    } catch (error) {
      if (signal.aborted || !isError(error)) throw error;
      const { code, explanation, temporary } = explainConnectionError(error);
      throw new KmsError(`Dedicated KMS ${this.endpoint} ${explanation}.`, {
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
        `Dedicated KMS ${this.endpoint} answered 200 with ${body.length} bytes that are no secret: ` +
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
      throw new KmsError(
        `Dedicated KMS ${this.endpoint} answered with HTTP status ${status} and a body that is not KMS's: ` +
          'a proxy or load balancer seems to answer in its place; check "endpoint" and what lies between.',
        { code: `Http${status}`, secretName, temporary: status >= 500 || status === 429, status },
      );
    }
    const { explanation, temporary, code } = explainKmsCode(error.errorCode, status);
    throw new KmsError(
      `Dedicated KMS ${this.endpoint} refused secret "${secretName}" with ${error.errorCode} ` +
        `(HTTP ${status}, request ${error.requestId || 'without id'}): ${explanation}.`,
      { code, secretName, temporary, status, requestId: error.requestId || undefined },
    );
  }
}
