import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';
import { Subject } from 'rxjs';

import { AutomaticRotation } from './automatic-rotation.js';
import { Cloud, type CloudChange } from './cloud.js';
import { KMS_FAULTS, type KmsFault } from './kms-fault.js';

/** A cloud on this machine, which can be rotated and broken. */
export class EmulatedCloud extends Cloud {
  readonly description = 'an emulated Alibaba Cloud on this machine';
  readonly changes = new Subject<CloudChange>();
  emergencyRotations = 0;
  /** How KMS is broken, while it is. */
  kmsFault: KmsFault | undefined;
  readonly automaticRotation: AutomaticRotation;
  /** The keys that were revoked, by secret. */
  readonly #revoked = new Map<string, string>();

  private constructor(
    private readonly emulator: AlibabaCloudEmulator,
    secretNames: readonly string[],
  ) {
    super();
    this.automaticRotation = new AutomaticRotation(this, secretNames);
  }

  /** Starts a cloud with these secrets, and points the environment at it. */
  static async start(secretNames: readonly string[]): Promise<EmulatedCloud> {
    // The demo counts requests and does not look at them again.
    const emulator = await AlibabaCloudEmulator.start({ secrets: secretNames, requestLogLimit: 1000 });
    Object.assign(process.env, emulator.env, {
      ECS_ENDPOINT: emulator.endpoints.openapi,
      OSS_ENDPOINT: emulator.endpoints.oss,
    });
    return new EmulatedCloud(emulator, secretNames);
  }

  get kmsCalls(): number {
    return this.emulator.requestCount('dedicatedKms');
  }

  /** Replaces the key of a secret and refuses the old one at once; KMS may go on answering the old one for a while. */
  emergencyRotate(secretName: string, { kmsLagMs = 0, isManual = false } = {}): void {
    this.emulator.emergencyRotate(secretName, { kmsLagMs });
    this.emergencyRotations += 1;
    const isLagging = kmsLagMs > 0;
    this.changes.next({ type: isLagging ? 'lag' : 'emergency', secretName, kmsLagMs, isManual });
  }

  /** Replaces the key of a secret; the old one stays good until the next rotation. */
  rotate(secretName: string): void {
    this.emulator.rotate(secretName);
    this.changes.next({ type: 'planned', secretName, isManual: true });
  }

  /** Refuses the current key of a secret, without a successor. */
  revoke(secretName: string): void {
    const { accessKeyId } = this.emulator.secret(secretName);
    this.emulator.revoke(accessKeyId);
    this.#revoked.set(secretName, accessKeyId);
    this.changes.next({ type: 'revoked', secretName, isManual: true });
  }

  /** Breaks KMS until it is mended; no key is rotated by itself as long. */
  breakKms(fault: KmsFault): void {
    this.emulator.clearFaults('dedicatedKms');
    const isLasting = fault === 'refuse';
    this.emulator.fail('dedicatedKms', KMS_FAULTS[fault], isLasting ? undefined : Infinity);
    this.kmsFault = fault;
    this.changes.next({ type: 'kmsBroken', isManual: true });
  }

  /** Mends KMS, and gives revoked keys a successor. */
  mend(): void {
    this.emulator.clearFaults();
    this.kmsFault = undefined;
    this.changes.next({ type: 'mended', isManual: true });
    for (const [secretName, accessKeyId] of this.#revoked) {
      if (this.emulator.secret(secretName).accessKeyId === accessKeyId) this.emergencyRotate(secretName);
    }
    this.#revoked.clear();
  }

  stop(): Promise<void> {
    this.automaticRotation.stop();
    this.changes.complete();
    return this.emulator.stop();
  }
}
