import type { FetchLimits, SecretSource, SecretValue } from '../../lib/core/secret-value.js';
import type { VirtualClock } from './virtual-clock.js';

/** A failure of KMS, as the core sees one. */
export class ScriptedKmsError extends Error {
  constructor(
    readonly code: string,
    readonly temporary: boolean,
  ) {
    super(`KMS says ${code}`);
  }
}

/** The port that KMS fills, under a test's control: holds versions of secrets and can fail, lag and be slow. */
export class ScriptedKms implements SecretSource {
  /** How many fetches have begun. */
  fetches = 0;
  /** How many of them were probes. */
  probes = 0;
  /** How long an answer takes. */
  latencyMs = 0;
  failure: Error | undefined;
  /** Whether a fetch gives up when its time is over, as the real source does. */
  honorsTimeout = false;
  /** Fields of the answer in place of the usual ones. */
  extra: Partial<SecretValue> = {};
  #version = 1;

  constructor(private readonly clock: VirtualClock) {}

  /** The version that KMS answers from now on. */
  set version(version: number) {
    this.#version = version;
  }

  async getSecretValue(secretName: string, { timeoutMs, isProbe }: FetchLimits): Promise<SecretValue> {
    this.fetches += 1;
    if (isProbe) this.probes += 1;
    const limitMs = this.honorsTimeout ? (timeoutMs ?? Infinity) : Infinity;
    if (this.latencyMs > 0) {
      await new Promise<void>((resolve) => {
        this.clock.setTimer(Math.min(this.latencyMs, limitMs), resolve);
      });
    }
    if (this.latencyMs > limitMs) throw new ScriptedKmsError('ETIMEDOUT', true);
    if (this.failure) throw this.failure;
    return { ...secretValue(secretName, this.#version), ...this.extra };
  }
}

/** A managed RAM credential as KMS answers it. */
export function secretValue(secretName: string, version: number): SecretValue {
  return {
    secretName,
    versionId: `v${version}`,
    secretData: JSON.stringify({
      AccessKeyId: `LTAI5tTestTestTest${String(version).padStart(4, '0')}`,
      AccessKeySecret: `secret-of-version-${version}`,
    }),
    secretType: 'RAMCredentials',
    extendedConfig: '{"SecretSubType":"RamUserAccessKey"}',
  };
}
