import { parseArgs } from 'node:util';
import { ENVIRONMENT_FORMATS, type EnvironmentFormat } from './admin/environment-text.js';
import { EmulatorError } from './emulator-error.js';
import { assertTarget, type EmulatorTarget } from './emulator-target.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';

/** What the command line asks for. */
export interface CommandLineOptions {
  readonly help: boolean;
  readonly cloud: AlibabaCloudEmulatorOptions;
  /** Of the admin server; 0 for any free one. */
  readonly port: number;
  readonly format: EnvironmentFormat;
  readonly kms: 'dedicated' | 'shared';
}

const KMS = ['dedicated', 'shared'] as const;

/**
 * Reads the arguments of the program.
 * @throws EmulatorError that names the option which is wrong or unknown
 */
export function readCommandLine(args: readonly string[]): CommandLineOptions {
  const values = parse(args);
  return {
    help: values.help ?? false,
    cloud: {
      secrets: values.secret ?? [],
      regions: values.replica ?? [],
      endpointVariables: Object.fromEntries((values.endpoint ?? []).map(pairOf)),
      latencyMs: numberOf('latency', values.latency ?? '0', Infinity),
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.region === undefined ? {} : { regionId: values.region }),
    },
    port: numberOf('port', values.port ?? '0', 65_535),
    format: wordOf('format', values.format ?? 'sh', ENVIRONMENT_FORMATS),
    kms: wordOf('kms', values.kms ?? 'dedicated', KMS),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        secret: { type: 'string', multiple: true },
        port: { type: 'string' },
        format: { type: 'string' },
        kms: { type: 'string' },
        host: { type: 'string' },
        region: { type: 'string' },
        replica: { type: 'string', multiple: true },
        endpoint: { type: 'string', multiple: true },
        latency: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new EmulatorError(`${error instanceof Error ? error.message : String(error)}. See --help.`, {
      cause: error,
    });
  }
}

function pairOf(text: string): [string, EmulatorTarget] {
  const [, name, target] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || target === undefined) {
    throw new EmulatorError(`--endpoint takes a pair such as ECS_ENDPOINT=openapi, not '${text}'.`);
  }
  assertTarget(target);
  return [name, target];
}

function numberOf(name: string, text: string, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number <= max) return number;
  const range = max === Infinity ? 'a whole number' : `a whole number up to ${max}`;
  throw new EmulatorError(`--${name} takes ${range}, not '${text}'.`);
}

function wordOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new EmulatorError(`--${name} takes ${words.join(', ')}, not '${text}'.`);
}
