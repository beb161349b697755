import type { EmulatedCloud } from './emulated-cloud.js';
import { createServices } from './emulated-services.js';
import { EmulatorError } from './emulator-error.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';
import type { EmulatorTarget } from './emulator-target.js';
import { GatewayServer } from './http/gateway-server.js';

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** The URL of each service; of KMS, that of the main region. */
export type EmulatorEndpoints = Readonly<Record<EmulatorTarget, string>>;

/** The KMS of one region: its two faces, each with its own URL. */
export interface EmulatedRegion {
  /** Such as `cn-hangzhou`. */
  readonly regionId: string;
  /** The URLs. */
  readonly endpoints: Readonly<Record<'dedicatedKms' | 'kms', string>>;
}

interface Server {
  readonly target: EmulatorTarget;
  readonly regionId: string | undefined;
  readonly url: string;
  stop(): Promise<void>;
}

/** The servers of one emulated cloud. */
export class EmulatorServers {
  readonly endpoints: EmulatorEndpoints;
  /** The main region first. */
  readonly regions: readonly EmulatedRegion[];

  private constructor(
    cloud: EmulatedCloud,
    private readonly servers: readonly Server[],
  ) {
    this.endpoints = Object.freeze({
      dedicatedKms: this.#urlOf('dedicatedKms'),
      kms: this.#urlOf('kms'),
      openapi: this.#urlOf('openapi'),
      oss: this.#urlOf('oss'),
      sts: this.#urlOf('sts'),
      metadata: this.#urlOf('metadata'),
      sls: this.#urlOf('sls'),
    });
    const regions = cloud.regions.map(({ regionId }) => {
      const endpoints = {
        dedicatedKms: this.#urlOf('dedicatedKms', regionId),
        kms: this.#urlOf('kms', regionId),
      };
      return Object.freeze({ regionId, endpoints: Object.freeze(endpoints) });
    });
    this.regions = Object.freeze(regions);
  }

  /** Starts one server for each service. */
  static async start(cloud: EmulatedCloud, options: AlibabaCloudEmulatorOptions): Promise<EmulatorServers> {
    const { host = '127.0.0.1' } = options;
    const { certificate: cert, privateKey: key } = cloud.tls.server;
    const starting = createServices(cloud, options).map(async ({ gateway, secure, latencyMs, regionId }) => {
      const server = new GatewayServer(gateway, cloud, {
        latencyMs,
        ...(regionId === undefined ? {} : { regionId }),
        ...(secure ? { tls: { cert, key } } : {}),
      });
      const port = await server.start(host);
      cloud.refusals.watch(server);
      const url = secure ? `https://${secureName(host)}:${port}` : `http://${reachable(host)}:${port}`;
      return { target: gateway.target, regionId, url, stop: () => server.stop() };
    });
    const outcomes = await Promise.allSettled(starting);
    const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failed) return new EmulatorServers(cloud, servers);
    await Promise.all(servers.map((server) => server.stop()));
    throw failed.reason;
  }

  /** Stops them all, and closes every connection at once. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  #urlOf(target: EmulatorTarget, regionId?: string): string {
    const fits = (server: Server): boolean =>
      server.target === target && (regionId === undefined || server.regionId === regionId);
    const server = this.servers.find(fits);
    if (server) return server.url;
    throw new EmulatorError(`The emulator has no server for ${target}.`);
  }
}

// A name reads better and is what services are asked by, but `localhost` stands for this one address everywhere only.
function secureName(host: string): string {
  const address = reachable(host);
  return address === '127.0.0.1' ? 'localhost' : address;
}

function reachable(host: string): string {
  if (WILDCARDS.has(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
