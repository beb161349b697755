import { EmulatorError } from '../emulator-error.js';
import type { EmulatorTarget } from '../emulator-target.js';
import type { OpenRecord } from '../http/recorded-request.js';
import { snapshotOf } from '../http/request-log.js';
import type { RequestFault } from './typed-fault.js';

/** What `fail()` hands back. */
export interface FaultHandle {
  /** How many more requests will meet the fault; of a refusal, Infinity as long as it lasts. */
  readonly remaining: number;
  /** Takes the fault away. */
  clear(): void;
}

interface PlantedFault {
  readonly fault: RequestFault;
  remaining: number;
}

/** The faults that lie in wait for requests, by target, in the order in which they were planted. */
export class FaultInjector {
  readonly #planted = new Map<EmulatorTarget, PlantedFault[]>();

  /**
   * Makes the next `times` requests to a target that fit the fault's conditions meet it.
   * @throws EmulatorError when `times` is no count
   */
  plant(target: EmulatorTarget, fault: RequestFault, times: number): FaultHandle {
    if (!(times === Infinity || (Number.isInteger(times) && times > 0))) {
      throw new EmulatorError(`A fault strikes a whole number of times, or Infinity; got ${times}.`);
    }
    const planted: PlantedFault = { fault, remaining: times };
    this.#planted.set(target, [...(this.#planted.get(target) ?? []), planted]);
    return {
      get remaining() {
        return planted.remaining;
      },
      clear: () => {
        planted.remaining = 0;
        this.#sweep(target);
      },
    };
  }

  /** The fault that this request meets, if any; it is used up by one. */
  take(target: EmulatorTarget, record: OpenRecord): RequestFault | undefined {
    const planted = this.#planted.get(target)?.find(({ fault }) => fits(fault, record));
    if (planted === undefined) return undefined;
    planted.remaining -= 1;
    if (planted.remaining === 0) this.#sweep(target);
    return planted.fault;
  }

  /** Takes all faults of a target away, or all of them. */
  clear(target?: EmulatorTarget): void {
    for (const [key, list] of this.#planted) {
      if (target !== undefined && key !== target) continue;
      for (const planted of list) planted.remaining = 0;
      this.#planted.delete(key);
    }
  }

  #sweep(target: EmulatorTarget): void {
    const left = (this.#planted.get(target) ?? []).filter(({ remaining }) => remaining > 0);
    this.#planted.set(target, left);
  }
}

function fits(fault: RequestFault, record: OpenRecord): boolean {
  if (fault.regionId !== undefined && fault.regionId !== record.regionId) return false;
  if (fault.secretName !== undefined && fault.secretName !== record.secretName) return false;
  if (fault.action !== undefined && fault.action !== record.action) return false;
  return fault.match === undefined || fault.match(snapshotOf(record));
}
