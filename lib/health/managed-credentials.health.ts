import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

import { ManagedCredentialsService, type SecretStatus } from '../managed-credentials.service.js';

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
 * confirm; down, when a secret has no key, or one that the cloud refuses.
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
    // A secret of a lazy start that nobody has needed yet has no age, and nothing is wrong with it.
    const isStaleFor = ({ state, fetchedAt }: SecretStatus, limitMs: number) =>
      state === 'stale' && fetchedAt !== undefined && now - fetchedAt >= limitMs;
    const isDown =
      missing.length > 0 || rows.some((row) => row.state === 'failing' || isStaleFor(row, maxStaleMs));
    const stale = rows.filter((row) => isStaleFor(row, warnAfterMs)).map(({ secretName }) => secretName);
    const details = {
      secrets: Object.fromEntries(rows.map((row) => [row.secretName, healthOf(row, now)])),
      ...(missing.length === 0 ? {} : { missing }),
      ...(stale.length === 0
        ? {}
        : { warning: `KMS cannot confirm the keys of ${stale.join(', ')} at the moment` }),
    };
    const check = this.health.check(key);
    return isDown ? check.down(details) : check.up(details);
  }
}

function healthOf({ state, versionId, fetchedAt, lastErrorCode }: SecretStatus, now: number): SecretHealth {
  return { state, versionId, ageMs: fetchedAt === undefined ? undefined : now - fetchedAt, lastErrorCode };
}
