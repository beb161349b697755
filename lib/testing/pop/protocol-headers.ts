import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';

/** The protocol fields of a call that carries them in headers `x-acs-…`, whatever its style and signature. */
export abstract class ProtocolHeaders {
  protected constructor(protected readonly exchange: Exchange) {}

  get version(): string {
    return this.exchange.header('x-acs-version');
  }

  get nonce(): string {
    return this.exchange.header('x-acs-signature-nonce');
  }

  get securityToken(): string {
    return this.exchange.header('x-acs-security-token');
  }

  /** @throws ServiceError when one of these headers was not sent */
  protected assertSent(names: readonly string[]): void {
    const missing = names.find((name) => this.exchange.header(name) === '');
    if (missing === undefined) return;
    throw new ServiceError(400, 'MissingParameter', `${missing} is mandatory for this action.`);
  }
}
