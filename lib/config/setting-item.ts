import type { ProblemCollector } from './configuration-error.js';
import { readTextFile } from './read-file.js';

/** One object of a JSON array setting, with a name for messages: `cache_client_dkms_config_info[0] (environment)`. */
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
    this.problems.add(`${this.setting}.${field}`, problem, remedy);
  }

  /** A field that must be text when it is there; an empty string counts as absent. */
  text(field: string): string | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    this.report(field, `is ${kindOf(value)}, not text`, `Write "${field}" as a string.`);
    return undefined;
  }

  /** A field that is a boolean, or says `true` or `false` in words; absent means false. */
  flag(field: string): boolean {
    const value = this.fields[field];
    if (value === undefined || value === null || value === '') return false;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    this.report(field, `is neither true nor false`, `Write true or false.`);
    return false;
  }

  /** The content of the file that a field names. */
  file(field: string): string | undefined {
    const path = this.text(field);
    if (path === undefined) return undefined;
    const content = readTextFile(path);
    if ('text' in content) return content.text;
    this.report(field, content.problem, `Name a readable file; relative paths start at ${process.cwd()}.`);
    return undefined;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
