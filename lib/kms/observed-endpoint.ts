import { errorCodeOf } from '../core/errors.js';
import type { FetchLimits, SecretValue } from '../core/secret-value.js';
import { addressText, type KmsEndpoint, type NetworkAddress } from './kms-endpoint.js';
import { KmsError } from './kms-error.js';

/** How one request to one endpoint went. */
export interface KmsRequest {
  /** The name by which the application knows the secret. */
  readonly secretName: string;
  /** Host and, where it is not the usual one, port. */
  readonly endpoint: string;
  /** The region of the endpoint, where the configuration names it. */
  readonly regionId?: string | undefined;
  /** `ok`, `aborted` because another endpoint was faster, or the error code. */
  readonly outcome: string;
  readonly requestId?: string | undefined;
  readonly durationMs: number;
}

/** An endpoint that tells of each request it makes. */
export class ObservedEndpoint implements KmsEndpoint {
  readonly label: string;
  readonly address: NetworkAddress;

  constructor(
    private readonly endpoint: KmsEndpoint,
    private readonly regionId: string | undefined,
    private readonly onRequest: (request: KmsRequest) => void,
  ) {
    this.label = endpoint.label;
    this.address = endpoint.address;
  }

  async getSecretValue(secretName: string, limits: FetchLimits): Promise<SecretValue> {
    const startedAt = performance.now();
    const tell = (outcome: string, requestId?: string) => {
      this.onRequest({
        secretName: limits.eventName ?? secretName,
        endpoint: addressText(this.address),
        regionId: this.regionId,
        outcome,
        requestId,
        durationMs: performance.now() - startedAt,
      });
    };
    try {
      const value = await this.endpoint.getSecretValue(secretName, limits);
      tell('ok');
      return value;
    } catch (error) {
      if (limits.signal.aborted) tell('aborted');
      else tell(errorCodeOf(error), error instanceof KmsError ? error.requestId : undefined);
      throw error;
    }
  }

  close(): void {
    this.endpoint.close();
  }
}
