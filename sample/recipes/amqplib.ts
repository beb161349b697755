import { createHmac } from 'node:crypto';

import { connect, credentials, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { managedClient, type ManagedCredentials } from 'nestjs-aliyun-managed-credentials';

/** The token under which the client is injected. */
export const RABBIT_MQ = 'RABBIT_MQ';

export interface RabbitMqOptions {
  /** Endpoint and virtual host, such as `amqps://amqp-cn-x.mq-amqp.cn-hangzhou-a.aliyuncs.com/shop`. */
  readonly url: string;
  readonly instanceId: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** User name and password, as ApsaraMQ for RabbitMQ wants them made from an access key. */
function loginOf({ accessKeyId, accessKeySecret }: ManagedCredentials, instanceId: string) {
  const now = String(Date.now());
  const signature = createHmac('sha1', now).update(accessKeySecret).digest('hex').toUpperCase();
  return credentials.plain(base64(`0:${instanceId}:${accessKeyId}`), base64(`${signature}:${now}`));
}

/** One connection with one channel, opened when it is needed and again when it has ended. */
export class RabbitMq {
  #channel: Promise<ConfirmChannel> | undefined;
  #connection: ChannelModel | undefined;

  constructor(private readonly open: () => Promise<ChannelModel>) {}

  /** The open channel. Consumers: when it emits `close`, call this again and consume from the new one. */
  channel(): Promise<ConfirmChannel> {
    this.#channel ??= this.#openChannel().catch((error: unknown) => {
      this.#channel = undefined;
      throw error;
    });
    return this.#channel;
  }

  /** Resolves when the broker has taken the message. */
  async publish(queue: string, content: Buffer): Promise<void> {
    const channel = await this.channel();
    await new Promise<void>((resolve, reject) => {
      channel.sendToQueue(queue, content, { persistent: true }, (error?: Error | null) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    await this.#channel?.catch(() => undefined);
    await this.#connection?.close().catch(() => undefined);
  }

  async #openChannel(): Promise<ConfirmChannel> {
    const connection = await this.open();
    this.#connection = connection;
    // What they report also ends the channel; without a listener it would end the process.
    connection.on('error', () => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.once('close', () => {
      this.#channel = undefined;
      connection.close().catch(() => undefined);
    });
    return channel;
  }
}

/** Defines a connection to an instance of ApsaraMQ for RabbitMQ, opened with the key of a secret. */
export const rabbitMqClient = (secretName: string, { url, instanceId }: RabbitMqOptions) =>
  managedClient({
    token: RABBIT_MQ,
    secretName,
    sdk: 'amqplib',
    // Missing permissions end the channel, not the handshake.
    akExpireHandler: {
      judgeAkExpire: (error) =>
        error instanceof Error && error.message.startsWith('Handshake terminated by server: 403'),
    },
    create: (context) =>
      new RabbitMq(() =>
        context.retryOnExpiredKey((key) => connect(url, { credentials: loginOf(key, instanceId) })),
      ),
    close: (client) => client.close(),
  });
