/**
 * The outcome of a promise, unless the signal is aborted first: whoever does not heed the signal must not hold up a
 * shutdown.
 */
export function rejectWhenAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const onAbort = () => reject(new Error('aborted'));
    // A signal tells of its abort once, and not to those who listen later.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
      .catch(() => undefined);
  });
}
