/** Any method of the SDK: its typings know fewer, and other ones. */
export type AnyOss = Record<string, (...args: unknown[]) => Promise<OssAnswer>>;
/** What it answers. */
export interface OssAnswer extends Record<string, unknown> {
  readonly res: { readonly status: number; readonly headers: Record<string, string>; readonly data?: Buffer };
  readonly content?: Buffer;
}
