import { isRecord } from '../core/is-record.js';
import { findClientKeyPassword, findGeneralPassword } from './client-key-password.js';
import type { ProblemCollector } from './configuration-error.js';
import type { KmsCredentialsSettings } from './kms-settings.js';
import { isRamCredentialsProvider } from './ram-credentials-provider.js';
import { SettingItem } from './setting-item.js';
import type { LayeredSettings } from './setting-source.js';

/** By field in code, the setting of the official clients. */
const KEYS = {
  type: 'credentials_type',
  accessKeyId: 'credentials_access_key_id',
  accessSecret: 'credentials_access_secret',
  accessTokenId: 'credentials_access_token_id',
  accessToken: 'credentials_access_token',
  roleSessionName: 'credentials_role_session_name',
  roleArn: 'credentials_role_arn',
  policy: 'credentials_policy',
  roleName: 'credentials_role_name',
  oidcProviderArn: 'credentials_oidc_provider_arn',
  oidcTokenFilePath: 'credentials_oidc_token_file_path',
  durationSeconds: 'credentials_duration_seconds',
  stsEndpoint: 'credentials_sts_endpoint',
  stsRegionId: 'credentials_sts_region_id',
  clientKeyFile: 'client_key_private_key_path',
} as const;

type Field = keyof typeof KEYS;

const TYPES = ['ak', 'token', 'sts', 'ram_role', 'ecs_ram_role', 'client_key', 'oidc_role_arn'];

/** Of the parameter DurationSeconds of AssumeRole. */
const SHORTEST_SESSION_SECONDS = 900;

/** Fields that exist in code only: content in place of files, and how to find a password. */
const CODE_ONLY = [
  'accessKeySecret',
  'clientKey',
  'password',
  'passwordFromFilePath',
  'passwordFromEnvVariable',
  'passwordFromFilePathName',
];

/**
 * Reads who the application is towards the shared KMS: from code if it says so, else from the settings
 * `credentials_type` and its relatives, else the default chain.
 */
export function readKmsCredentials(
  inCode: unknown,
  settings: LayeredSettings,
  problems: ProblemCollector,
): KmsCredentialsSettings | undefined {
  if (isRamCredentialsProvider(inCode)) return { kind: 'provider', provider: inCode };
  if (inCode !== undefined && !isRecord(inCode)) {
    problems.add('kms.credentials', 'is no object', 'Write { type: …, … }, or give a credentials provider.');
    return undefined;
  }
  const reader =
    inCode === undefined
      ? new CredentialsReader(
          new SettingItem('credentials', fieldsOf(settings), problems),
          (field) => KEYS[field],
        )
      : new CredentialsReader(new SettingItem('kms.credentials', inCode, problems), (field) => field);
  if (inCode !== undefined) reader.item.checkSpelling([...Object.keys(KEYS), ...CODE_ONLY]);
  return reader.read(settings);
}

function fieldsOf(settings: LayeredSettings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(KEYS).map(([field, key]) => [field, settings.text(key)]));
}

class CredentialsReader {
  constructor(
    readonly item: SettingItem,
    /** How the source of the settings calls a field. */
    private readonly nameOf: (field: Field) => string,
  ) {}

  read(settings: LayeredSettings): KmsCredentialsSettings | undefined {
    const type = this.item.text('type')?.trim();
    switch (type) {
      case undefined:
        return this.item.hasProblem(/./) ? undefined : { kind: 'defaultChain' };
      case 'ak':
        return this.#complete({
          kind: 'accessKey',
          accessKeyId: this.#required('accessKeyId', type),
          accessKeySecret: this.#secret('accessSecret', type),
        });
      case 'token':
        return this.#complete({
          kind: 'accessKey',
          accessKeyId: this.#required('accessTokenId', type),
          accessKeySecret: this.#required('accessToken', type),
        });
      case 'sts':
      case 'ram_role':
        return this.#complete({
          kind: 'assumedRole',
          accessKeyId: this.#required('accessKeyId', type),
          accessKeySecret: this.#secret('accessSecret', type),
          roleArn: this.#required('roleArn', type),
          roleSessionName: this.#required('roleSessionName', type),
          ...this.#session(),
        });
      case 'ecs_ram_role':
        return this.#complete({ kind: 'ecsRole', roleName: this.item.text('roleName') });
      case 'oidc_role_arn':
        return this.#complete({
          kind: 'oidcRole',
          roleArn: this.item.text('roleArn'),
          oidcProviderArn: this.item.text('oidcProviderArn'),
          oidcTokenFilePath: this.item.text('oidcTokenFilePath'),
          roleSessionName: this.item.text('roleSessionName'),
          ...this.#session(),
        });
      case 'client_key':
        return this.#clientKey(settings);
      default:
        this.item.report(
          this.nameOf('type'),
          'is no known type',
          `Write one of ${TYPES.join(', ')}, or leave it out.`,
        );
        return undefined;
    }
  }

  #clientKey(settings: LayeredSettings): KmsCredentialsSettings | undefined {
    const clientKey = this.item.text('clientKey') ?? this.item.file('clientKeyFile');
    if (clientKey === undefined && !this.item.hasProblem(/^client/))
      this.#required('clientKeyFile', 'client_key');
    const password =
      this.nameOf('type') === 'type'
        ? findClientKeyPassword(this.item, settings)
        : this.#passwordOfSettings(settings);
    if (clientKey === undefined || password === undefined) return undefined;
    return { kind: 'clientKey', setting: this.item.setting, clientKey, password };
  }

  #passwordOfSettings(settings: LayeredSettings): string | undefined {
    const password = findGeneralPassword(settings);
    if (password === undefined) {
      this.item.report(
        'client_key_password',
        'no password of the client key was found',
        'Set client_key_password_from_file_path (a file), client_key_password_from_env_variable (the name of a variable), or client_key_password.',
      );
    }
    return password;
  }

  #session() {
    const durationSeconds = this.item.seconds('durationSeconds');
    if (durationSeconds !== undefined && durationSeconds < SHORTEST_SESSION_SECONDS) {
      this.item.report(
        this.nameOf('durationSeconds'),
        'is a shorter session than STS grants',
        `Write a number of seconds from ${SHORTEST_SESSION_SECONDS}, or leave it out for 3600.`,
      );
    }
    return {
      policy: this.item.text('policy'),
      durationSeconds,
      stsEndpoint: this.item.text('stsEndpoint'),
      stsRegionId: this.item.text('stsRegionId'),
    };
  }

  /** In code the name that every SDK uses is accepted as well. */
  #secret(field: 'accessSecret', type: string): string {
    return this.item.text('accessKeySecret')?.trim() ?? this.#required(field, type);
  }

  #required(field: Field, type: string): string {
    const value = this.item.text(field)?.trim();
    if (value === undefined && !this.item.hasProblem(new RegExp(`^${field}$`, 'i'))) {
      this.item.report(
        this.nameOf(field),
        `is missing, and type "${type}" needs it`,
        `Set ${this.nameOf(field)}.`,
      );
    }
    return value ?? '';
  }

  #complete<Settings extends KmsCredentialsSettings>(settings: Settings): Settings | undefined {
    return this.item.hasProblem(/./) ? undefined : settings;
  }
}
