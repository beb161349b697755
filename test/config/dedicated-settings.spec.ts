import { vectorPassword } from '../support/dkms-vectors.js';
import {
  ca,
  caFilePath,
  clientKeyFile,
  describeCases,
  endpoint,
  expectedDedicated,
  json,
  passwordFile,
} from './support/peer-cases.js';

describeCases([
  {
    name: 'dedicated KMS, password from a file',
    settings: {
      cache_client_dkms_config_info: json([
        {
          regionId: 'cn-hangzhou',
          endpoint,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          caFilePath,
          ignoreSslCerts: false,
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ca })] },
  },
  {
    name: 'dedicated KMS, password from an environment variable',
    settings: {
      cache_client_dkms_config_info: json([
        { regionId: 'cn-hangzhou', endpoint, clientKeyFile, passwordFromEnvVariable: 'THE_PASSWORD' },
      ]),
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS, password from an environment variable that a setting names',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromEnvVariable: 'client_key_password_from_env_variable' },
      ]),
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS, password from a file that a setting names',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromFilePathName: 'client_key_password_from_file_path' },
      ]),
      client_key_password_from_file_path: passwordFile,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS, password by the general setting',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, clientKeyFile }]),
      client_key_password: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS, password by the general setting for a variable, as the plugins fall back to it',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, clientKeyFile, passwordFromEnvVariable: 'NOT_SET' }]),
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS, client key by the general setting, as the Java client takes it',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, passwordFromFilePath: passwordFile }]),
      client_key_private_key_path: clientKeyFile,
    },
    expected: { dedicated: [expectedDedicated()] },
  },
  {
    name: 'dedicated KMS without verification of certificates, as a word',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromFilePath: passwordFile, ignoreSslCerts: 'TRUE' },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ignoreSslCerts: true })] },
  },
  {
    name: 'dedicated KMS, CA in place of its path, as the Go client takes it',
    settings: {
      cache_client_dkms_config_info: json([
        {
          endpoint: `https://${endpoint}/`,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          caFilePath: ca,
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ca })] },
  },
  {
    name: 'dedicated KMS, path of the CA in place of the boolean, as the Python client takes it',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromFilePath: passwordFile, ignoreSslCerts: caFilePath },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ca })] },
  },
  {
    name: 'dedicated KMS, several instances, one of them twice',
    settings: {
      cache_client_dkms_config_info: json(
        [endpoint, 'kst-def.cryptoservice.kms.aliyuncs.com', endpoint.toUpperCase()].map((host) => ({
          endpoint: host,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
        })),
      ),
    },
    expected: {
      dedicated: [
        expectedDedicated(),
        expectedDedicated({ hostname: 'kst-def.cryptoservice.kms.aliyuncs.com' }),
      ],
    },
  },
  {
    name: 'dedicated KMS with fields of the official clients that have no use here',
    settings: {
      cache_client_dkms_config_info: json([
        {
          endpoint,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          protocol: 'https',
          method: 'POST',
          maxAttempts: 3,
          userAgent: 'x',
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated()] },
  },
]);
