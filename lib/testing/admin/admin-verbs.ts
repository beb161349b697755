import type { KmsCredentialsType } from '../app-environment.js';
import type { KmsLag } from '../cloud/secret-version.js';
import { EMULATOR_TARGETS } from '../emulator-target.js';
import { ENVIRONMENT_FORMATS, environmentText } from './environment-text.js';
import { FAULT } from './fault-field.js';
import { BOOLEAN, NUMBER, oneOf, optional, TEXT, type Field, type Fields } from './verb-fields.js';
import { verb, type AdminVerb } from './verb.js';

const NAME = { name: TEXT };
const KEY = { accessKeyId: TEXT };
const TARGET = oneOf(...EMULATOR_TARGETS);
const ROTATION = { ...NAME, secretData: optional(TEXT), nextRotationAt: optional(NUMBER) };

const CREDENTIALS_TYPE = oneOf<KmsCredentialsType>(
  'ak',
  'token',
  'sts',
  'ram_role',
  'client_key',
  'oidc_role_arn',
  'ecs_ram_role',
);

const LAG: Field<KmsLag> = {
  description: 'milliseconds, or an object of milliseconds by region',
  accepts: (value): value is KmsLag =>
    NUMBER.accepts(value) ||
    (typeof value === 'object' && value !== null && Object.values(value).every((ms) => NUMBER.accepts(ms))),
};

const TIMES: Field<number | 'Infinity'> = {
  description: 'a whole number above 0, or "Infinity"',
  accepts: (value): value is number | 'Infinity' =>
    value === 'Infinity' || (Number.isInteger(value) && Number(value) > 0),
};

const ENVIRONMENT = {
  format: optional(oneOf(...ENVIRONMENT_FORMATS)),
  kms: optional(oneOf('dedicated', 'shared')),
  type: optional(CREDENTIALS_TYPE),
} satisfies Fields;

/** What can be asked of an emulator over HTTP: its methods, by their names, with the fields of a JSON object. */
export const ADMIN_VERBS: ReadonlyMap<string, AdminVerb> = new Map<string, AdminVerb>([
  [
    'createSecret',
    verb(
      {
        ...ROTATION,
        type: optional(oneOf('ram', 'generic')),
        userName: optional(TEXT),
        automaticRotation: optional(BOOLEAN),
        rotationIntervalMs: optional(NUMBER),
      },
      (cloud, { name, type = 'ram', ...options }) =>
        type === 'generic'
          ? cloud.createSecret(name, { ...options, type })
          : cloud.createSecret(name, options),
    ),
  ],
  ['secret', verb(NAME, (cloud, { name }) => cloud.secret(name))],
  ['rotate', verb(ROTATION, (cloud, { name, ...options }) => cloud.rotate(name, options))],
  [
    'emergencyRotate',
    verb({ ...ROTATION, kmsLagMs: optional(LAG) }, (cloud, { name, ...options }) =>
      cloud.emergencyRotate(name, options),
    ),
  ],
  [
    'putSecretValue',
    verb({ ...NAME, secretData: TEXT }, (cloud, { name, secretData }) =>
      cloud.putSecretValue(name, secretData),
    ),
  ],
  ['denySecret', verb(NAME, (cloud, { name }) => cloud.denySecret(name))],
  ['allowSecret', verb(NAME, (cloud, { name }) => cloud.allowSecret(name))],
  [
    'revoke',
    verb({ ...KEY, reason: optional(oneOf('notFound', 'inactive')) }, (cloud, { accessKeyId, ...options }) =>
      cloud.revoke(accessKeyId, options),
    ),
  ],
  ['restore', verb(KEY, (cloud, { accessKeyId }) => cloud.restore(accessKeyId))],
  [
    'assumeRole',
    verb({ sessionMs: optional(NUMBER) }, (cloud, { sessionMs }) => cloud.assumeRole(sessionMs)),
  ],
  [
    'fail',
    verb({ target: TARGET, fault: FAULT, times: optional(TIMES) }, (cloud, { target, fault, times }) => {
      cloud.fail(target, fault, times === undefined ? undefined : Number(times));
    }),
  ],
  ['clearFaults', verb({ target: optional(TARGET) }, (cloud, { target }) => cloud.clearFaults(target))],
  ['requests', verb({ target: optional(TARGET) }, (cloud, { target }) => cloud.requests(target))],
  ['clearRequests', verb({}, (cloud) => cloud.clearRequests())],
  [
    'env',
    verb(ENVIRONMENT, (cloud, { format = 'json', kms = 'dedicated', ...options }) => {
      const env = kms === 'dedicated' ? cloud.env : cloud.sharedKmsEnv(options);
      return format === 'json' ? env : environmentText(env, format);
    }),
  ],
  ['endpoints', verb({}, ({ endpoints, regions }) => ({ ...endpoints, regions }))],
]);

/** Ends the emulator: the one thing that is not the cloud's own to do. */
export const STOP_VERB = 'stop';

/** The verbs with their fields, a line each. */
export function verbsText(): string {
  const lines = [...ADMIN_VERBS].map(([name, { fields }]) => `${name} ${fields}`.trimEnd());
  return [...lines, STOP_VERB].join('\n');
}
