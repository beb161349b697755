import type { AlibabaCloudEmulator } from './alibaba-cloud-emulator.js';
import { EmulatorError } from './emulator-error.js';
import { assertTarget } from './emulator-target.js';
import { FAULT_SHORTHANDS, type Fault } from './faults/fault.js';

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

/** Obeys one command, and gives what is to be printed; undefined when there is no such command. */
export function obeyCommand(
  cloud: AlibabaCloudEmulator,
  name: string,
  args: readonly string[],
): string | undefined {
  const command = COMMANDS.get(name);
  if (!command) return undefined;
  try {
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
