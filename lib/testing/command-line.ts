import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { AlibabaCloudEmulator } from './alibaba-cloud-emulator.js';
import { EmulatorError } from './emulator-error.js';
import { assertTarget } from './emulator-target.js';
import { FAULT_SHORTHANDS } from './faults/fault.js';

const USAGE = `Usage: alibaba-cloud-emulator [--secret NAME]... [--host ADDRESS] [--region ID] [--latency MS]

Runs dedicated KMS, the shared KMS API, an OpenAPI gateway and OSS on this machine until its input ends.
Commands, one a line:
  secret NAME                     make a managed RAM credential
  rotate NAME                     planned rotation
  emergency NAME [LAG_MS]         emergency rotation; KMS may lag behind
  revoke ID | restore ID          refuse or accept an AccessKey
  fail TARGET FAULT [TIMES]       FAULT: drop, hang, truncate, garbage, or an HTTP status
  clear                           take all faults away
  requests [TARGET]               what was asked so far
  quit
Targets: dedicatedKms, kms, openapi, oss
`;

type Command = (cloud: AlibabaCloudEmulator, ...args: string[]) => unknown;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['secret', (cloud, name = '') => cloud.createSecret(name).accessKeyId],
  ['rotate', (cloud, name = '') => cloud.rotate(name).accessKeyId],
  [
    'emergency',
    (cloud, name = '', lag = '0') => cloud.emergencyRotate(name, { kmsLagMs: Number(lag) }).accessKeyId,
  ],
  ['revoke', (cloud, accessKeyId = '') => cloud.revoke(accessKeyId)],
  ['restore', (cloud, accessKeyId = '') => cloud.restore(accessKeyId)],
  ['fail', (cloud, target = '', fault = '', times = '1') => plant(cloud, target, fault, Number(times))],
  ['clear', (cloud) => cloud.clearFaults()],
  ['requests', (cloud, target) => listRequests(cloud, target)],
]);

/**
 * The emulator as a program: starts it, prints the environment for a shell, and obeys commands until its input ends.
 * @throws EmulatorError when the options cannot be met
 */
export async function runCommandLine(
  args: readonly string[],
  input: Readable,
  output: Writable,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      secret: { type: 'string', multiple: true },
      host: { type: 'string' },
      region: { type: 'string' },
      latency: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void output.write(USAGE);
  const cloud = await AlibabaCloudEmulator.start({
    secrets: values.secret ?? [],
    latencyMs: Number(values.latency ?? 0),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.region === undefined ? {} : { regionId: values.region }),
  });
  try {
    for (const [name, value] of Object.entries(cloud.env)) output.write(`export ${name}='${value}'\n`);
    for (const [target, url] of Object.entries(cloud.endpoints)) output.write(`# ${target}: ${url}\n`);
    for await (const line of createInterface({ input })) {
      const [name = '', ...rest] = line.trim().split(/\s+/);
      if (name === 'quit') break;
      if (name !== '') output.write(`${obey(cloud, name, rest)}\n`);
    }
  } finally {
    await cloud.stop();
  }
}

function obey(cloud: AlibabaCloudEmulator, name: string, args: readonly string[]): string {
  try {
    const command = COMMANDS.get(name);
    if (!command) return USAGE;
    const result = command(cloud, ...args);
    return typeof result === 'string' ? result : 'done';
  } catch (error) {
    if (error instanceof EmulatorError) return error.message;
    throw error;
  }
}

function plant(cloud: AlibabaCloudEmulator, target: string, text: string, times: number): void {
  assertTarget(target);
  const shorthand = FAULT_SHORTHANDS.find((name) => name === text);
  if (shorthand) cloud.fail(target, shorthand, times);
  else cloud.fail(target, { status: Number(text) }, times);
}

function listRequests(cloud: AlibabaCloudEmulator, target: string | undefined): string {
  if (target !== undefined) assertTarget(target);
  return cloud
    .requests(target)
    .map((request) => JSON.stringify(request))
    .join('\n');
}
