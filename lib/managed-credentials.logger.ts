import { Logger } from '@nestjs/common';

import { errorCodeOf, ManagedCredentialsError } from './core/errors.js';
import type { KeyLabel, ManagedCredentialsEvent } from './core/events.js';

/** Writes a log line for each event that is worth a human's attention; never a secret, never a line a call. */
export class ManagedCredentialsLogger {
  readonly #logger = new Logger('ManagedCredentials');

  /** Logs an event, or leaves it be. */
  onEvent(event: ManagedCredentialsEvent): void {
    switch (event.type) {
      case 'rotated':
        this.#logger.log(
          `Secret "${event.secretName}" rotated from ${keyText(event.from)} to ${keyText(event.to)} ` +
            `(${event.reason}, fetched in ${Math.round(event.durationMs)} ms)`,
        );
        break;
      case 'keyExpired':
        this.#logger.warn(
          `Secret "${event.secretName}": the cloud refused ${keyText(event.key)} in a call by ${event.sdk}; asking KMS for its successor`,
        );
        break;
      case 'keyNotReplaced':
        this.#logger.error(
          `Secret "${event.secretName}": the cloud refuses ${keyText(event.key)}, and KMS has offered no other version for ` +
            `${Math.round(event.waitedMs)} ms. Calls fail until it does; check the secret's rotation in KMS and the key in RAM`,
        );
        break;
      case 'keyAccepted':
        this.#logger.log(
          `Secret "${event.secretName}": the cloud takes ${keyText(event.key)} again, after calls failed for ` +
            `${Math.round(event.failingMs)} ms`,
        );
        break;
      case 'staleServed':
        this.#logger.warn(
          `Secret "${event.secretName}" could not be refreshed (${event.errorCode}); ${keyText(event.key)} ` +
            `of ${new Date(event.fetchedAt).toISOString()} keeps serving while KMS is asked again`,
        );
        break;
      case 'recalled':
        this.#logger.warn(
          `Secret "${event.secretName}": no KMS endpoint answers; ${keyText(event.key)} of ` +
            `${new Date(event.fetchedAt).toISOString()} was taken from the ${event.origin} until one does`,
        );
        break;
      case 'refreshFailed':
        // Every doubling of the failures, so that a long outage neither floods the log nor falls silent.
        if (event.failures > 1 && Number.isInteger(Math.log2(event.failures))) {
          this.#logger.warn(
            `Secret "${event.secretName}" could not be fetched ${event.failures} times in a row (${event.errorCode}` +
              `${event.requestId === undefined ? '' : `, request ${event.requestId}`})`,
          );
        }
        break;
      case 'recovered':
        this.#logger.log(
          `Secret "${event.secretName}" is refreshed again after ${event.failures} failures in ${Math.round(event.outageMs)} ms`,
        );
        break;
      case 'handlerFailed':
        this.#logger.warn(
          `The AK expire handler threw while judging an error of ${event.sdk} for secret "${event.secretName}" ` +
            `(${event.errorCode}); the error counted as not expired`,
        );
        break;
      case 'refreshed':
      case 'kmsRequest':
      case 'callRetried':
      case 'closed':
        break;
    }
  }

  /** Logs a start-up remark about the configuration. */
  warn(message: string): void {
    this.#logger.warn(message);
  }

  /** Logs that a secret of `secretNames` is not there yet. */
  prewarmFailed(secretName: string, error: unknown): void {
    const reason = error instanceof ManagedCredentialsError ? error.message : errorCodeOf(error);
    this.#logger.warn(`Secret "${secretName}" could not be prewarmed and is tried again: ${reason}`);
  }

  /**
   * Logs what the start is waiting for.
   *
   * @param secretName one of the secrets
   * @param outcome how the last request for it ended, if one has
   */
  waiting(secretName: string, secretCount: number, outcome: string | undefined, leftMs: number): void {
    const secrets =
      secretCount === 1 ? `secret "${secretName}"` : `${secretCount} secrets, "${secretName}" among them`;
    this.#logger.warn(
      `Still waiting for ${secrets} (${outcome ?? 'no answer yet'}); the start gives up in ${Math.round(leftMs)} ms`,
    );
  }

  /** Logs that the application is ready to make calls. */
  ready(secretCount: number, durationMs: number): void {
    this.#logger.log(
      `Fetched ${secretCount} ${secretCount === 1 ? 'secret' : 'secrets'} in ${Math.round(durationMs)} ms`,
    );
  }
}

function keyText({ accessKeyId, versionId }: KeyLabel): string {
  return `key ${accessKeyId} (version ${versionId || 'unnamed'})`;
}
