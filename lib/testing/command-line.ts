import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { AlibabaCloudEmulator } from './alibaba-cloud-emulator.js';
import { EmulatorError } from './emulator-error.js';
import { assertTarget, EMULATOR_TARGETS } from './emulator-target.js';
import { FAULT_SHORTHANDS, type Fault } from './faults/fault.js';

const USAGE = `Usage: alibaba-cloud-emulator [--secret NAME]... [--host ADDRESS] [--region ID] [--replica ID]... [--latency MS]

Runs dedicated KMS, the shared KMS API, an OpenAPI gateway and OSS on this machine until its input ends.
Each --replica is a further region with a KMS of its own over the same secrets.
Commands, one a line:
  secret NAME                     make a managed RAM credential
  rotate NAME                     planned rotation
  emergency NAME [LAG_MS]         emergency rotation; KMS may lag behind
  revoke ID | restore ID          refuse or accept an AccessKey
  fail TARGET FAULT [TIMES]       FAULT: drop, hang, truncate, garbage, an HTTP status, or refuse (until clear);
                                  kms@REGION and dedicatedKms@REGION mean the KMS of one region
  clear                           take all faults away
  requests [TARGET]               what was asked so far
  quit
Targets: ${EMULATOR_TARGETS.join(', ')}
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
  ['fail', (cloud, target = '', fault = '', times) => plant(cloud, target, fault, times)],
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
      replica: { type: 'string', multiple: true },
      latency: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void output.write(USAGE);
  const cloud = await AlibabaCloudEmulator.start({
    secrets: values.secret ?? [],
    regions: values.replica ?? [],
    latencyMs: Number(values.latency ?? 0),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.region === undefined ? {} : { regionId: values.region }),
  });
  try {
    for (const [name, value] of Object.entries(cloud.env)) output.write(`export ${name}='${value}'\n`);
    for (const [target, url] of Object.entries(cloud.endpoints)) output.write(`# ${target}: ${url}\n`);
    for (const { regionId, endpoints } of cloud.regions.slice(1)) {
      for (const [target, url] of Object.entries(endpoints))
        output.write(`# ${target}@${regionId}: ${url}\n`);
    }
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

function plant(cloud: AlibabaCloudEmulator, where: string, text: string, times: string | undefined): void {
  const [target = '', regionId] = where.split('@', 2);
  assertTarget(target);
  const type = FAULT_SHORTHANDS.find((name) => name === text);
  const kind: Fault = type ? { type } : { status: Number(text) };
  const fault = regionId === undefined ? kind : { ...kind, regionId };
  cloud.fail(target, fault, times === undefined ? undefined : Number(times));
}

function listRequests(cloud: AlibabaCloudEmulator, target: string | undefined): string {
  if (target !== undefined) assertTarget(target);
  return cloud
    .requests(target)
    .map((request) => JSON.stringify(request))
    .join('\n');
}
