import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import type { AnyOss } from './support/any-oss.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

describe('the other clients of ali-oss', () => {
  let cloud: AlibabaCloudEmulator;
  const sdk = createRequire(import.meta.url)('ali-oss') as Record<string, new (options: object) => AnyOss>;
  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
    cloud.putObject('photos', 'cat.jpg', 'meow');
  });
  afterAll(() => cloud.stop());

  const create = (name: string, options: object): AnyOss => {
    const Client = sdk[name];
    if (!Client) throw new Error(`no class ${name}`);
    return new Client(options);
  };
  const common = (): object => ({ ...cloud.secret('one'), bucket: 'photos', region: 'oss-cn-hangzhou' });

  test('for images describe them, in the way of old', async () => {
    const image = create('ImageClient', { ...common(), imageHost: cloud.endpoints.oss });
    expect(String((await image['get']?.('cat.jpg'))?.content)).toBe('meow');
    const expected = { data: { FileSize: 4, Format: 'jpg', ImageHeight: 1, ImageWidth: 1 } };
    expect(await image['getInfo']?.('cat.jpg')).toMatchObject(expected);
    expect(await image['getExif']?.('cat.jpg')).toMatchObject(expected);
  });

  test('for a cluster write to all of its nodes', async () => {
    const endpoint = cloud.endpoints.oss;
    const cluster = [
      { ...common(), endpoint },
      { ...common(), endpoint, bucket: 'mirror' },
    ];
    const client = create('ClusterClient', { cluster });
    await client['put']?.('both', Buffer.from('x'));
    void client['close']?.();
    expect([cloud.object('photos', 'both'), cloud.object('mirror', 'both')].every(Boolean)).toBe(true);
  });

  test('for STS assume the role', async () => {
    const { request } = createRequire(import.meta.url)('urllib') as {
      request: (url: string, options: object) => Promise<object>;
    };
    const urllib = {
      request: (url: string, options: object) => request(url, { ...options, ca: cloud.certificates.ca }),
    };
    const sts = create('STS', { ...cloud.kmsIdentity, endpoint: cloud.endpoints.sts, urllib });
    const answer = await sts['assumeRole']?.(cloud.role.arn, { Version: '1' }, 900, 'app');
    expect(answer).toMatchObject({ credentials: { AccessKeyId: expect.stringMatching(/^STS\./) } });
    const wrong = create('STS', { ...cloud.secret('one'), endpoint: cloud.endpoints.sts, urllib });
    expect(await failureOf(wrong['assumeRole']?.(cloud.role.arn) ?? Promise.resolve())).toMatchObject({
      code: 'NoPermission',
      status: 403,
    });
  });
});
