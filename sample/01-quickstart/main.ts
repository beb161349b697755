import { readCommandLine, USAGE, type DemoOptions } from './command-line.js';
import { runDemo } from './demo.js';

/** Within this time a signal is the same one: a terminal and npm both send it. */
const SAME_SIGNAL_MS = 500;

const options = read();
if (options === undefined) console.log(USAGE);
else process.exitCode = (await runDemo(options, endSignal())) === 0 ? 0 : 1;

function read(): DemoOptions | undefined {
  try {
    return readCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(1);
  }
}

/** Aborted when somebody wants the end; who wants it twice gets it at once. */
function endSignal(): AbortSignal {
  const stop = new AbortController();
  let wantedAt = Infinity;
  const onSignal = () => {
    if (performance.now() - wantedAt > SAME_SIGNAL_MS) process.exit(130);
    wantedAt = Math.min(wantedAt, performance.now());
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return stop.signal;
}
