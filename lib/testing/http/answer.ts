/** What a gateway sends back. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
  /** The error code, for the request log. */
  readonly code?: string;
}
