import { randomBytes } from 'node:crypto';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import type { ServiceError } from '../http/service-error.js';
import type { MultipartUploads } from './multipart-uploads.js';
import type { ObjectStore } from './object-store.js';
import type { OssAuthenticator, OssVerdict } from './oss-authenticator.js';
import type { OssOperation } from './oss-operation.js';
import { isPublic } from './public-access.js';
import { OssRequest } from './oss-request.js';
import { notEmulated, type OssRouter } from './oss-router.js';
import { toXml } from '../http/xml.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
};

/** How the emulated OSS presents itself. */
export interface OssSettings {
  readonly accountId: string;
  readonly regionId: string;
  /** Whether a refused HEAD request carries the error in the header `x-oss-err`. */
  readonly headErrorHeader: boolean;
  /** The cloud's clock, epoch ms. */
  readonly now: () => number;
}

interface OssWork {
  readonly request: OssRequest;
  readonly verdict: OssVerdict;
  readonly operation: OssOperation | undefined;
}

/** The Object Storage Service. */
export class OssGateway implements Gateway<OssWork> {
  readonly target = 'oss';

  constructor(
    private readonly authenticator: OssAuthenticator,
    private readonly router: OssRouter,
    private readonly store: ObjectStore,
    private readonly uploads: MultipartUploads,
    private readonly settings: OssSettings,
  ) {}

  newRequestId(): string {
    return randomBytes(12).toString('hex').toUpperCase();
  }

  open(exchange: Exchange): OssWork | Promise<OssWork> {
    const request = new OssRequest(exchange);
    // Of a form, the signature stands in the body.
    if (request.announcesForm) return request.readForm().then(() => this.#understand(request));
    return this.#understand(request);
  }

  // A refusal comes before the body has been read, as from the real service.
  async answer({ request, verdict, operation }: OssWork, exchange: Exchange): Promise<Answer> {
    const { address, refusal, isAnonymous = false } = verdict;
    const { store, uploads } = this;
    const isGranted = isAnonymous && operation !== undefined && isPublic(operation, address, store);
    if (refusal && !isGranted) throw refusal;
    if (!operation) throw notEmulated(request, address);
    const { accountId, regionId, now } = this.settings;
    const answer = await operation.run({ request, address, store, uploads, accountId, regionId, now });
    return { ...answer, headers: { ...commonHeaders(exchange), ...answer.headers } };
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    const { status, code, message, details } = error;
    const body = toXml('Error', {
      Code: code,
      Message: message,
      RequestId: exchange.requestId,
      HostId: exchange.hostId,
      ...details,
    });
    const headers = { ...commonHeaders(exchange), 'content-type': 'application/xml' };
    if (exchange.method !== 'HEAD') return { status, headers, body, code };
    const inHeader = this.settings.headErrorHeader
      ? { 'x-oss-err': Buffer.from(body).toString('base64') }
      : {};
    return { status, headers: { ...headers, ...inHeader }, code };
  }

  defaultCode(status: number): string {
    return CODES[status] ?? 'InternalError';
  }

  #understand(request: OssRequest): OssWork {
    const verdict = this.authenticator.judge(request);
    const { bucket, object } = verdict.address;
    const operation = this.router.find(request, verdict.address);
    const { record } = request.exchange;
    if (bucket !== '') record.bucket = bucket;
    if (object !== '') record.object = object;
    if (operation) record.action = operation.name;
    return { request, verdict, operation };
  }
}

function commonHeaders(exchange: Exchange): Record<string, string> {
  return { server: 'AliyunOSS', 'x-oss-request-id': exchange.requestId, 'x-oss-server-time': '1' };
}
