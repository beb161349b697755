import { once } from 'node:events';

import { afterEach, describe, expect, it } from '@jest/globals';

import { RABBIT_MQ, rabbitMqClient, type RabbitMq } from '../../../sample/recipes/amqplib.js';
import { cloudSuite } from '../../support/cloud-suite.js';
import { until } from '../../support/poll.js';
import { AmqpBroker } from '../../support/services/amqp-broker.js';
import { KeyRing } from '../../support/services/key-ring.js';

describe('the recipe for ApsaraMQ for RabbitMQ', () => {
  const suite = cloudSuite(['mq-secret']);
  let broker: AmqpBroker | undefined;
  afterEach(() => broker?.stop());

  async function start() {
    const keys = new KeyRing(suite.cloud, 'mq-secret');
    const started = await AmqpBroker.start(keys);
    broker = started;
    const definition = rabbitMqClient('mq-secret', { url: started.url, instanceId: 'amqp-cn-x' });
    const app = await suite.start({ clients: [definition] });
    suite.cloud.clearRequests();
    const client = app.get<RabbitMq>(RABBIT_MQ);
    const publish = (number: number) => client.publish('orders', Buffer.from(`order ${number}`));
    return {
      app,
      client,
      keys,
      broker: started,
      publish,
      publishMany: (count: number) =>
        Promise.all(Array.from({ length: count }, (_, index) => publish(index))),
      kmsCalls: () => suite.cloud.requests('dedicatedKms').length,
      isDisconnected: () => until(() => started.connectionCount === 0, 'the connections have ended'),
    };
  }

  it('sends all messages over one connection, opened with the key that KMS holds', async () => {
    const {
      broker: { messages },
      publishMany,
    } = await start();
    await publishMany(20);
    expect(messages).toEqual(Array.from({ length: 20 }, (_, index) => `order ${index}`));
    expect(broker?.logins).toBe(1);
  });

  it('goes on over an open connection when the key is replaced', async () => {
    const { keys, publishMany, kmsCalls } = await start();
    await publishMany(1);
    keys.emergencyRotate();
    await publishMany(20);
    expect(kmsCalls()).toBe(0);
    expect(broker?.refusals).toBe(0);
  });

  it('after an emergency rotation and the loss of the connection none of 50 calls fails, for one KMS call', async () => {
    const { keys, publishMany, kmsCalls, client, broker: mq } = await start();
    await publishMany(1);
    const isLost = once(await client.channel(), 'close');
    keys.emergencyRotate();
    mq.dropConnections();
    await isLost;
    await publishMany(50);
    expect(mq.messages).toHaveLength(51);
    expect(kmsCalls()).toBe(1);
    expect([mq.refusals, mq.logins]).toEqual([1, 2]);
    expect(keys.tornPairs).toBe(0);
  });

  it('tears no pair when connections are opened amid rotations', async () => {
    const { keys, publishMany, client, broker: mq } = await start();
    for (let round = 0; round < 10; round++) {
      const calls = publishMany(2);
      keys.emergencyRotate();
      await calls;
      await client.close();
    }
    expect(mq.messages).toHaveLength(20);
    expect(keys.tornPairs).toBe(0);
  });

  it('a missing permission is not taken for an expired key, and the next call has a new channel', async () => {
    const { publish, kmsCalls, broker: mq } = await start();
    mq.denyNext();
    await expect(publish(1)).rejects.toThrow('channel closed');
    expect(kmsCalls()).toBe(0);
    await publish(2);
    expect(mq.messages).toEqual(['order 2']);
  });

  it('a message whose confirmation is lost is not sent again', async () => {
    const { publish, kmsCalls, broker: mq } = await start();
    mq.dropNext();
    await expect(publish(1)).rejects.toThrow('channel closed');
    expect(mq.messages).toEqual([]);
    expect(kmsCalls()).toBe(0);
  });

  it('a broker that cannot be reached is not taken for an expired key', async () => {
    const { publish, kmsCalls, broker: mq } = await start();
    mq.stop();
    await expect(publish(1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(kmsCalls()).toBe(0);
  });

  it('is closed with the application', async () => {
    const { app, publish, isDisconnected } = await start();
    await publish(1);
    await app.close();
    await isDisconnected();
    await expect(publish(2)).rejects.toMatchObject({ code: 'Closed' });
  });
});
