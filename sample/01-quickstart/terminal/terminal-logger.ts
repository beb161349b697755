import type { LoggerService } from '@nestjs/common';

import type { Dashboard } from './dashboard.js';

/** Shows errors above the live line, and nothing else of what Nest logs. */
export class TerminalLogger implements LoggerService {
  constructor(private readonly dashboard: Dashboard) {}

  error(message: unknown): void {
    this.dashboard.problem(String(message));
  }

  fatal(message: unknown): void {
    this.error(message);
  }

  log(): void {}

  warn(): void {}
}
