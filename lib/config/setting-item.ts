import { isRecord } from '../core/is-record.js';
import type { ProblemCollector } from './configuration-error.js';
import { readTextFile } from './read-file.js';
import { closestName } from './spelling.js';

/** The range a number of milliseconds must lie in. */
export interface DurationRange {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * One object of settings, with a name for messages: `cache_client_dkms_config_info[0] (environment)`; the name is empty
 * for the options of the module themselves.
 */
export class SettingItem {
  readonly #reported: string[] = [];

  constructor(
    readonly setting: string,
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly problems: ProblemCollector,
  ) {}

  /** Whether a problem was noted for a field of that name. */
  hasProblem(field: RegExp): boolean {
    return this.#reported.some((reported) => field.test(reported));
  }

  /** Notes a problem with one field. */
  report(field: string, problem: string, remedy: string): void {
    this.#reported.push(field);
    this.problems.add(this.#nameOf(field), problem, remedy);
  }

  /** Notes something about one field that works but should be looked at. */
  warn(field: string, warning: string): void {
    this.problems.warn(this.#nameOf(field), warning);
  }

  /**
   * Notes fields that are none of the known ones but look like a misspelling of one. Others are let be: the official
   * clients put more into these objects than is needed here.
   */
  checkSpelling(known: readonly string[]): void {
    for (const name of Object.keys(this.fields)) {
      const meant = known.includes(name) ? undefined : closestName(name, known);
      if (meant !== undefined) this.report(name, 'is not known', `Write it as "${meant}".`);
    }
  }

  /** A field that must be text when it is there; a blank string counts as absent. */
  text(field: string): string | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value.trim() === '' ? undefined : value;
    this.report(field, `is ${kindOf(value)}, not text`, `Write "${field}" as a string.`);
    return undefined;
  }

  /** A field that is a boolean, or says `true` or `false` in words; absent means false. */
  flag(field: string): boolean {
    const value = this.fields[field];
    if (value === undefined || value === null || value === '') return false;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^\s*(?:true|false)\s*$/i.test(value)) {
      return value.trim().toLowerCase() === 'true';
    }
    this.report(field, 'is neither true nor false', 'Write true or false.');
    return false;
  }

  /** Whether a field that should be a boolean names a readable file in its place. */
  namesFile(field: string): boolean {
    const value = this.fields[field];
    return typeof value === 'string' && 'text' in readTextFile(value);
  }

  /** A field that is a number of seconds, or such a number as text. */
  seconds(field: string): number | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null || value === '') return undefined;
    const seconds = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    if (Number.isInteger(seconds) && seconds > 0) return seconds;
    this.report(field, 'is no positive whole number', 'Write a number of seconds, such as 3600.');
    return undefined;
  }

  /** Notes a field that is no number of milliseconds in that range; absent is fine. */
  checkDuration(field: string, { leastMs, mostMs }: DurationRange): void {
    const value = this.fields[field];
    if (value === undefined || (typeof value === 'number' && value >= leastMs && value <= mostMs)) return;
    this.report(
      field,
      'is no usable number of milliseconds',
      `Write a number from ${leastMs} to ${mostMs}, without quotes.`,
    );
  }

  /** A field that holds fields of its own; absent is fine. */
  object(field: string): SettingItem | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (isRecord(value)) return new SettingItem(this.#nameOf(field), value, this.problems);
    this.report(field, `is ${kindOf(value)}, not an object`, `Write "${field}" as an object in braces.`);
    return undefined;
  }

  /**
   * The content of the file that a field names.
   *
   * @param isPathSecret keeps the path out of messages, where people are known to put a password in its place
   */
  file(field: string, isPathSecret = false): string | undefined {
    const path = this.text(field);
    if (path === undefined) return undefined;
    const content = readTextFile(path);
    if ('text' in content) return content.text;
    const problem = isPathSecret ? `the file it names ${content.reason}` : content.problem;
    this.report(field, problem, `Name a readable file; relative paths start at ${process.cwd()}.`);
    return undefined;
  }

  #nameOf(field: string): string {
    return this.setting === '' ? field : `${this.setting}.${field}`;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
