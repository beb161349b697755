import { ConfigurationError, type ProblemCollector } from './config/configuration-error.js';
import type { DedicatedKmsSettings, KmsSettings } from './config/kms-settings.js';
import { InvalidClientKeyError, parseClientKey } from './kms/dedicated/client-key.js';
import { DedicatedKmsClient } from './kms/dedicated/dedicated-kms-client.js';
import type { HedgeTimes } from './kms/hedged-fetch.js';
import type { RequestTimeouts } from './kms/https-post.js';
import type { KmsEndpoint } from './kms/kms-endpoint.js';
import { KmsSource } from './kms/kms-source.js';

/**
 * Builds the source of secrets from validated settings. Client keys are opened here, once.
 *
 * @throws ConfigurationError for client keys that cannot be opened, together with the problems found before
 */
export function createKmsSource(
  settings: KmsSettings,
  times: HedgeTimes & RequestTimeouts,
  problems: ProblemCollector,
): KmsSource {
  const endpoints = settings.dedicated
    .map((dedicated) => createDedicatedKmsClient(dedicated, times, problems))
    .filter((endpoint) => endpoint !== undefined);
  if (problems.problems.length > 0) {
    for (const endpoint of endpoints) endpoint.close();
    throw new ConfigurationError(problems.problems);
  }
  return new KmsSource(endpoints, times);
}

function createDedicatedKmsClient(
  { setting, clientKey, password, ...connection }: DedicatedKmsSettings,
  timeouts: RequestTimeouts,
  problems: ProblemCollector,
): KmsEndpoint | undefined {
  try {
    return new DedicatedKmsClient({
      ...connection,
      clientKey: parseClientKey(clientKey, password),
      timeouts,
    });
  } catch (error) {
    if (!(error instanceof InvalidClientKeyError)) throw error;
    const field = error.fault === 'password' ? 'passwordFrom…' : 'clientKeyFile';
    problems.add(
      `${setting}.${field}`,
      `the client key cannot be used: ${error.problem}`,
      capitalize(error.remedy),
    );
    return undefined;
  }
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
