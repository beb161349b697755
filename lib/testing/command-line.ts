import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AdminServer } from './admin/admin-server.js';
import { environmentText } from './admin/environment-text.js';
import { AlibabaCloudEmulator } from './alibaba-cloud-emulator.js';
import { readCommandLine, type CommandLineOptions } from './command-line-options.js';
import { obeyCommand } from './console-commands.js';
import { USAGE } from './usage.js';

/**
 * The emulator as a program: starts it, prints the environment, and obeys commands and verbs until its input ends or
 * it is told to stop.
 * @param input absent when there is nobody to give commands
 * @throws EmulatorError when the options cannot be met
 */
export async function runCommandLine(
  args: readonly string[],
  input: Readable | undefined,
  output: Writable,
): Promise<void> {
  const options = readCommandLine(args);
  if (options.help) return void output.write(USAGE);
  const cloud = await AlibabaCloudEmulator.start(options.cloud);
  const stop = new AbortController();
  let admin: AdminServer | undefined;
  try {
    admin = await AdminServer.start(cloud, { port: options.port, onStop: () => stop.abort() });
    const introduction = introductionOf(cloud, admin.url, options);
    output.write(introduction);
    if (input && options.format === 'sh') output.write('# Commands: see help. The end: quit, or Ctrl+C.\n');
    await (input ? obeyLines(cloud, input, output, introduction, stop.signal) : aborted(stop.signal));
  } finally {
    await Promise.all([admin?.stop(), cloud.stop()]);
  }
}

async function obeyLines(
  cloud: AlibabaCloudEmulator,
  input: Readable,
  output: Writable,
  introduction: string,
  signal: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input });
  signal.addEventListener('abort', () => lines.close());
  for await (const line of lines) {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    if (name === 'quit') break;
    if (name === 'env') output.write(introduction);
    else if (name !== '') output.write(`${obeyCommand(cloud, name, rest) ?? USAGE}\n`);
  }
}

function introductionOf(
  cloud: AlibabaCloudEmulator,
  admin: string,
  { format, kms }: CommandLineOptions,
): string {
  const env = kms === 'dedicated' ? cloud.env : cloud.sharedKmsEnv();
  const { endpoints, regions } = cloud;
  if (format === 'json') return `${JSON.stringify({ env, endpoints, regions, admin })}\n`;
  const replicas = regions
    .slice(1)
    .flatMap(({ regionId, endpoints: urls }) =>
      Object.entries(urls).map(([target, url]) => [`${target}@${regionId}`, url] as const),
    );
  const addresses = [...Object.entries(endpoints), ...replicas, ['admin', admin] as const];
  return environmentText(env, format) + addresses.map(([name, url]) => `# ${name}: ${url}\n`).join('');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
