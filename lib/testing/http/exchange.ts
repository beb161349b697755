import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
import type { OpenRecord } from './recorded-request.js';
import { ConnectionLostError } from './service-error.js';

/** One request in flight: what arrived, its record in the log, and its single answer. */
export class Exchange {
  #body: Promise<Buffer> | undefined;
  #draining = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    /** The log's entry for this request. */
    readonly record: OpenRecord,
  ) {}

  get method(): string {
    return this.record.method;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** All headers but those that prove who sends them. */
  get publicHeaders(): IncomingHttpHeaders {
    const { authorization: _, 'x-acs-security-token': _token, ...rest } = this.headers;
    return rest;
  }

  /** Everything after the first `?` of the request line, undecoded. */
  get queryString(): string {
    const target = this.request.url ?? '';
    const mark = target.indexOf('?');
    return mark < 0 ? '' : target.slice(mark + 1);
  }

  get requestId(): string {
    return this.record.requestId;
  }

  /** The host that the client asked for, as services put it into their errors. */
  get hostId(): string {
    return this.record.host ?? '';
  }

  /** One header's value, or '' when it was not sent. */
  header(name: string): string {
    const value = this.request.headers[name];
    return (Array.isArray(value) ? value.join(',') : value) ?? '';
  }

  /**
   * The whole request body; may be called more than once.
   * @throws ConnectionLostError when the client goes away in the middle
   */
  readBody(): Promise<Buffer> {
    this.#body ??= this.#collect();
    return this.#body;
  }

  /** Resolves after `ms`, or at once when the client goes away; no timer outlives the connection. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.destroyed) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        this.response.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.response.once('close', done);
    });
  }

  /** Sends the answer; a body that the client is still sending is read to its end and thrown away. */
  send(answer: Answer): void {
    const body = this.#writeHead(answer);
    this.response.end(this.method === 'HEAD' ? undefined : body);
    this.drain();
  }

  /** Sends the head and about half of the body, then cuts the connection; where no body belongs, cuts it at once. */
  sendTruncated(answer: Answer): void {
    if (this.method === 'HEAD') return this.drop();
    const whole = bytesOf(answer);
    // A body is promised even where there is none, for only a missing body can be cut short.
    const promised = { ...answer.headers, 'content-length': Math.max(whole.length, 1) };
    const body = this.#writeHead({ ...answer, headers: promised });
    this.response.flushHeaders();
    this.response.write(body.subarray(0, Math.floor(body.length / 2)));
    this.request.socket.destroySoon();
  }

  /** Destroys the connection without an answer. */
  drop(): void {
    this.request.socket.destroy();
  }

  /** Goes on receiving a body that nobody wants, counting it, so that the client can finish sending. */
  drain(): void {
    if (this.#body !== undefined || this.#draining) return;
    this.#draining = true;
    const digest = createHash('md5');
    this.request.on('data', (chunk: Buffer) => this.#count(chunk, digest));
    this.request.on('end', () => this.#finish(digest));
    this.request.on('error', () => undefined);
  }

  #writeHead(answer: Answer): Buffer {
    const body = bytesOf(answer);
    this.record.status = answer.status;
    if (answer.code !== undefined) this.record.code = answer.code;
    const bodiless = answer.status === 204 || answer.status === 304;
    this.response.writeHead(answer.status, {
      ...(bodiless ? {} : { 'content-length': body.length }),
      ...answer.headers,
    });
    return body;
  }

  #collect(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const digest = createHash('md5');
      const lost = (): void => reject(new ConnectionLostError('The client went away.'));
      if (this.request.destroyed) return lost();
      this.request.once('error', lost);
      this.request.once('close', lost);
      this.request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        this.#count(chunk, digest);
      });
      this.request.once('end', () => {
        this.request.off('close', lost);
        this.#finish(digest);
        resolve(Buffer.concat(chunks));
      });
    });
  }

  #count(chunk: Buffer, digest: ReturnType<typeof createHash>): void {
    this.record.bytes += chunk.length;
    digest.update(chunk);
  }

  #finish(digest: ReturnType<typeof createHash>): void {
    if (this.record.bytes > 0) this.record.md5 = digest.digest('hex');
  }
}

// A Buffer is sent as it is: large objects are not copied for every download.
function bytesOf({ body = '' }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}
