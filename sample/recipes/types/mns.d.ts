declare module '@alicloud/mns' {
  import type { Agent } from 'node:http';

  interface MnsConfig {
    accessKeyId: string;
    accessKeySecret: string;
    region?: string;
    /** In place of the region's own, with its scheme. */
    endpoint?: string;
    secure?: boolean;
  }

  interface MnsRequestOptions {
    agent?: Agent;
    readTimeout?: number;
  }

  interface MnsResponse<Body> {
    code: number;
    body: Body;
  }

  export default class MnsClient {
    constructor(accountId: string, config: MnsConfig);
    accessKeyID: string;
    accessKeySecret: string;
    request(
      method: string,
      resource: string,
      type: string,
      requestBody: string | Buffer,
      attentions?: string[],
      options?: MnsRequestOptions,
    ): Promise<MnsResponse<unknown>>;
    sendMessage(
      queueName: string,
      message: { MessageBody: string },
    ): Promise<MnsResponse<{ MessageId: string; MessageBodyMD5: string }>>;
    deleteMessage(queueName: string, receiptHandle: string): Promise<MnsResponse<undefined>>;
  }
}
