import type { Exchange } from '../http/exchange.js';
import { parseForm } from '../http/percent-encoding.js';
import { possibleAddresses, type OssAddress } from './oss-address.js';

/** One request to OSS, before anybody knows which of its possible addresses was meant. */
export class OssRequest {
  /** Query parameters, decoded; one without a value has ''. */
  readonly query: ReadonlyMap<string, string>;
  readonly addresses: readonly OssAddress[];

  constructor(readonly exchange: Exchange) {
    this.query = parseForm(exchange.queryString);
    this.addresses = possibleAddresses(exchange.hostId, exchange.record.path);
  }

  get method(): string {
    return this.exchange.method;
  }

  /** One header's value, or '' when it was not sent; one character a byte, as Node reads headers. */
  header(name: string): string {
    return this.exchange.header(name);
  }

  /** The names of all `x-oss-` headers, sorted. */
  ossHeaderNames(): string[] {
    return Object.keys(this.exchange.headers)
      .filter((name) => name.startsWith('x-oss-'))
      .toSorted();
  }
}
