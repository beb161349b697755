import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface DemoOptions {
  /** When it ends by itself; Infinity for never. */
  readonly seconds: number;
  /** Where the live page is served, if nobody else is there; undefined without a page. */
  readonly port: number | undefined;
}

const DEFAULT_PORT = 4800;
/** Node fires longer timers at once. */
const MAX_SECONDS = 2_147_483;

export const USAGE = `Usage: npm run sample -- [--seconds N] [--port PORT] [--no-page]

  --seconds N   ends by itself, with a summary; exit code 1 if a call has failed
  --port PORT   of the live page; ${DEFAULT_PORT} without it, and a free one if it is taken
  --no-page     serves no live page
`;

/**
 * Reads the arguments of the demo; undefined when help is asked for.
 * @throws Error that names the option which is wrong or unknown
 */
export function readCommandLine(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      port: { type: 'string' },
      'no-page': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const seconds = Number(values.seconds ?? Infinity);
  if (!(seconds > 0) || (Number.isFinite(seconds) && seconds > MAX_SECONDS)) {
    throw new Error(`--seconds takes a number above 0, up to ${MAX_SECONDS}, not '${values.seconds}'`);
  }
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not '${values.port}'`);
  }
  return { seconds, port: values['no-page'] ? undefined : port };
}
