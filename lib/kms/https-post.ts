import https from 'node:https';
import type { Agent, RequestOptions } from 'node:https';

import { isError } from '../core/is-error.js';

/** How long one KMS request may take, in milliseconds. */
export interface RequestTimeouts {
  /** Until the TLS connection stands. */
  readonly connectTimeoutMs: number;
  /** From then until the whole answer is read. */
  readonly readTimeoutMs: number;
}

/** One request to send. */
export interface HttpsPost {
  readonly agent: Agent;
  readonly hostname: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeouts: RequestTimeouts;
  readonly signal: AbortSignal;
}

/** What a server answered. */
export interface HttpsAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** KMS limits a secret to 32 KiB; whatever is far above that is no answer of KMS. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Time-outs pass in so many steps, because a process that was busy runs its timers before it looks at its sockets: a
 * pause counts as one step, and what has arrived meanwhile is read before the next.
 */
const TIMEOUT_SLICES = 10;

/**
 * Sends `POST /` and reads the whole answer. Redirects are answers like any other: a signed request must not be
 * sent to where somebody else points.
 *
 * @throws Node's own error of the connection; `ETIMEDOUT` when one of the time-outs has passed;
 * `ERR_ANSWER_TOO_LARGE`; the signal's reason when it was aborted
 */
export async function httpsPost(post: HttpsPost): Promise<HttpsAnswer> {
  try {
    return await exchange(post);
  } catch (error) {
    // The server closed an idle connection at the moment it was used again; nothing was processed. The next one may be
    // closed as well, until none of them is left and a new one is made.
    if (error instanceof StaleConnectionError) return httpsPost(post);
    throw error;
  }
}

class StaleConnectionError extends Error {}

function exchange({ signal, timeouts, body, ...target }: HttpsPost): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const options: RequestOptions = { ...target, path: '/', method: 'POST' };
    const request = https.request(options);
    let timer: NodeJS.Timeout | undefined;

    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const limit = (phase: string, timeoutMs: number, slices = TIMEOUT_SLICES) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (slices > 1) limit(phase, timeoutMs, slices - 1);
        else request.destroy(timeoutError(phase, timeoutMs));
      }, timeoutMs / TIMEOUT_SLICES);
    };
    const onAbort = () => request.destroy(abortReason(signal));
    signal.addEventListener('abort', onAbort);

    request.on('socket', (socket) => {
      if (!socket.connecting) {
        limit('reading the answer', timeouts.readTimeoutMs);
        return;
      }
      limit('connecting', timeouts.connectTimeoutMs);
      socket.once('secureConnect', () => limit('reading the answer', timeouts.readTimeoutMs));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      fail(isStale && !signal.aborted ? new StaleConnectionError() : error);
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) response.destroy(answerTooLarge());
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () =>
        settle(() => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) })),
      );
    });
    request.end(body);
  });
}

function abortReason(signal: AbortSignal): Error {
  return isError(signal.reason) ? signal.reason : new Error('aborted');
}

function timeoutError(phase: string, timeoutMs: number): Error {
  return Object.assign(new Error(`time-out of ${timeoutMs} ms while ${phase}`), { code: 'ETIMEDOUT' });
}

function answerTooLarge(): Error {
  return Object.assign(new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`), {
    code: 'ERR_ANSWER_TOO_LARGE',
  });
}
