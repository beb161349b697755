import type { Exchange } from '../http/exchange.js';
import { parseForm } from '../http/percent-encoding.js';
import { FormUpload } from './form-upload.js';
import { possibleAddresses, type OssAddress } from './oss-address.js';

/** One request to OSS, before anybody knows which of its possible addresses was meant. */
export class OssRequest {
  /** Query parameters, decoded; one without a value has ''. */
  readonly query: ReadonlyMap<string, string>;
  readonly addresses: readonly OssAddress[];
  #form: FormUpload | undefined;

  constructor(readonly exchange: Exchange) {
    this.query = parseForm(exchange.queryString);
    this.addresses = possibleAddresses(exchange.hostId, exchange.record.path);
  }

  get method(): string {
    return this.exchange.method;
  }

  /** The form that uploads an object, once it has been read. */
  get form(): FormUpload | undefined {
    return this.#form;
  }

  /** Whether the request says that it carries such a form. */
  get announcesForm(): boolean {
    return this.method === 'POST' && FormUpload.isAnnouncedBy(this.header('content-type'));
  }

  /** @throws ServiceError 400 when the body is no such form */
  async readForm(): Promise<void> {
    this.#form = FormUpload.parse(this.header('content-type'), await this.exchange.readBody());
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
