import type { FetchLimits, SecretValue } from '../../lib/core/secret-value.js';
import type { KmsEndpoint } from '../../lib/kms/kms-endpoint.js';

/** An endpoint that does what its script says at each request, and the last of it from then on. Its version is its label. */
export class ScriptedEndpoint implements KmsEndpoint {
  /** Nobody listens there, and nobody is asked: the order is that of the list. */
  readonly address = { hostname: '127.0.0.1', port: 1 };
  requests = 0;
  aborted = 0;

  constructor(
    readonly label: string,
    private readonly script: readonly ('ok' | 'hang' | Error)[],
  ) {}

  async getSecretValue(_secretName: string, { signal }: FetchLimits): Promise<SecretValue> {
    const step = this.script[Math.min(this.requests++, this.script.length - 1)];
    if (step === 'ok') return { secretName: 'app', versionId: this.label, secretData: '{}' };
    if (step instanceof Error) throw step;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.aborted += 1;
        reject(new Error('aborted'));
      });
    });
  }

  close(): void {}
}
