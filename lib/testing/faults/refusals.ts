import { EmulatorError } from '../emulator-error.js';
import type { EmulatorTarget } from '../emulator-target.js';
import type { RefuseFault } from './fault.js';
import type { FaultHandle } from './fault-injector.js';

/** Where a server lets its clients in. */
export interface Door {
  readonly target: EmulatorTarget;
  /** Absent when the target is the same for all regions. */
  readonly regionId: string | undefined;
  /** Lets clients in, or refuses them. */
  setOpen(open: boolean): void;
}

interface Refusal {
  readonly target: EmulatorTarget;
  readonly regionId: string | undefined;
}

/** The `refuse` faults that last: they shut the doors of servers, where all other faults wait for requests. */
export class Refusals {
  readonly #doors: Door[] = [];
  #lasting: readonly Refusal[] = [];

  /** Takes a server into its care. */
  watch(door: Door): void {
    this.#doors.push(door);
  }

  /**
   * Shuts the doors of a target, of one region or of all, until the refusal is cleared.
   * @throws EmulatorError when it is to strike a number of times
   */
  plant(target: EmulatorTarget, { regionId }: RefuseFault, times: number | undefined): FaultHandle {
    if (times !== undefined && times !== Infinity) {
      throw new EmulatorError(
        `'refuse' lasts until it is cleared, so it takes no count of requests; got ${times}. Leave it out.`,
      );
    }
    const refusal: Refusal = { target, regionId };
    this.#set([...this.#lasting, refusal]);
    const lasts = (): boolean => this.#lasting.includes(refusal);
    return {
      get remaining() {
        return lasts() ? Infinity : 0;
      },
      clear: () => this.#set(this.#lasting.filter((other) => other !== refusal)),
    };
  }

  /** Takes all refusals of a target away, or all of them. */
  clear(target?: EmulatorTarget): void {
    this.#set(this.#lasting.filter((refusal) => target !== undefined && refusal.target !== target));
  }

  #set(lasting: readonly Refusal[]): void {
    this.#lasting = lasting;
    for (const door of this.#doors) door.setOpen(!lasting.some((refusal) => shuts(refusal, door)));
  }
}

function shuts(refusal: Refusal, door: Door): boolean {
  return (
    refusal.target === door.target && (refusal.regionId === undefined || refusal.regionId === door.regionId)
  );
}
