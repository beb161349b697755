declare module '@alicloud/log' {
  import type { Agent } from 'node:http';

  interface LogCredentialsProvider {
    getCredentials(): Promise<{ accessKeyId: string; accessKeySecret: string }>;
  }

  interface LogConfig {
    /** Such as `https://cn-hangzhou.log.aliyuncs.com`. */
    endpoint: string;
    credentialsProvider: LogCredentialsProvider;
  }

  interface LogRequestOptions {
    agent?: Agent;
    /** In milliseconds. */
    timeout?: number;
  }

  interface LogEntry {
    /** In seconds. */
    timestamp: number;
    content: Record<string, string>;
  }

  export default class LogClient {
    constructor(config: LogConfig);
    credentialsProvider: LogCredentialsProvider;
    /** All operations end here. */
    _request(
      verb: string,
      project: string | undefined,
      path: string,
      queries: object,
      body: Buffer | null,
      headers: object,
      options?: LogRequestOptions,
    ): Promise<unknown>;
    getLogs(
      project: string,
      logstore: string,
      from: Date,
      to: Date,
      query?: { query?: string; line?: number },
      options?: LogRequestOptions,
    ): Promise<Record<string, string>[]>;
    postLogStoreLogs(
      project: string,
      logstore: string,
      data: { logs: LogEntry[]; topic?: string; source?: string },
      options?: LogRequestOptions,
    ): Promise<unknown>;
  }
}
