import { ClosedError, ManagedCredentialsError } from './core/errors.js';
import { isError } from './core/is-error.js';
import type { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';
import { noticeWaiting } from './waiting-notice.js';

/** Secrets that are fetched at the same time; as many as one KMS endpoint gets connections. */
const PARALLEL_FETCHES = 32;

/** The fetch itself keeps to the time and has more to tell; this only catches one that was started before. */
const TIMEOUT_SLACK_MS = 100;

/** Secrets that could not be had while the application started. Code: `StartupFailed`. */
export class StartupError extends ManagedCredentialsError {
  /** @param failures what went wrong, by secret */
  constructor(readonly failures: ReadonlyMap<string, Error>) {
    const list = [...failures.values()].map(({ message }) => `\n  - ${message}`);
    const count = failures.size === 1 ? '1 secret' : `${failures.size} secrets`;
    super(`The application cannot start without the credentials of ${count}:${list.join('')}`, {
      code: 'StartupFailed',
      secretName: failures.size === 1 ? [...failures.keys()][0] : undefined,
    });
  }
}

/**
 * What happens once, before the application takes requests: settings are read, the secret of every client is
 * fetched, and further secrets are prewarmed in the background.
 *
 * @throws ConfigurationError, StartupError; ClosedError when the application is closed meanwhile;
 *   ManagedCredentialsError when hooks or clients are defined wrongly
 */
export async function startUp(runtime: ManagedCredentialsRuntime): Promise<void> {
  const { cache, clients, logger, options } = runtime;
  if (cache.closed.aborted) throw new ClosedError();
  runtime.hooks.settle();
  clients.registrations.assertSingletons();
  runtime.isStarted = true;
  const isEveryClientOverridden = clients.registrations.count > 0 && clients.neededSecrets.size === 0;
  if (isEveryClientOverridden && options.secretNames.length === 0) return;

  const { settings, warnings } = runtime.kms.open();
  for (const warning of warnings) logger.warn(warning);
  if (options.startup === 'eager' && clients.neededSecrets.size > 0) {
    const startedAt = performance.now();
    await fetchAll(runtime, [...clients.neededSecrets]);
    logger.ready(clients.neededSecrets.size, performance.now() - startedAt);
  }
  void prewarm(runtime, settings.secretNames);
}

async function prewarm(
  { cache, logger }: ManagedCredentialsRuntime,
  names: readonly string[],
): Promise<void> {
  for (const secretName of names) cache.declare(secretName);
  await inParallel(names, async (secretName) => {
    if (cache.closed.aborted) return;
    await cache
      .secret(secretName)
      .get()
      .catch((error: unknown) => logger.prewarmFailed(secretName, error));
  });
}

/** Does something with each secret, with a few at a time. */
async function inParallel(
  names: readonly string[],
  work: (secretName: string) => Promise<void>,
): Promise<void> {
  const queue = names.values();
  const lane = async () => {
    for (const secretName of queue) await work(secretName);
  };
  await Promise.all(Array.from({ length: PARALLEL_FETCHES }, lane));
}

/**
 * The same for one client that is made later, in a module that is loaded lazily. A failure is only logged: the module
 * must not stay broken, and its calls fetch the key once KMS has it.
 */
export async function startLate(runtime: ManagedCredentialsRuntime, secretName: string): Promise<void> {
  if (runtime.options.startup !== 'eager') return;
  const { startupTimeoutMs } = runtime.options;
  try {
    const fetched = runtime.cache.secret(secretName).get(startupTimeoutMs);
    await within(startupTimeoutMs + TIMEOUT_SLACK_MS, secretName, fetched);
  } catch (error) {
    runtime.logger.prewarmFailed(secretName, error);
  }
}

async function fetchAll(runtime: ManagedCredentialsRuntime, secretNames: string[]): Promise<void> {
  const { cache, options } = runtime;
  const endAt = performance.now() + options.startupTimeoutMs;
  const failures = new Map<string, Error>();
  const pending = new Set(secretNames);
  const callOff = noticeWaiting(runtime, pending);
  await inParallel(secretNames, async (secretName) => {
    const leftMs = Math.max(0, endAt - performance.now());
    try {
      await within(leftMs + TIMEOUT_SLACK_MS, secretName, cache.secret(secretName).get(leftMs));
    } catch (error) {
      failures.set(secretName, isError(error) ? error : new Error('unknown error'));
    }
    pending.delete(secretName);
  });
  callOff();
  if (cache.closed.aborted) throw new ClosedError();
  const inOrder = secretNames.flatMap((secretName) => {
    const failure = failures.get(secretName);
    return failure === undefined ? [] : [[secretName, failure] as const];
  });
  if (inOrder.length > 0) throw new StartupError(new Map(inOrder));
}

async function within<Value>(timeoutMs: number, secretName: string, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `Secret "${secretName}" was not there within "startupTimeoutMs".`;
      reject(new ManagedCredentialsError(message, { code: 'StartupTimeout', secretName }));
    }, timeoutMs);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
