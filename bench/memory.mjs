import { startChild } from './support/child.mjs';

const SIZES = { full: 10_000, tiny: 100 };

export const title = 'Memory of a secret';

export const about =
  'The heap that one of 10,000 secrets takes, with its key, its schedule and its timer in the SchedulerRegistry, after garbage collection in a process of its own. Clients of SDKs come on top.';

/** Measures the heap of many secrets. */
export async function measure(size) {
  const { message } = await startChild('memory-process.mjs', {
    args: [String(SIZES[size])],
    execArgv: ['--expose-gc'],
  });
  return message;
}

/** The table of a measurement. */
export function rows({ secrets, bytesPerSecret }) {
  return [
    {
      Secrets: secrets.toLocaleString('en-US'),
      'Heap of each, bytes': Math.round(bytesPerSecret).toLocaleString('en-US'),
    },
  ];
}
