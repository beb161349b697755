import { liveLine, type Figures } from './live-line.js';

const LINE_EVERY_MS = 2000;
const GRAY = 90;
const RED = 31;
const CLEAR_LINE = '\r\u001b[K';

/** One line that renews itself in a terminal, and one line every few seconds in a log. */
export class Dashboard {
  readonly #startedAt = performance.now();
  readonly #isTerminal = process.stdout.isTTY;
  #lastLineAt = -Infinity;

  /** How long it has been shown. */
  get seconds(): number {
    return Math.round((performance.now() - this.#startedAt) / 1000);
  }

  /** Shows the current figures. */
  show(latest: Omit<Figures, 'seconds'>): void {
    const figures = { ...latest, seconds: this.seconds };
    if (this.#isTerminal) {
      process.stdout.write(CLEAR_LINE + liveLine(figures, process.stdout.columns, this.#color));
    } else if (performance.now() - this.#lastLineAt >= LINE_EVERY_MS) {
      this.#lastLineAt = performance.now();
      process.stdout.write(`${liveLine(figures, Infinity, (text) => text)}\n`);
    }
  }

  /** Shows something that happened, above the live line; cut off where a terminal ends. */
  note(text: string): void {
    const columns = this.#isTerminal ? process.stdout.columns : Infinity;
    const line = this.#withTime(text);
    this.#print(this.#color(line.length < columns ? line : `${line.slice(0, columns - 2)}…`, GRAY));
  }

  /** Shows what somebody should read to its end, above the live line. */
  problem(text: string): void {
    this.#print(this.#color(this.#withTime(text), RED));
  }

  /** Ends the live line. */
  end(): void {
    if (this.#isTerminal) process.stdout.write(CLEAR_LINE);
  }

  #withTime(text: string): string {
    return `${String(this.seconds).padStart(3)} s  ${text}`;
  }

  #print(line: string): void {
    process.stdout.write(`${this.#isTerminal ? CLEAR_LINE : ''}${line}\n`);
  }

  readonly #color = (text: string, code: number) =>
    this.#isTerminal && process.env['NO_COLOR'] === undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}
