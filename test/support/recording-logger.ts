import type { LoggerService } from '@nestjs/common';

/** Keeps all that is logged, and prints nothing. */
export class RecordingLogger implements LoggerService {
  /** Level and message of each line. */
  readonly lines: string[] = [];

  log = (message: unknown) => this.#keep('log', message);
  warn = (message: unknown) => this.#keep('warn', message);
  error = (message: unknown) => this.#keep('error', message);
  fatal = (message: unknown) => this.#keep('fatal', message);

  #keep(level: string, message: unknown): void {
    this.lines.push(`${level}: ${String(message)}`);
  }
}
