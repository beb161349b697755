import type { EmulatedCloud } from './emulated-cloud.js';
import { EmulatorError } from './emulator-error.js';
import { assertTarget, type EmulatorTarget } from './emulator-target.js';
import type { Fault, FaultShorthand } from './faults/fault.js';
import type { FaultHandle } from './faults/fault-injector.js';
import { toTypedFault } from './faults/typed-fault.js';
import type { RecordedRequest } from './http/recorded-request.js';
import type { RequestListener } from './http/request-listeners.js';
import type { ActionHandler } from './openapi/openapi-actions.js';
import { bucketContent, copyOf, type BucketContent } from './oss/bucket-content.js';
import type { StoredObject } from './oss/stored-object.js';
import { assertRegion } from './region-options.js';
import { SecretControls } from './secret-controls.js';

/** What a test can do to an emulated cloud while it runs. */
export class CloudControls extends SecretControls {
  readonly #cloud: EmulatedCloud;

  /** @internal */
  protected constructor(cloud: EmulatedCloud) {
    super(cloud);
    this.#cloud = cloud;
  }

  /**
   * Makes the next `times` requests to a service go wrong (1 without it); `Infinity` until the fault is cleared.
   * Of several faults that fit a request, the one planted first strikes. `refuse` always lasts until it is cleared.
   * @throws EmulatorError for an unknown target or region, or something that is no fault
   */
  fail(target: EmulatorTarget, fault: Fault, times?: number): FaultHandle;
  // An overload of its own: beside strings, TypeScript would take `match` of a fault for String's method.
  fail(target: EmulatorTarget, fault: Fault | FaultShorthand, times?: number): FaultHandle;
  fail(target: EmulatorTarget, fault: Fault | FaultShorthand, times?: number): FaultHandle {
    assertTarget(target);
    const typed = toTypedFault(fault, target);
    if (typed.regionId !== undefined) this.#assertRegional(target, typed.regionId);
    if (typed.type === 'refuse') return this.#cloud.refusals.plant(target, typed, times);
    return this.#cloud.faults.plant(target, typed, times ?? 1);
  }

  /** Takes the faults of one service away, or all faults. */
  clearFaults(target?: EmulatorTarget): void {
    if (target !== undefined) assertTarget(target);
    this.#cloud.faults.clear(target);
    this.#cloud.refusals.clear(target);
  }

  /** The requests that one service got, or all of them, oldest first: immutable copies. */
  requests(target?: EmulatorTarget): readonly RecordedRequest[] {
    if (target !== undefined) assertTarget(target);
    return this.#cloud.log.list(target);
  }

  /**
   * How many requests one service got, or all of them, since the start or the last `clearRequests()`: also those that
   * are not remembered any more.
   */
  requestCount(target?: EmulatorTarget): number {
    if (target !== undefined) assertTarget(target);
    return this.#cloud.log.count(target);
  }

  /** Forgets all recorded requests. */
  clearRequests(): void {
    this.#cloud.log.clear();
  }

  /**
   * Tells of each request to a service when it has arrived and nothing has been done with it yet, not even a look at
   * its signature: the moment to rotate a key in the middle of a call. The record has no more than method and path yet.
   * @returns what takes the listener away
   */
  onRequest(target: EmulatorTarget, listener: RequestListener): () => void {
    assertTarget(target);
    return this.#cloud.listeners.add(target, listener);
  }

  /**
   * Answers an action of the OpenAPI gateway or of Simple Log Service from now on; actions that nobody answers are echoed.
   * @param action an RPC action, or in ROA style a method and a path such as `GET /clusters`
   */
  onAction(action: string, handler: ActionHandler): void {
    this.#cloud.actions.register(action, handler);
  }

  /** An object in OSS, or undefined. */
  object(bucket: string, name: string): StoredObject | undefined {
    const object = this.#cloud.objects.get(bucket, name);
    return object && copyOf(object);
  }

  /** Everything that a bucket in OSS holds, or undefined when it has never been used. */
  bucket(name: string): BucketContent | undefined {
    const { objects, uploads } = this.#cloud;
    const bucket = objects.find(name);
    return bucket && bucketContent(bucket, uploads.list(name));
  }

  /** Puts an object into OSS, without a call. */
  putObject(
    bucket: string,
    name: string,
    body: Buffer | string,
    headers: Record<string, string> = {},
  ): StoredObject {
    return this.#cloud.objects.put(bucket, name, { body: Buffer.from(body), headers });
  }

  /** Takes a bucket away with everything that it holds, also what OSS itself would refuse to delete. */
  deleteBucket(name: string): void {
    const { objects, uploads } = this.#cloud;
    objects.forget(name);
    for (const upload of uploads.list(name)) uploads.end(upload);
  }

  #assertRegional(target: EmulatorTarget, regionId: string): void {
    if (target !== 'kms' && target !== 'dedicatedKms') {
      throw new EmulatorError(
        `Only kms and dedicatedKms differ by region; leave regionId out for '${target}'.`,
      );
    }
    assertRegion(regionId, this.#cloud.regions);
  }
}
