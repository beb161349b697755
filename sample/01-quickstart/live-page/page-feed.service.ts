import { setImmediate as nextTurn } from 'node:timers/promises';

import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import { concat, defer, of, Subject, type Observable } from 'rxjs';

import { ROTATION_EVERY_MS } from '../cloud/automatic-rotation.js';
import { Cloud, type CloudChange } from '../cloud/cloud.js';
import { EmulatedCloud } from '../cloud/emulated-cloud.js';
import { CALLERS, LoadService } from '../load/load.service.js';
import { describeChange, describeEvent } from './describe.js';
import { FailureNotes } from './failure-notes.js';
import { KmsCallCounter } from './kms-call-counter.js';
import type { Mark, Note, Now, PageMessage, Point } from './page-message.js';
import { Recent } from './recent.js';

const TICK_MS = 500;
/** What the charts show: a minute. */
const POINTS = 60_000 / TICK_MS;
const MARKS = 200;
const NOTES = 60;
/** Turns of the event loop. */
const WRITING_TURNS = 3;

/** Watches the load, the cloud and the library, and tells every open page. */
@Injectable()
export class PageFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #startedAt = performance.now();
  readonly #messages = new Subject<PageMessage>();
  readonly #points = new Recent<Point>(POINTS);
  readonly #marks = new Recent<Mark>(MARKS);
  readonly #notes = new Recent<Note>(NOTES);
  readonly #kms = new KmsCallCounter();
  readonly #failures = new FailureNotes();
  #rotations = 0;
  #tickedAt = this.#startedAt;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly load: LoadService,
    private readonly credentials: ManagedCredentialsService,
  ) {
    cloud.changes.subscribe((change) => this.#onChange(change));
    credentials.events.subscribe((event) => {
      this.#kms.count(event);
      this.#addNote(describeEvent(event));
      // A real cloud does not tell of its rotations; what is seen is the new key.
      if (event.type === 'rotated' && !(cloud instanceof EmulatedCloud)) {
        this.#onChange({ type: 'planned', secretName: event.secretName, isManual: false });
      }
    });
  }

  /** What was so far, and then what happens, until the demo ends. */
  get messages(): Observable<PageMessage> {
    return concat(
      defer(() => of(this.#start())),
      this.#messages,
    );
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#messages.next({ type: 'end' });
    this.#messages.complete();
    // Connections are cut next: the last word is written by then.
    for (let turn = 0; turn < WRITING_TURNS; turn++) await nextTurn();
  }

  #tick(): void {
    const now = performance.now();
    const seconds = (now - this.#tickedAt) / 1000;
    this.#tickedAt = now;
    const { calls, failed, p50Ms, p99Ms } = this.load.recorder.takeInterval();
    const point = {
      at: this.#at(),
      callsPerSecond: calls / seconds,
      failuresPerSecond: failed / seconds,
      p50Ms,
      p99Ms,
      ...this.#kms.takeInterval(),
      isKmsBroken: this.#now().kmsFault !== undefined,
    };
    this.#points.add(point);
    this.#messages.next({ type: 'tick', point, now: this.#now() });
    this.#addNote(this.#failures.after(failed, this.load.recorder.failures, point.at));
  }

  #onChange(change: CloudChange): void {
    if (['emergency', 'lag', 'planned'].includes(change.type)) this.#rotations += 1;
    const mark = { ...change, at: this.#at() };
    this.#marks.add(mark);
    this.#messages.next({ type: 'mark', mark });
    this.#addNote(describeChange(change));
  }

  #addNote(line: Omit<Note, 'at'> | undefined): void {
    if (line === undefined) return;
    const note = { ...line, at: this.#at() };
    this.#notes.add(note);
    this.#messages.next({ type: 'note', note });
  }

  #start(): PageMessage {
    return {
      type: 'start',
      about: {
        cloud: this.cloud.description,
        callers: CALLERS,
        isEmulated: this.cloud instanceof EmulatedCloud,
        rotationEveryMs: ROTATION_EVERY_MS,
      },
      points: this.#points.items,
      marks: this.#marks.items,
      notes: this.#notes.items,
      now: this.#now(),
    };
  }

  #now(): Now {
    const { calls, failed, inFlight, latency } = this.load.recorder;
    const emulated = this.cloud instanceof EmulatedCloud ? this.cloud : undefined;
    return {
      now: Date.now(),
      calls,
      failed,
      inFlight,
      rotations: this.#rotations,
      kmsCalls: this.#kms.calls,
      kmsFailures: this.#kms.failures,
      p50Ms: latency.percentile(0.5) ?? 0,
      p99Ms: latency.percentile(0.99) ?? 0,
      secrets: this.credentials.status(),
      kmsFault: emulated?.kmsFault,
      isAutomatic: emulated?.automaticRotation.isOn ?? false,
    };
  }

  #at(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
