import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import { ServiceError } from '../http/service-error.js';
import type { InstanceCredentials } from './instance-credentials.js';
import type { MetadataTokens } from './metadata-tokens.js';

const TOKEN_PATH = '/latest/api/token';
const ROLES_PATH = '/latest/meta-data/ram/security-credentials';
const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** What a request to the metadata server is for. */
export type MetadataAction = 'GetToken' | 'ListRoles' | 'GetRoleCredentials';

/** The metadata server of an ECS instance: its RAM role, with or without a token. */
export class MetadataGateway implements Gateway<MetadataAction | undefined> {
  readonly target = 'metadata';

  /** @param tokenRequired whether requests without a token are refused, as on a hardened instance */
  constructor(
    private readonly roleName: string,
    private readonly credentials: InstanceCredentials,
    private readonly tokens: MetadataTokens,
    private readonly tokenRequired: boolean,
  ) {}

  newRequestId(): string {
    return randomUUID();
  }

  open({ record }: Exchange): MetadataAction | undefined {
    const action = actionOf(record.method, record.path);
    if (action) record.action = action;
    return action;
  }

  answer(action: MetadataAction | undefined, exchange: Exchange): Answer {
    if (action === 'GetToken') return this.#issueToken(exchange);
    this.#assertToken(exchange.header('x-aliyun-ecs-metadata-token'));
    if (action === 'ListRoles') return { status: 200, headers: TEXT, body: this.roleName };
    const { path } = exchange.record;
    if (action !== 'GetRoleCredentials' || path !== `${ROLES_PATH}/${this.roleName}`) {
      throw new ServiceError(404, 'NotFound', 'Not Found');
    }
    return { status: 200, headers: TEXT, body: JSON.stringify(this.credentials.read(), undefined, 2) };
  }

  renderError({ status, code, message }: ServiceError): Answer {
    const title = `${status} - ${message}`;
    const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
    return { status, headers: { 'content-type': 'text/html' }, body, code };
  }

  defaultCode(status: number): string {
    return `Http${status}`;
  }

  #issueToken(exchange: Exchange): Answer {
    const token = this.tokens.issue(exchange.header('x-aliyun-ecs-metadata-token-ttl-seconds'));
    if (token === undefined) throw new ServiceError(400, 'BadRequest', 'Bad Request');
    return { status: 200, headers: TEXT, body: token };
  }

  #assertToken(token: string): void {
    if (token === '' ? !this.tokenRequired : this.tokens.isGood(token)) return;
    throw new ServiceError(403, 'Forbidden', 'Forbidden');
  }
}

function actionOf(method: string, path: string): MetadataAction | undefined {
  if (method === 'PUT') return path === TOKEN_PATH ? 'GetToken' : undefined;
  if (method !== 'GET') return undefined;
  if (path === ROLES_PATH || path === `${ROLES_PATH}/`) return 'ListRoles';
  return path.startsWith(`${ROLES_PATH}/`) ? 'GetRoleCredentials' : undefined;
}
