import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

import { ManagedCredentialsService, type SecretStatus } from '../managed-credentials.service.js';
import { conditionOf, type SecretCondition } from './secret-condition.js';

/** When secrets count as unhealthy. */
export interface CredentialsHealthOptions {
  /** The secrets to look at. @default all */
  readonly secretNames?: readonly string[] | undefined;
  /**
   * How long ago KMS may have confirmed a key that it cannot confirm at the moment, in milliseconds. The cloud still
   * takes such a key, so by default it is a warning however old it is: a restart would not make it younger.
   * @default Infinity
   */
  readonly maxStaleMs?: number | undefined;
  /**
   * The same for the warning, in milliseconds: a short outage of KMS need not be one.
   * @default 0
   */
  readonly warnAfterMs?: number | undefined;
}

/** What is told of one secret; nothing of its key. */
interface SecretHealth {
  readonly state: SecretStatus['state'];
  readonly versionId: string | undefined;
  /** Since KMS last confirmed the key. */
  readonly ageMs: number | undefined;
  readonly lastErrorCode: string | undefined;
}

/**
 * Health of the managed credentials for @nestjs/terminus: up; up with a `warning`, while keys are served that KMS cannot
 * confirm or that are being replaced; down with an `error`, when a secret has no key, or one that the cloud refuses. A
 * `note` names secrets that nothing has needed yet.
 *
 * @hideconstructor
 */
@Injectable()
export class ManagedCredentialsHealthIndicator {
  constructor(
    private readonly credentials: ManagedCredentialsService,
    private readonly health: HealthIndicatorService,
  ) {}

  /**
   * Looks at what is known of the secrets; KMS is not asked.
   *
   * @param key the name of the result in the health check's answer
   */
  isHealthy<const Key extends string>(
    key: Key,
    { secretNames, maxStaleMs = Infinity, warnAfterMs = 0 }: CredentialsHealthOptions = {},
  ): HealthIndicatorResult<Key> {
    const now = Date.now();
    const rows = this.credentials
      .status()
      .filter(({ secretName }) => secretNames?.includes(secretName) ?? true);
    const missing = secretNames?.filter((name) => !rows.some(({ secretName }) => secretName === name)) ?? [];
    const namesIn = (condition: SecretCondition, minAgeMs = -Infinity) =>
      rows
        .filter((row) => conditionOf(row) === condition && now - (row.fetchedAt ?? now) >= minAgeMs)
        .map(({ secretName }) => secretName);
    const error = textOf([
      [namesIn('absent'), (names) => `KMS has given no keys of ${names}`],
      [namesIn('refused'), (names) => `the cloud refuses the keys of ${names}, and KMS has no others`],
      [
        namesIn('unconfirmed', maxStaleMs),
        (names) => `KMS has not confirmed the keys of ${names} within maxStaleMs`,
      ],
      [missing, (names) => `nothing in the application has asked for ${names}`],
    ]);
    const warning = textOf([
      [
        namesIn('unconfirmed', warnAfterMs),
        (names) => `KMS cannot confirm the keys of ${names} at the moment`,
      ],
      [
        namesIn('beingReplaced'),
        (names) => `the cloud refused the keys of ${names}, and KMS is asked for others`,
      ],
    ]);
    const note = textOf([
      [namesIn('notFetched'), (names) => `the keys of ${names} are fetched at their first use`],
    ]);
    const details = {
      secrets: Object.fromEntries(rows.map((row) => [row.secretName, healthOf(row, now)])),
      ...(missing.length === 0 ? {} : { missing }),
      ...(error === undefined ? {} : { error }),
      ...(warning === undefined ? {} : { warning }),
      ...(note === undefined ? {} : { note }),
    };
    const check = this.health.check(key);
    return error === undefined ? check.up(details) : check.down(details);
  }
}

/** The sentences that are about any secret, in one text; undefined when there is none. */
function textOf(
  sentences: readonly (readonly [readonly string[], (names: string) => string])[],
): string | undefined {
  const said = sentences.flatMap(([names, sentence]) =>
    names.length === 0 ? [] : [sentence(names.join(', '))],
  );
  return said.length === 0 ? undefined : said.join('; ');
}

function healthOf({ state, versionId, fetchedAt, lastErrorCode }: SecretStatus, now: number): SecretHealth {
  return { state, versionId, ageMs: fetchedAt === undefined ? undefined : now - fetchedAt, lastErrorCode };
}
