import {
  ca,
  caFilePath,
  describeCases,
  endpoint,
  expectedRegion,
  json,
  oneRegion,
} from './support/peer-cases.js';

describeCases([
  {
    name: 'shared KMS, regions in all forms',
    settings: {
      cache_client_region_id: json([
        { regionId: 'cn-hangzhou' },
        { regionId: 'cn-shanghai', vpc: true },
        { regionId: 'cn-beijing', vpc: 'true' },
        { regionId: 'cn-shenzhen', vpc: 'false' },
        { regionId: 'cn-qingdao', endpoint: 'kms.example.com:8443', vpc: true },
      ]),
      credentials_type: 'ak',
      credentials_access_key_id: 'LTAI5tIdentity',
      credentials_access_secret: 'identity-secret',
    },
    expected: {
      regions: [
        expectedRegion('cn-hangzhou', 'kms.cn-hangzhou.aliyuncs.com'),
        expectedRegion('cn-shanghai', 'kms-vpc.cn-shanghai.aliyuncs.com'),
        expectedRegion('cn-beijing', 'kms-vpc.cn-beijing.aliyuncs.com'),
        expectedRegion('cn-shenzhen', 'kms.cn-shenzhen.aliyuncs.com'),
        expectedRegion('cn-qingdao', 'kms.example.com', { port: 8443 }),
      ],
      credentials: { kind: 'accessKey', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'identity-secret' },
    },
  },
  {
    name: 'instance gateway with RAM credentials',
    settings: {
      cache_client_region_id: json([{ regionId: 'cn-hangzhou', endpoint, caFilePath }]),
      credentials_type: 'ecs_ram_role',
      credentials_role_name: 'role',
    },
    expected: {
      regions: [expectedRegion('cn-hangzhou', endpoint, { ca })],
      credentials: { kind: 'ecsRole', roleName: 'role' },
    },
  },
  {
    name: 'names of secrets and intervals',
    settings: {
      ...oneRegion,
      secret_names: 'one, two,,one ',
      rotation_interval: '3600000',
      delay_interval: '60000',
    },
    expected: { secretNames: ['one', 'two'], rotationIntervalMs: 3_600_000, delayIntervalMs: 60_000 },
  },
  {
    name: 'the interval by its other name, as the Java plugin documents it',
    settings: { ...oneRegion, refresh_secret_ttl: '3600000' },
    expected: { rotationIntervalMs: 3_600_000 },
  },
  {
    name: 'settings of the plugins that have no use here',
    settings: {
      ...oneRegion,
      monitor_period_milliseconds: '1800000',
      monitor_customer_milliseconds: '7200000',
    },
    expected: { credentials: { kind: 'defaultChain' } },
  },
]);
