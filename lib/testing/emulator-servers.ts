import type { EmulatedCloud } from './emulated-cloud.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';
import type { EmulatorTarget } from './emulator-target.js';
import type { Gateway } from './http/gateway.js';
import { GatewayServer } from './http/gateway-server.js';
import { DedicatedKmsGateway } from './kms/dedicated/dedicated-kms-gateway.js';
import { RequestVerifier } from './kms/dedicated/request-verifier.js';
import { SecretValueReader } from './kms/secret-value.js';
import { SharedKmsGateway } from './kms/shared/shared-kms-gateway.js';
import { OpenApiGateway } from './openapi/openapi-gateway.js';
import { MultipartUploads } from './oss/multipart-uploads.js';
import { OssAuthenticator } from './oss/oss-authenticator.js';
import { OssGateway } from './oss/oss-gateway.js';
import { OSS_OPERATIONS } from './oss/oss-operations.js';
import { OssRouter } from './oss/oss-router.js';
import { headerSignatureV1 } from './oss/signatures/header-signature-v1.js';
import { headerSignatureV4 } from './oss/signatures/header-signature-v4.js';
import { CallAuthenticator } from './pop/call-authenticator.js';

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** The URL of each service. */
export type EmulatorEndpoints = Readonly<Record<EmulatorTarget, string>>;

/** The servers of one emulated cloud. */
export class EmulatorServers {
  private constructor(
    readonly endpoints: EmulatorEndpoints,
    private readonly servers: readonly { stop(): Promise<void> }[],
  ) {}

  /** Starts one server for each service. */
  static async start(cloud: EmulatedCloud, options: AlibabaCloudEmulatorOptions): Promise<EmulatorServers> {
    const { host = '127.0.0.1', latencyMs = 0 } = options;
    const { certificate: cert, privateKey: key } = cloud.tls.server;
    const servers: { stop(): Promise<void> }[] = [];
    const start = async <Call>(gateway: Gateway<Call>, secure: boolean): Promise<string> => {
      const latency = typeof latencyMs === 'number' ? latencyMs : (latencyMs[gateway.target] ?? 0);
      const server = new GatewayServer(gateway, cloud, latency, secure ? { cert, key } : undefined);
      servers.push(server);
      const port = await server.start(host);
      return secure ? `https://localhost:${port}` : `http://${reachable(host)}:${port}`;
    };
    const { dedicatedKms, kms, openapi, oss } = createGateways(cloud, options);
    const started = [
      start(dedicatedKms, true),
      start(kms, true),
      start(openapi, false),
      start(oss, false),
    ] as const;
    try {
      const urls = await Promise.all(started);
      const endpoints = { dedicatedKms: urls[0], kms: urls[1], openapi: urls[2], oss: urls[3] };
      return new EmulatorServers(Object.freeze(endpoints), servers);
    } catch (error) {
      await Promise.allSettled(started);
      await Promise.all(servers.map((server) => server.stop()));
      throw error;
    }
  }

  /** Stops them all, and closes every connection at once. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

function createGateways(
  cloud: EmulatedCloud,
  options: AlibabaCloudEmulatorOptions,
): { dedicatedKms: DedicatedKmsGateway; kms: SharedKmsGateway; openapi: OpenApiGateway; oss: OssGateway } {
  const { registry, now, clientKey, accountId, regionId } = cloud;
  const secrets = new SecretValueReader(registry, now);
  const calls = new CallAuthenticator(registry, now);
  const ossAuthenticator = new OssAuthenticator(registry, [headerSignatureV1, headerSignatureV4], now);
  const headErrorHeader = options.oss?.headErrorHeader ?? true;
  return {
    dedicatedKms: new DedicatedKmsGateway(
      new RequestVerifier(clientKey.keyId, clientKey.publicKey, now),
      secrets,
    ),
    kms: new SharedKmsGateway(calls, secrets, cloud.kmsIdentity),
    openapi: new OpenApiGateway(registry, calls, cloud.actions, accountId),
    oss: new OssGateway(
      ossAuthenticator,
      new OssRouter(OSS_OPERATIONS),
      cloud.objects,
      new MultipartUploads(now),
      {
        accountId,
        regionId,
        headErrorHeader,
      },
    ),
  };
}

function reachable(host: string): string {
  if (WILDCARDS.has(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
