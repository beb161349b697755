import type { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import type { Subscription } from 'rxjs';

import type { Cloud } from '../cloud/cloud.js';
import { describeChange } from '../live-page/describe.js';
import type { CallRecorder } from '../load/call-recorder.js';
import type { Dashboard } from './dashboard.js';

const REDRAW_EVERY_MS = 200;

/** Shows in the terminal how the load is doing. */
export class TerminalView {
  readonly #timer: NodeJS.Timeout;
  readonly #subscriptions: readonly Subscription[];
  #key: string;

  constructor(
    credentials: ManagedCredentialsService,
    private readonly recorder: CallRecorder,
    private readonly cloud: Cloud,
    private readonly dashboard: Dashboard,
  ) {
    this.#key = credentials.status()[0]?.accessKeyId ?? '';
    this.#subscriptions = [
      credentials.events.subscribe((event) => {
        if (event.type !== 'rotated') return;
        const { secretName, from, to, durationMs } = event;
        this.#key = to.accessKeyId;
        this.dashboard.note(
          `${secretName}: ${from.accessKeyId} -> ${to.accessKeyId}, fetched in ${durationMs.toFixed(0)} ms`,
        );
      }),
      cloud.changes.subscribe((change) => {
        const line = describeChange(change);
        if (line) this.dashboard.note(line.text);
      }),
    ];
    this.#timer = setInterval(() => this.#redraw(), REDRAW_EVERY_MS);
  }

  /** Ends the view with a summary. */
  end(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.dashboard.end();
    const { calls, failed, inFlight, latency, failures } = this.recorder;
    const { emergencyRotations, kmsCalls } = this.cloud;
    const waiting = inFlight === 0 ? '' : `, ${inFlight} cut off by the end`;
    const atKms = kmsCalls === undefined ? '' : `, ${kmsCalls} KMS calls`;
    const [p50Ms = 0, p99Ms = 0] = [latency.percentile(0.5), latency.percentile(0.99)];
    console.log(
      `\n${calls.toLocaleString('en')} calls in ${this.dashboard.seconds} s, ${failed.toLocaleString('en')} failed${waiting}. ` +
        `${emergencyRotations} emergency rotations${atKms}. ` +
        `Latency p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms.`,
    );
    for (const [code, times] of failures) {
      console.log(`Failed with ${code}: ${times.toLocaleString('en')} calls.`);
    }
  }

  #redraw(): void {
    const { calls, failed, latency } = this.recorder;
    this.dashboard.show({
      calls,
      failed,
      rotations: this.cloud.emergencyRotations,
      kmsCalls: this.cloud.kmsCalls,
      key: this.#key,
      p50Ms: latency.percentile(0.5) ?? 0,
      p99Ms: latency.percentile(0.99) ?? 0,
    });
  }
}
