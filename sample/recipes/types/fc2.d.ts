declare module '@alicloud/fc2' {
  import type { Readable } from 'node:stream';

  interface FcConfig {
    accessKeyID: string;
    accessKeySecret: string;
    region: string;
    /** In place of the account's own, with its scheme. */
    endpoint?: string;
    secure?: boolean;
    /** In milliseconds. */
    timeout?: number;
  }

  interface FcResponse<Data> {
    headers: Record<string, string>;
    data: Data;
  }

  export default class FcClient {
    constructor(accountId: string, config: FcConfig);
    accessKeyID: string;
    accessKeySecret: string;
    /** All operations but those over a WebSocket end here. */
    request(
      method: string,
      path: string,
      query: object | null,
      body: string | Buffer | object | Readable | null,
      headers?: object,
    ): Promise<FcResponse<unknown>>;
    listServices(options?: { limit?: number; prefix?: string }): Promise<FcResponse<object>>;
    invokeFunction(
      service: string,
      functionName: string,
      event: string | Buffer,
      headers?: Record<string, string>,
    ): Promise<FcResponse<string>>;
    /** Opens a WebSocket. */
    websocket(path: string, query?: object, headers?: object): { close(): void };
  }
}
