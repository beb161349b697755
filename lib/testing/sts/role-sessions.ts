import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry } from '../cloud/access-key-registry.js';
import { toUtcSeconds } from '../cloud/identifiers.js';
import type { RamRole } from '../cloud/ram-role.js';
import { ServiceError } from '../http/service-error.js';
import type { RpcRequest } from '../pop/rpc-request.js';

const DEFAULT_SECONDS = 3600;
// 15 minutes; 12 hours is the most that a role can be configured to allow.
const [MIN_SECONDS, MAX_SECONDS] = [900, 43_200];

/** Makes temporary keys for those who may assume a role. */
export class RoleSessions {
  /** @param sessionMs how long every session lasts, whatever is asked for; absent: as long as is asked for */
  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly role: RamRole,
    private readonly sessionMs?: number,
  ) {}

  /**
   * Assumes the role that a call names; what STS answers about the session.
   * @throws ServiceError for a call that is malformed, or that names another role
   */
  start(request: RpcRequest): object {
    const roleArn = mandatory(request, 'RoleArn');
    const sessionName = mandatory(request, 'RoleSessionName');
    if (!/^[\w.@-]{2,64}$/.test(sessionName)) throw wronglyFormed('RoleSessionName');
    if (!/^acs:ram::\d+:role\/\S+$/.test(roleArn)) throw wronglyFormed('RoleArn');
    assertPolicy(request.get('Policy'));
    const seconds = durationSeconds(request.get('DurationSeconds'));
    if (roleArn !== this.role.arn) {
      throw new ServiceError(404, 'EntityNotExist.Role', 'The specified Role not exists.');
    }
    const key = this.create(sessionName, seconds * 1000);
    return {
      AssumedRoleUser: {
        Arn: `${this.role.arn}/${sessionName}`,
        AssumedRoleId: `${this.role.name}:${sessionName}`,
      },
      Credentials: describe(key),
    };
  }

  /** A temporary key, for as long as is asked for unless all sessions have the same length. */
  create(sessionName: string, askedMs: number): AccessKey {
    return this.registry.addTemporaryKey(this.role.name, sessionName, this.sessionMs ?? askedMs);
  }
}

/** A temporary key in the names of the STS API and of the metadata server. */
export function describe({
  accessKeyId,
  accessKeySecret,
  session,
}: AccessKey): Readonly<Record<string, string>> {
  return {
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    SecurityToken: session?.securityToken ?? '',
    Expiration: toUtcSeconds(session?.expiresAt ?? 0),
  };
}

function mandatory(request: RpcRequest, name: string): string {
  const value = request.get(name);
  if (value !== '') return value;
  throw new ServiceError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

function durationSeconds(text: string): number {
  const seconds = text === '' ? DEFAULT_SECONDS : Number(text);
  if (Number.isInteger(seconds) && seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return seconds;
  const message = 'The Min/Max value of DurationSeconds is 15min/12hr.';
  throw new ServiceError(400, 'InvalidParameter.DurationSeconds', message);
}

function assertPolicy(policy: string): void {
  try {
    if (policy !== '') JSON.parse(policy);
  } catch {
    const message = 'The parameter Policy has not passed grammar check.';
    throw new ServiceError(400, 'InvalidParameter.PolicyGrammar', message);
  }
}

function wronglyFormed(name: string): ServiceError {
  return new ServiceError(400, `InvalidParameter.${name}`, `The parameter ${name} is wrongly formed.`);
}
