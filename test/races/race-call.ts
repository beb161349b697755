import { ClosedError, NotReadyError } from '../../lib/core/errors.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';
import type { CallKind } from './race-scenario.js';
import type { Race } from './race.js';
import { CloudError, endOf, EXPIRED, versionOf, type CallFault, type Sending } from './race-world.js';

/** How long a hasty call may wait for a key, in milliseconds. */
export const HASTE_MS = 300;

/** The code of a refusal that does not say why. */
const HIDDEN = 'Hidden';

/** One call through the engine, and what it may expect of it. */
export class RaceCall {
  readonly sendings: Sending[] = [];
  /** What it must not have done, or suffered. */
  readonly complaints: string[] = [];
  isSettled = false;
  error: unknown;
  /** Whether its key was given up for lost when the last refusal arrived: then it fails at once. */
  #wasGivenUp = false;

  constructor(
    private readonly race: Race,
    readonly name: string,
    readonly kind: CallKind,
    private readonly fault: CallFault,
  ) {
    const options = {
      replayable: kind !== 'stream',
      isSuspicious: (error: unknown) => error instanceof CloudError && error.code === HIDDEN,
      ...(kind === 'hasty' ? { waitLimitMs: HASTE_MS } : {}),
    };
    const wasClosed = race.isClosed;
    race.retry
      .run((key) => this.#send(key), options)
      .then(
        () => this.#settle(undefined),
        (error: unknown) => this.#settle(error),
      );
    if (wasClosed && this.sendings.length > 0) this.complaints.push('was sent after close');
  }

  async #send(key: Parameters<RaceCall['race']['world']['send']>[1]): Promise<string> {
    const { race } = this;
    const last = this.sendings.at(-1);
    if (race.isClosed) this.complaints.push('was sent after close');
    if (last !== undefined) this.#mayRepeat(last, versionOf(key));
    try {
      return await race.world.send(this.name, key, this.fault, this.sendings);
    } catch (error) {
      this.#wasGivenUp = race.secret.expiredKeys.isGivenUp;
      const isExpired = error instanceof CloudError && error.code === EXPIRED;
      if (this.kind !== 'hidden' || !isExpired) throw error;
      const hidden = new CloudError(HIDDEN);
      const sending = this.sendings.at(-1);
      if (sending !== undefined) sending.outcome = hidden;
      throw hidden;
    }
  }

  #mayRepeat({ version, outcome }: Sending, nextVersion: number): void {
    if (this.sendings.length === 3) this.complaints.push('was sent a fourth time');
    if (version === nextVersion) this.complaints.push(`was sent again with v${version}`);
    if (this.kind === 'stream') this.complaints.push('was sent again though it cannot be');
    const reason = outcome instanceof CloudError ? outcome.code : outcome;
    if (reason !== EXPIRED && reason !== HIDDEN) this.complaints.push(`was sent again after ${reason}`);
  }

  #settle(error: unknown): void {
    const { race } = this;
    this.isSettled = true;
    this.error = error;
    race.log(`${this.name} ended: ${endOf(error)}`);
    const last = this.sendings.at(-1);
    if (error === undefined) {
      if (last?.outcome !== 'ok') this.complaints.push('succeeded without an answer');
    } else if (error instanceof ClosedError) {
      if (!race.isClosed) this.complaints.push('was told that the engine is closed');
    } else if (error instanceof NotReadyError) {
      if (last !== undefined || this.kind !== 'hasty')
        this.complaints.push('was told that there is no key yet');
    } else if (error instanceof ScriptedKmsError) {
      if (last !== undefined) this.complaints.push('failed by an error of KMS');
    } else if (error !== last?.outcome) {
      this.complaints.push(`failed with another error than it met last: ${endOf(error)}`);
    } else if (error instanceof CloudError && error.code === EXPIRED) {
      this.#mayExpire(last);
    }
  }

  /** A call fails with an expired key only when there was no other one. */
  #mayExpire(last: Sending): void {
    const { race } = this;
    if (race.isClosed || this.kind === 'stream' || this.sendings.length === 3) return;
    const { current, expiredKeys } = race.secret;
    const hasOther =
      current !== undefined && versionOf(current) !== last.version && !expiredKeys.isUnresolved;
    if (hasOther && !race.scenario.isHurried) {
      this.complaints.push(`failed with v${last.version}, though v${versionOf(current)} was there`);
    }
    const { expiredKeyWaitMs } = race.scenario;
    if (this.kind !== 'plain' || this.#wasGivenUp || race.world.hasForbidden) return;
    const expiry = race.events.findLast((event) => event.type === 'keyExpired');
    const waitedMs = race.clock.now() - (expiry?.at ?? Infinity);
    if (waitedMs < expiredKeyWaitMs)
      this.complaints.push(`failed after ${waitedMs} ms, before the window closed`);
  }
}
