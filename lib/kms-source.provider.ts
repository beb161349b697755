import type { ProblemCollector } from './config/configuration-error.js';
import type {
  ClientKeySettings,
  EndpointSettings,
  KmsCredentialsSettings,
  KmsSettings,
} from './config/kms-settings.js';
import type { RamCredentialsProvider } from './config/ram-credentials-provider.js';
import { InvalidClientKeyError, parseClientKey, type ClientKey } from './kms/client-key.js';
import { DedicatedKmsClient } from './kms/dedicated/dedicated-kms-client.js';
import type { HedgeTimes } from './kms/hedged-fetch.js';
import type { RequestTimeouts } from './kms/https-post.js';
import type { KmsEndpoint, NetworkAddress } from './kms/kms-endpoint.js';
import { KmsSource } from './kms/kms-source.js';
import { ObservedEndpoint, type KmsRequest } from './kms/observed-endpoint.js';
import { createAlicloudCredential, type CredentialConfig } from './kms/shared/alicloud-credentials.js';
import type { KmsIdentity } from './kms/shared/kms-identity.js';
import { RamIdentity } from './kms/shared/ram-identity.js';
import { SharedKmsClient } from './kms/shared/shared-kms-client.js';

/**
 * Builds the source of secrets from validated settings. Client keys are opened here, once; those that cannot be are
 * noted as problems.
 *
 * @param onRequest told of each request to an endpoint
 */
export function createKmsSource(
  settings: KmsSettings,
  times: HedgeTimes & RequestTimeouts,
  problems: ProblemCollector,
  onRequest: (request: KmsRequest) => void,
): KmsSource {
  const endpoints: KmsEndpoint[] = [];
  const add = (endpoint: KmsEndpoint, { regionId }: EndpointSettings) =>
    endpoints.push(new ObservedEndpoint(endpoint, regionId, onRequest));
  for (const { ca, ignoreSslCerts, ...dedicated } of settings.dedicated) {
    const clientKey = openClientKey(dedicated, problems);
    if (clientKey === undefined) continue;
    const address = addressOf(dedicated);
    add(new DedicatedKmsClient({ address, clientKey, ca, ignoreSslCerts, timeouts: times }), dedicated);
  }
  const identity = settings.credentials && createIdentity(settings.credentials, problems);
  if (identity !== undefined) {
    for (const region of settings.regions) {
      const address = addressOf(region);
      add(new SharedKmsClient({ address, identity, ca: region.ca, timeouts: times }), region);
    }
  }
  return new KmsSource(endpoints, times);
}

function addressOf({ hostname, port = 443 }: EndpointSettings): NetworkAddress {
  return { hostname, port };
}

function openClientKey(
  { setting, clientKey, password }: ClientKeySettings,
  problems: ProblemCollector,
): ClientKey | undefined {
  try {
    return parseClientKey(clientKey, password);
  } catch (error) {
    if (!(error instanceof InvalidClientKeyError)) throw error;
    const field = error.fault === 'password' ? 'passwordFrom…' : 'clientKeyFile';
    problems.add(
      `${setting}.${field}`,
      `the client key cannot be used: ${error.problem}`,
      sentence(error.remedy),
    );
    return undefined;
  }
}

function createIdentity(
  credentials: KmsCredentialsSettings,
  problems: ProblemCollector,
): KmsIdentity | undefined {
  if (credentials.kind === 'clientKey') {
    const clientKey = openClientKey(credentials, problems);
    return clientKey && { kind: 'clientKey', clientKey };
  }
  return { kind: 'ram', identity: createRamIdentity(credentials) };
}

function createRamIdentity(credentials: Exclude<KmsCredentialsSettings, { kind: 'clientKey' }>): RamIdentity {
  switch (credentials.kind) {
    case 'accessKey': {
      const { accessKeyId, accessKeySecret } = credentials;
      return new RamIdentity('an access key', async () => async () => ({ accessKeyId, accessKeySecret }));
    }
    case 'provider':
      return new RamIdentity('the given provider', async () => async () => ask(credentials.provider));
    case 'defaultChain':
      return new RamIdentity('the default credential chain', () => askAlicloud());
    case 'ecsRole':
      return new RamIdentity('the role of the ECS instance', () =>
        askAlicloud({ type: 'ecs_ram_role', roleName: credentials.roleName }),
      );
    case 'assumedRole': {
      const { kind: _, durationSeconds, ...role } = credentials;
      return new RamIdentity('an assumed role', () =>
        askAlicloud({ type: 'ram_role_arn', ...role, roleSessionExpiration: durationSeconds }),
      );
    }
    case 'oidcRole': {
      const { kind: _, durationSeconds, ...role } = credentials;
      return new RamIdentity('a role assumed by OIDC', () =>
        askAlicloud({ type: 'oidc_role_arn', ...role, roleSessionExpiration: durationSeconds }),
      );
    }
  }
}

async function askAlicloud(config?: CredentialConfig): Promise<() => Promise<unknown>> {
  const credential = await createAlicloudCredential(config);
  return () => credential.getCredential();
}

async function ask(provider: RamCredentialsProvider): Promise<unknown> {
  return 'getCredentials' in provider ? provider.getCredentials() : provider.getCredential();
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
