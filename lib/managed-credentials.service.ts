import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Observable } from 'rxjs';

import { credentialsProviderOf, type CredentialsProvider } from './clients/credentials-provider.js';
import type { ManagedCredentialsEvent } from './core/events.js';
import type { ManagedCredentials } from './core/managed-credentials.js';
import type { SecretState } from './core/managed-secret.js';
import { maskAccessKeyId } from './core/mask-access-key-id.js';
import { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';
import { SecretRefreshService } from './secret-refresh.service.js';
import { startUp } from './start-up.js';

/** How one secret is doing. Instants are epoch milliseconds. */
export interface SecretStatus {
  /** The name the application uses. */
  readonly secretName: string;
  /** How good the key is. */
  readonly state: SecretState;
  /** Absent before the first fetch. */
  readonly versionId: string | undefined;
  /** Masked. */
  readonly accessKeyId: string | undefined;
  /** When KMS last confirmed the key, in epoch milliseconds; absent before the first fetch. */
  readonly fetchedAt: number | undefined;
  /** When it is fetched next, in epoch milliseconds; absent before the first fetch. */
  readonly nextRefreshAt: number | undefined;
  /** Why the last fetch failed; absent when it succeeded. */
  readonly lastErrorCode: string | undefined;
}

/**
 * The credentials of all secrets: for SDKs without a ready-made client, for status pages and for events.
 *
 * @hideconstructor
 */
@Injectable()
export class ManagedCredentialsService implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly runtime: ManagedCredentialsRuntime,
    private readonly refreshes: SecretRefreshService,
  ) {}

  /** Rotations, failures, recoveries and the like, as they happen; completes at shutdown. */
  get events(): Observable<ManagedCredentialsEvent> {
    return this.runtime.events.stream;
  }

  /**
   * The current key of a secret; fetched first when there is none yet. A name that KMS refuses is not asked for at each
   * call: the refusal is remembered for 1 s at first, and for 1 min at most while it goes on.
   *
   * @throws KmsError, InvalidSecretError or ConfigurationError when that fetch fails; ClosedError after shutdown
   */
  async getCredentials(secretName: string): Promise<ManagedCredentials> {
    return this.runtime.cache.secret(secretName).get();
  }

  /** The current key of a secret, if it has been fetched; without waiting. */
  peek(secretName: string): ManagedCredentials | undefined {
    return this.runtime.cache.has(secretName) ? this.runtime.cache.secret(secretName).current : undefined;
  }

  /**
   * Fetches a secret now, whatever is cached.
   *
   * @throws as {@link getCredentials}
   */
  async refresh(secretName: string): Promise<ManagedCredentials> {
    return this.refreshes.refreshNow(secretName);
  }

  /** A provider for SDKs that ask for credentials before each call: pop-core, @alicloud/credentials, @alicloud/log. */
  provider(secretName: string): CredentialsProvider {
    return credentialsProviderOf(this.runtime.cache.declare(secretName));
  }

  /** One row for each secret. */
  status(): readonly SecretStatus[] {
    return [...this.runtime.cache.secrets()].map(({ secretName, state, current, lastErrorCode }) => ({
      secretName,
      state,
      versionId: current?.versionId,
      accessKeyId: current && maskAccessKeyId(current.accessKeyId),
      fetchedAt: current?.fetchedAt,
      nextRefreshAt: this.refreshes.nextRefreshAt(secretName),
      lastErrorCode,
    }));
  }

  /** Fetches the secrets of all clients; called by Nest. */
  async onModuleInit(): Promise<void> {
    try {
      await startUp(this.runtime);
    } catch (error) {
      await this.onApplicationShutdown();
      throw error;
    }
  }

  /** Ends timers, waits and connections; called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    this.refreshes.beforeApplicationShutdown();
    await this.runtime.close();
  }
}
