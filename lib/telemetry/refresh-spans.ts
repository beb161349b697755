import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';

import type { KmsRequestEvent, RefreshedEvent, RefreshFailedEvent } from '../core/events.js';
import { VERSION } from '../version.js';
import { kmsEndpointAttributes, outcomeAttributes } from './event-attributes.js';
import { ATTRIBUTES, SCOPE_NAME, SPANS } from './metric-names.js';

/** The last refresh of a secret, as a parent of spans. */
interface EndedRefresh {
  readonly endedAt: number;
  readonly context: Context;
}

/**
 * Spans of refreshes and, below each, of its requests to KMS. Events tell of what is over, so that a span is begun in
 * the past and ended at once; requests are kept until their refresh is over, too.
 */
export class RefreshSpans {
  readonly #waiting = new Map<string, KmsRequestEvent[]>();
  readonly #ended = new Map<string, EndedRefresh>();

  /**
   * @param attributes of all spans
   * @param isKept whether a secret is one that will be fetched again
   */
  constructor(
    private readonly attributes: Attributes,
    private readonly isKept: (secretName: string) => boolean,
  ) {}

  /** Traces a request when its refresh is known. */
  onRequest(event: KmsRequestEvent): void {
    const ended = this.#ended.get(event.secretName);
    // A request that another one has outrun ends after the refresh.
    const isLate = event.outcome === 'aborted' && ended !== undefined && startOf(event) < ended.endedAt;
    if (isLate || !this.isKept(event.secretName)) this.#traceRequest(event, ended?.context ?? ROOT_CONTEXT);
    else this.#waiting.set(event.secretName, [...(this.#waiting.get(event.secretName) ?? []), event]);
  }

  /** Traces a refresh and its requests. */
  onRefresh(event: RefreshedEvent | RefreshFailedEvent): void {
    const { secretName, at } = event;
    const details =
      event.type === 'refreshed'
        ? { ...outcomeAttributes('ok'), [ATTRIBUTES.version]: event.key.versionId }
        : outcomeAttributes(event.errorCode);
    const refreshContext = this.#trace(SPANS.refresh, event, {
      attributes: { [ATTRIBUTES.secret]: secretName, [ATTRIBUTES.reason]: event.reason, ...details },
      kind: SpanKind.INTERNAL,
      // A timer remembers who happened to set it, and has nothing to do with them.
      parent: event.reason === 'scheduled' ? ROOT_CONTEXT : context.active(),
    });
    for (const request of this.#waiting.get(secretName) ?? []) this.#traceRequest(request, refreshContext);
    this.#waiting.delete(secretName);
    if (this.isKept(secretName)) this.#ended.set(secretName, { endedAt: at, context: refreshContext });
    else this.#ended.delete(secretName);
  }

  /** Traces the requests of refreshes that will not end any more. */
  close(): void {
    for (const request of [...this.#waiting.values()].flat()) this.#traceRequest(request, ROOT_CONTEXT);
    this.#waiting.clear();
    this.#ended.clear();
  }

  #traceRequest(event: KmsRequestEvent, parent: Context): void {
    const { requestId } = event;
    this.#trace(SPANS.kmsRequest, event, {
      attributes: {
        [ATTRIBUTES.rpcSystem]: 'alibaba_cloud',
        [ATTRIBUTES.rpcMethod]: SPANS.kmsRequest,
        [ATTRIBUTES.secret]: event.secretName,
        ...kmsEndpointAttributes(event),
        ...outcomeAttributes(event.outcome),
        ...(requestId === undefined ? {} : { [ATTRIBUTES.requestId]: requestId }),
      },
      kind: SpanKind.CLIENT,
      parent,
    });
  }

  #trace(
    name: string,
    event: KmsRequestEvent | RefreshedEvent | RefreshFailedEvent,
    {
      attributes,
      kind,
      parent,
    }: { readonly attributes: Attributes; readonly kind: SpanKind; readonly parent: Context },
  ): Context {
    // Asked for anew each time, as the tracer provider may have been registered or replaced meanwhile.
    const tracer = trace.getTracer(SCOPE_NAME, VERSION);
    const options = { startTime: startOf(event), attributes: { ...this.attributes, ...attributes }, kind };
    const span = tracer.startSpan(name, options, parent);
    if (ATTRIBUTES.errorType in attributes) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(event.at);
    return trace.setSpan(parent, span);
  }
}

function startOf({ at, durationMs }: { readonly at: number; readonly durationMs: number }): number {
  return at - durationMs;
}
