import { sentAgain, type Operation } from '../operation.js';

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** What the calls of the table of generated clients work with. */
export interface GeneratedWorld {
  /** Calls a method of a client, with a request of the SDK's own class. */
  readonly ecs: (method: string, request: string, fields: object) => ReturnType<Call>;
  readonly kms: (method: string, request: string, fields: object) => ReturnType<Call>;
  readonly sls: (method: string, ...args: readonly unknown[]) => ReturnType<Call>;
  readonly slsV4: (method: string, ...args: readonly unknown[]) => ReturnType<Call>;
  readonly slsRequest: (name: string, fields: object) => object;
}

/** Generated clients: one over openapi-core, one over rpc-client, one over a gateway of its own. */
export const OPENAPI_GENERATED: readonly Operation<GeneratedWorld>[] = [
  sentAgain('describeRegions(request) of ecs20140526', ({ ecs }) =>
    ecs('describeRegions', 'DescribeRegionsRequest', {}),
  ),
  sentAgain('describeInstances(request) of ecs20140526', ({ ecs }) =>
    ecs('describeInstances', 'DescribeInstancesRequest', { regionId: 'cn-hangzhou', pageSize: 20 }),
  ),
  sentAgain('runInstances(request) of ecs20140526', ({ ecs }) =>
    ecs('runInstances', 'RunInstancesRequest', {
      regionId: 'cn-hangzhou',
      instanceName: '貓',
      securityGroupIds: ['a'],
    }),
  ),
  sentAgain('listSecrets(request) of kms20160120', ({ kms }) =>
    kms('listSecrets', 'ListSecretsRequest', { pageNumber: 1, pageSize: 10 }),
  ),
  sentAgain('getSecretValue(request) of kms20160120', ({ kms }) =>
    kms('getSecretValue', 'GetSecretValueRequest', { secretName: 'other' }),
  ),
  ...(['sls', 'slsV4'] as const).flatMap((client) => {
    const version = client === 'sls' ? 'v1' : 'v4';
    return [
      sentAgain(`execute: listProject(request) of sls20201230, ${version}`, (world: GeneratedWorld) =>
        world[client]('listProject', world.slsRequest('ListProjectRequest', { size: 10 })),
      ),
      sentAgain(
        `execute: listLogStores(project, request) of sls20201230, ${version}`,
        (world: GeneratedWorld) =>
          world[client](
            'listLogStores',
            'web',
            world.slsRequest('ListLogStoresRequest', { logstoreName: 'é b' }),
          ),
      ),
      sentAgain(
        `execute: createLogStore(project, request) of sls20201230, ${version}`,
        (world: GeneratedWorld) =>
          world[client](
            'createLogStore',
            'web',
            world.slsRequest('CreateLogStoreRequest', { logstoreName: 'a', shardCount: 2, ttl: 1 }),
          ),
      ),
    ];
  }),
];
