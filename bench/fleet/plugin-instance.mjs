/** Constants of aliyun-sdk-managed-credentials-providers-python and the client under it, in milliseconds. */
const ROTATION_INTERVAL_MS = 6 * 60 * 60_000;
const DELAY_INTERVAL_MS = 5 * 60_000;
const DISTURBANCE_MS = 10 * 60_000;
const FIRST_BACKOFF_MS = 2000;
const LONGEST_BACKOFF_MS = 10_000;
const LONGEST_FETCH_MS = 10 * 60_000;
const TOKENS = 5;
const TOKEN_EVERY_MS = 10 * 60_000;
const SLEEP_AFTER_REFRESH_MS = 200;

/**
 * One instance of an application with the official plugin for Python, modeled after its published code: the
 * disturbance of its schedule is drawn once a process, a scheduled refresh that has failed waits for the next
 * interval, the backoff has no jitter, and an expired key costs one of five tokens, a fixed sleep and one retry,
 * whether or not the key has changed. Forced refreshes wait for each other, and each of them asks KMS.
 */
export class PluginInstance {
  #version;
  #time;
  #cloud;
  #disturbanceMs;
  #nextRotationAt = -1;
  #cancelTimer;
  #refreshing = Promise.resolve();
  #tokens = TOKENS;
  #tokensAt = 0;
  #onVersion;

  constructor({ time, random, cloud, onVersion }) {
    this.#time = time;
    this.#cloud = cloud;
    this.#onVersion = onVersion;
    this.#disturbanceMs = random() * DISTURBANCE_MS;
  }

  async start() {
    await this.#refresh();
    this.#plan();
  }

  /** Makes one call of the API. */
  async call() {
    try {
      await this.#cloud.call(this.#version);
    } catch {
      if (this.#takeToken()) await this.#forceRefresh();
      await this.#cloud.call(this.#version);
    }
  }

  async #forceRefresh() {
    const before = this.#refreshing;
    this.#refreshing = (async () => {
      await before;
      if (await this.#tryRefresh()) this.#plan();
    })();
    await this.#refreshing;
    await this.#time.sleep(SLEEP_AFTER_REFRESH_MS);
  }

  async #refresh() {
    const value = await this.#fetch();
    const version = Number(value.versionId.slice(1));
    if (version !== this.#version) this.#onVersion(version);
    this.#version = version;
    this.#nextRotationAt = value.nextRotationDate ? Date.parse(value.nextRotationDate) : -1;
  }

  async #tryRefresh() {
    try {
      await this.#refresh();
      return true;
    } catch {
      return false;
    }
  }

  async #fetch() {
    const endAt = this.#time.monotonic() + LONGEST_FETCH_MS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#cloud.getSecretValue('app');
      } catch (error) {
        const waitMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10));
        if (this.#time.monotonic() + waitMs > endAt) throw error;
        await this.#time.sleep(waitMs);
      }
    }
  }

  #plan() {
    this.#cancelTimer?.();
    const now = this.#time.now();
    const intervalAt = now + ROTATION_INTERVAL_MS + this.#disturbanceMs;
    const isFarOrPast = this.#nextRotationAt >= intervalAt || this.#nextRotationAt <= now;
    const at = isFarOrPast ? intervalAt : this.#nextRotationAt + DELAY_INTERVAL_MS + this.#disturbanceMs;
    this.#cancelTimer = this.#time.setTimer(at - now, async () => {
      await this.#tryRefresh();
      this.#plan();
    });
  }

  #takeToken() {
    const now = this.#time.monotonic();
    const gained = Math.floor((now - this.#tokensAt) / TOKEN_EVERY_MS);
    if (gained > 0) {
      this.#tokens = Math.min(TOKENS, this.#tokens + gained);
      this.#tokensAt = now;
    }
    if (this.#tokens === 0) return false;
    this.#tokens -= 1;
    return true;
  }
}
