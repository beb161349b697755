import { ManagedCredentialsError } from '../core/errors.js';

/** One thing that is wrong with the configuration. Holds no value of a password, key or secret. */
export interface ConfigurationProblem {
  /** Which setting: its key, where it was read, and the index and field inside it. */
  readonly setting: string;
  /** What is wrong with it. */
  readonly problem: string;
  /** What to do. */
  readonly remedy: string;
}

/** The configuration cannot be used; lists every problem of it. Code: `InvalidConfiguration`. */
export class ConfigurationError extends ManagedCredentialsError {
  constructor(
    /** All that is wrong. */
    readonly problems: readonly ConfigurationProblem[],
  ) {
    const list = problems.map(({ setting, problem, remedy }) => `\n  - ${setting}: ${problem}. ${remedy}`);
    super(
      `The managed credentials are not configured correctly (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):${list.join('')}`,
      { code: 'InvalidConfiguration' },
    );
  }
}

/** Collects problems, so that one error can name them all, and warnings. */
export class ProblemCollector {
  readonly problems: ConfigurationProblem[] = [];
  /** What works but should be looked at, as sentences. */
  readonly warnings: string[] = [];

  /** Notes a problem. */
  add(setting: string, problem: string, remedy: string): void {
    this.problems.push({ setting, problem, remedy });
  }

  /** Notes something that works but should be looked at. */
  warn(setting: string, warning: string): void {
    this.warnings.push(`${setting}: ${warning}`);
  }

  /** @throws ConfigurationError when there was any problem */
  throwIfAny(): void {
    if (this.problems.length > 0) throw new ConfigurationError(this.problems);
  }
}
