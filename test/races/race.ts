import type fc from 'fast-check';

import { ExpiredKeyRetry } from '../../lib/clients/expired-key-retry.js';
import { InFlightCalls } from '../../lib/clients/in-flight-calls.js';
import { CredentialsCache } from '../../lib/core/credentials-cache.js';
import { ClosedError } from '../../lib/core/errors.js';
import type { ManagedCredentialsEvent } from '../../lib/core/events.js';
import type { ManagedSecret } from '../../lib/core/managed-secret.js';
import { DEFAULT_REFRESH_TIMES } from '../../lib/core/refresh-policy.js';
import { RefreshScheduler } from '../../lib/core/refresh-scheduler.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { RaceCall } from './race-call.js';
import type { Progress, Scenario, Step } from './race-scenario.js';
import { CloudError, EXPIRED, RaceWorld } from './race-world.js';

/** One run of a scenario over the real engine: what exists in it, and what can be done to it. */
export class Race {
  readonly clock = new VirtualClock();
  readonly events: ManagedCredentialsEvent[] = [];
  readonly calls: RaceCall[] = [];
  readonly world: RaceWorld;
  readonly cache: CredentialsCache;
  readonly secret: ManagedSecret;
  readonly scheduler: RefreshScheduler;
  readonly inFlight = new InFlightCalls();
  readonly retry: ExpiredKeyRetry;
  readonly #timers = new Map<string, () => void>();
  readonly #trace: string[] = [];
  #draws = 0;
  /** Refreshes that somebody waits for besides calls. */
  pendingRefreshes = 0;
  manualRefreshes = 0;

  constructor(
    private readonly schedule: fc.Scheduler,
    readonly scenario: Scenario,
  ) {
    const { clock } = this;
    const random = () => scenario.draws[this.#draws++ % scenario.draws.length] ?? 0;
    this.world = new RaceWorld(
      (what) => schedule.schedule(Promise.resolve(), what).then(() => this.log(what)),
      (line) => this.log(line),
    );
    this.cache = new CredentialsCache({
      source: this.world,
      fallback: this.world,
      clock,
      random,
      expiredKeyWaitMs: scenario.expiredKeyWaitMs,
      emit: (event) => {
        this.events.push(event);
        this.log(`event ${event.type}`);
        this.scheduler.onEvent(event);
      },
    });
    this.scheduler = new RefreshScheduler({
      cache: this.cache,
      clock,
      random,
      times: () => ({ ...DEFAULT_REFRESH_TIMES, jitterMs: 0 }),
      timers: {
        set: (name, delayMs, callback) => {
          this.#timers.get(name)?.();
          this.#timers.set(name, clock.setTimer(delayMs, callback));
        },
        clear: (name) => {
          this.#timers.get(name)?.();
          this.#timers.delete(name);
        },
      },
    });
    this.secret = this.cache.declare('app');
    this.retry = new ExpiredKeyRetry({
      secret: this.secret,
      sdk: 'acs',
      calls: this.inFlight,
      clock,
      closed: this.cache.closed,
      judge: (error) => error instanceof CloudError && error.code === EXPIRED,
      onRetry: () => undefined,
    });
  }

  get isClosed(): boolean {
    return this.cache.closed.aborted;
  }

  /** What has happened, a line each. */
  get trace(): string {
    return this.#trace.join('\n');
  }

  log(line: string): void {
    this.#trace.push(`${String(this.clock.monotonic()).padStart(9)} ms  ${line}`);
  }

  /** Does all steps. */
  async run(): Promise<void> {
    if (this.scenario.isReady) {
      const first = this.secret.get();
      await this.idle();
      await first;
    }
    for (const [progress, step] of this.scenario.steps) {
      await this.progress(progress);
      await this.act(step, progress);
    }
  }

  /** Does one step. */
  async act(step: Step, how: Progress): Promise<void> {
    this.log(`* ${JSON.stringify(step)}`);
    const { world } = this;
    switch (step.do) {
      case 'call':
        for (let count = 0; count < step.count; count++) this.call(step);
        break;
      case 'rotate':
      case 'emergency':
        world.rotate(step.do === 'emergency', step.kmsLags);
        break;
      case 'pass':
        await this.pass(step.ms, how);
        break;
      case 'KMS catches up':
        world.offered = world.newest;
        break;
      case 'KMS falls behind':
        world.offered = Math.max(1, world.offered - 1);
        break;
      case 'KMS goes down':
        world.kms = 'down';
        break;
      case 'KMS forbids':
        world.kms = 'forbids';
        break;
      case 'KMS comes back':
        world.kms = 'up';
        break;
      case 'key disabled':
        world.accepted = [];
        break;
      case 'key enabled':
        world.accepted = [world.newest];
        break;
      case 'key elsewhere':
        world.elsewhere = step.version;
        break;
      case 'refresh by hand':
        this.refresh();
        break;
      case 'close':
        this.close();
        await followUps();
        this.#assertOver();
        break;
    }
  }

  /** Makes a call. */
  call(how: Pick<Extract<Step, { do: 'call' }>, 'kind' | 'fault'>): RaceCall {
    const call = new RaceCall(this, `call ${this.calls.length + 1}`, how.kind, how.fault);
    this.calls.push(call);
    return call;
  }

  refresh(): void {
    this.manualRefreshes += 1;
    this.pendingRefreshes += 1;
    const settled = () => {
      this.pendingRefreshes -= 1;
    };
    this.secret.refresh('manual').then(settled, settled);
  }

  close(): void {
    this.scheduler.close();
    this.cache.close();
  }

  /** Once it is closed, nothing waits but calls that are on their way to the cloud. */
  #assertOver(): void {
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers are left after close`);
    const waiting = this.calls.filter(
      ({ isSettled, sendings }) => !isSettled && sendings.at(-1)?.outcome !== 'under way',
    );
    if (waiting.length > 0) throw new Error(`${waiting[0]?.name} goes on waiting after close`);
  }

  /** Lets requests get on, in an order that the exploration chooses. */
  async progress(how: Progress): Promise<void> {
    const most = { none: 0, one: 1, some: 4, all: Infinity }[how];
    for (let count = 0; count < most && this.schedule.count() > 0; count++) {
      await this.schedule.waitOne();
      if (!this.scenario.isHurried || how === 'all') await followUps();
    }
  }

  /** Lets requests get on until there are none. */
  async idle(): Promise<void> {
    await followUps();
    while (this.schedule.count() > 0) {
      await this.schedule.waitOne();
      await followUps();
    }
  }

  /** Lets time pass in pieces, between which answers may arrive. */
  async pass(byMs: number, how: Progress): Promise<void> {
    const pieceMs = Math.max(250, byMs / 24);
    for (let leftMs = byMs; leftMs > 0; leftMs -= pieceMs) {
      await this.clock.advance(Math.min(pieceMs, leftMs));
      await this.progress(how);
    }
  }

  /** Whether a use of the closed engine says so. */
  async refusesUse(): Promise<boolean> {
    const uses = [this.secret.get(), this.secret.refresh('manual'), this.retry.run(async () => 'sent')];
    const ends = await Promise.all(
      uses.map((use) =>
        use.then(
          () => false,
          (error: unknown) => error instanceof ClosedError,
        ),
      ),
    );
    return ends.every(Boolean);
  }
}

/** Lets promises settle that follow from one that did; the longest chain of them in the engine has under 30 links. */
async function followUps(): Promise<void> {
  for (let links = 0; links < 60; links++) await Promise.resolve();
}
