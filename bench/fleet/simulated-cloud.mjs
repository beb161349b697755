import { KmsError } from '../../dist/kms/kms-error.js';

/** How long an answer of KMS and of a cloud API takes, in milliseconds: uniformly between these. */
const LATENCY_MS = [10, 30];

/**
 * KMS with a request limit, and an API that accepts the keys it hands out. All instances use one secret.
 */
export class SimulatedCloud {
  /** Requests to KMS, accepted or not, by second since the start. */
  requestsBySecond = [];
  #time;
  #random;
  #isKmsDown = false;
  #nextRotationAt;
  #version = 1;
  #oldestGood = 1;
  #kmsLagsUntil = 0;
  /** One slot for each request that fits into a second: the next one is always the oldest. */
  #admittedAt;
  #next = 0;

  constructor({ time, random, requestsPerSecond }) {
    this.#time = time;
    this.#random = random;
    this.#admittedAt = Array.from({ length: requestsPerSecond }, () => -Infinity);
  }

  /** The newest version of the key. */
  get version() {
    return this.#version;
  }

  /** KMS tells when it means to rotate the secret next. */
  announce(nextRotationAt) {
    this.#nextRotationAt = nextRotationAt;
  }

  /** There is a new version, which KMS hands out after a while; the older key goes on being accepted. */
  rotate({ nextRotationAt, kmsLagMs = 0 } = {}) {
    this.#version += 1;
    this.#kmsLagsUntil = this.#time.monotonic() + kmsLagMs;
    this.#nextRotationAt = nextRotationAt;
    return this;
  }

  /** The API refuses all keys but the newest from now on. */
  revokeOldKeys() {
    this.#oldestGood = this.#version;
  }

  setKmsDown(isDown) {
    this.#isKmsDown = isDown;
  }

  /** GetSecretValue; throws what the KMS clients throw. */
  async getSecretValue(secretName) {
    const now = this.#time.monotonic();
    count(this.requestsBySecond, Math.floor(now / 1000));
    const code = this.#isKmsDown ? 'ServiceUnavailableTemporary' : this.#admit(now);
    const answered = code === undefined ? this.#value(secretName) : undefined;
    await this.#latency();
    if (answered !== undefined) return answered;
    throw new KmsError(`KMS says ${code}.`, { code, secretName, temporary: true });
  }

  /** A call of the API that is signed with the key of a version. */
  async call(version) {
    await this.#latency();
    if (version < this.#oldestGood) {
      throw Object.assign(new Error('Specified access key is not found.'), {
        code: 'InvalidAccessKeyId.NotFound',
      });
    }
  }

  #latency() {
    const [minMs, maxMs] = LATENCY_MS;
    return this.#time.sleep(minMs + this.#random() * (maxMs - minMs));
  }

  /** No more than the limit in any second; requests that are refused do not count. */
  #admit(now) {
    if (now - this.#admittedAt[this.#next] < 1000) return 'Rejected.Throttling';
    this.#admittedAt[this.#next] = now;
    this.#next = (this.#next + 1) % this.#admittedAt.length;
    return undefined;
  }

  #value(secretName) {
    const version = this.#time.monotonic() < this.#kmsLagsUntil ? this.#version - 1 : this.#version;
    return {
      secretName,
      versionId: `v${version}`,
      secretData: JSON.stringify({ AccessKeyId: `key-${version}`, AccessKeySecret: 'secret' }),
      secretType: 'RAMCredentials',
      extendedConfig: '{"SecretSubType":"RamUserAccessKey"}',
      nextRotationDate: this.#nextRotationAt && new Date(this.#nextRotationAt).toISOString(),
    };
  }
}

function count(bySecond, second) {
  while (bySecond.length <= second) bySecond.push(0);
  bySecond[second] += 1;
}
