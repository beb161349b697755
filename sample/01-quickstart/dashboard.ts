/** What the live line shows. */
export interface Figures {
  readonly seconds: number;
  readonly calls: number;
  readonly failed: number;
  readonly rotations: number;
  /** Absent when the cloud does not tell. */
  readonly kmsCalls: number | undefined;
  /** Masked. */
  readonly key: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One line that renews itself in a terminal, and one line every few seconds in a log. */
export class Dashboard {
  readonly #isTerminal = process.stdout.isTTY;
  #lastLineAt = -Infinity;

  /** Shows the current figures. */
  show(figures: Figures): void {
    if (this.#isTerminal) {
      process.stdout.write(`\r\u001b[K${lineOf(figures, this.#color)}`);
    } else if (performance.now() - this.#lastLineAt >= 2000) {
      this.#lastLineAt = performance.now();
      process.stdout.write(`${lineOf(figures, (text) => text)}\n`);
    }
  }

  /** Shows something that happened, above the live line. */
  note(text: string): void {
    process.stdout.write(this.#isTerminal ? `\r\u001b[K${this.#color(text, 90)}\n` : `${text}\n`);
  }

  /** Ends the live line. */
  end(): void {
    if (this.#isTerminal) process.stdout.write('\r\u001b[K');
  }

  readonly #color = (text: string, code: number) =>
    this.#isTerminal && process.env['NO_COLOR'] === undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function lineOf(figures: Figures, color: (text: string, code: number) => string): string {
  const failed = `${figures.failed} failed`;
  return [
    `${String(figures.seconds).padStart(3)} s`,
    `${figures.calls.toLocaleString('en')} calls`,
    figures.failed === 0 ? color(failed, 32) : color(failed, 31),
    `${figures.rotations} rotations`,
    ...(figures.kmsCalls === undefined ? [] : [`${figures.kmsCalls} KMS calls`]),
    `key ${figures.key}`,
    `p50 ${figures.p50Ms.toFixed(1)} ms, p99 ${figures.p99Ms.toFixed(1)} ms`,
  ].join('  ');
}
