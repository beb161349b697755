import type { IncomingHttpHeaders } from 'node:http';
import { EmulatorError } from '../emulator-error.js';

/** Who calls an action, and with which headers. */
export interface Caller {
  /** The account of the key. */
  readonly accountId: string;
  /** The RAM user; `role/session` for whoever plays a role. */
  readonly userName: string;
  /** As GetCallerIdentity answers it. */
  readonly identityType: 'RAMUser' | 'AssumedRoleUser';
  /** The key that signed the call. */
  readonly accessKeyId: string;
  /** The secret whose key signed the call, when a secret manages it. */
  readonly secretName?: string;
  /** The version of that secret. */
  readonly versionId?: string;
  /** By lower-case name; those that prove who sends them are left out. */
  readonly headers: IncomingHttpHeaders;
}

/** What a call says that the action's answer depends on. */
export interface ActionCall {
  /** The RPC action; in ROA style the method and the path, such as `GET /clusters`. */
  readonly action: string;
  readonly version: string;
  /** The call's own parameters, decoded, without those of the protocol. */
  readonly params: Readonly<Record<string, string>>;
  /** The request body in ROA style, otherwise ''. */
  readonly body: string;
}

/** Who calls an action, and what else the call says. */
export interface ActionContext extends Caller {
  /** The API version that the client asked for. */
  readonly version: string;
  /** The request body in ROA style, otherwise ''. */
  readonly body: string;
}

/**
 * What an action answers, as JSON with a RequestId, or an `ActionAnswer`. Throw a `ServiceError` to refuse the call.
 * @param params the call's own parameters, without those of the protocol
 */
export type ActionHandler = (
  params: Readonly<Record<string, string>>,
  context: ActionContext,
) => object | Promise<object>;

const REGIONS = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'ap-southeast-1'];

/** The actions that the OpenAPI gateway and Simple Log Service know; all others are echoed. */
export class OpenApiActions {
  readonly #handlers = new Map<string, ActionHandler>([
    ['DescribeRegions', describeRegions],
    ['DescribeInstances', describeInstances],
    ['GetCallerIdentity', getCallerIdentity],
  ]);

  /** @throws EmulatorError when the handler is no function */
  register(action: string, handler: ActionHandler): void {
    if (typeof handler !== 'function')
      throw new EmulatorError(`The handler of ${action} must be a function.`);
    this.#handlers.set(action, handler);
  }

  /** Answers a call. */
  run({ action, version, params, body }: ActionCall, caller: Caller): object | Promise<object> {
    const handler = this.#handlers.get(action);
    if (handler) return handler(params, { ...caller, version, body });
    return { Action: action, Version: version, Params: params, ...(body === '' ? {} : { Body: body }) };
  }
}

function describeRegions(): object {
  const region = REGIONS.map((id) => ({
    RegionId: id,
    LocalName: id,
    RegionEndpoint: `ecs.${id}.aliyuncs.com`,
  }));
  return { Regions: { Region: region } };
}

function describeInstances(params: Readonly<Record<string, string>>): object {
  const [PageNumber, PageSize] = [Number(params['PageNumber'] ?? 1), Number(params['PageSize'] ?? 10)];
  return { TotalCount: 0, PageNumber, PageSize, Instances: { Instance: [] } };
}

function getCallerIdentity(_: unknown, { accountId, userName, identityType }: ActionContext): object {
  const common = { IdentityType: identityType, AccountId: accountId, PrincipalId: userName };
  if (identityType === 'AssumedRoleUser') {
    return { ...common, Arn: `acs:ram::${accountId}:assumed-role/${userName}` };
  }
  return { ...common, UserId: userName, UserName: userName, Arn: `acs:ram::${accountId}:user/${userName}` };
}
