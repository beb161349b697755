import type { EmulatedCloud } from './emulated-cloud.js';

/** How often a key is replaced. */
export const ROTATION_EVERY_MS = 2000;

/** Emergency rotations of each secret in turn, as long as they are wanted. */
export class AutomaticRotation {
  isOn = true;
  #rotations = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly cloud: EmulatedCloud,
    private readonly secretNames: readonly string[],
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.#rotate(), ROTATION_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #rotate(): void {
    // It is KMS that rotates keys: while it is broken, it does not.
    if (!this.isOn || this.cloud.kmsFault !== undefined) return;
    const secretName = this.secretNames[this.#rotations++ % this.secretNames.length];
    if (secretName !== undefined) this.cloud.emergencyRotate(secretName);
  }
}
