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

const HANDLER = { remark: 'With an `akExpireHandler` of its own: one code stands for every refusal.' };

function simpleLogService(client: 'sls' | 'slsV4', version: string): Operation<GeneratedWorld>[] {
  const row = (name: string, method: string, request: string, fields: object, ...first: readonly string[]) =>
    sentAgain(
      `${name} of sls20201230, signature ${version}`,
      (world: GeneratedWorld) => world[client](method, ...first, world.slsRequest(request, fields)),
      HANDLER,
    );
  const store = { logstoreName: 'é b', shardCount: 2, ttl: 1 };
  return [
    row('listProject(request)', 'listProject', 'ListProjectRequest', { size: 10 }),
    row('listLogStores(project, request)', 'listLogStores', 'ListLogStoresRequest', { size: 10 }, 'web'),
    row('createLogStore(project, request)', 'createLogStore', 'CreateLogStoreRequest', store, 'web'),
  ];
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
  ...simpleLogService('sls', 'v1'),
  ...simpleLogService('slsV4', 'v4'),
];
