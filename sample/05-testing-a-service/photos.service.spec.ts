import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigModule } from '@nestjs/config';
import { Test, type TestingModule } from '@nestjs/testing';
import { getOssClientToken } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { PhotosModule } from './photos.module.js';
import { PhotosService } from './photos.service.js';

describe('photos', () => {
  let app: TestingModule;
  let cloud: AlibabaCloudEmulator | undefined;

  afterEach(async () => {
    await app.close();
    await cloud?.stop();
    cloud = undefined;
  });

  it('are stored under their album, which takes no cloud to test', async () => {
    const stored = new Map<string, Buffer>();
    app = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ isGlobal: true }), PhotosModule],
    })
      .overrideProvider(getOssClientToken('oss-writer'))
      .useValue({ put: async (path: string, content: Buffer) => stored.set(path, content) })
      .compile();
    await app.init();
    expect(await app.get(PhotosService).store('cats', 'tom.jpg', Buffer.from('tom'))).toBe('cats/tom.jpg');
    expect(stored).toEqual(new Map([['cats/tom.jpg', Buffer.from('tom')]]));
  });

  it('are stored while the key is replaced and the old one refused', async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['oss-writer'] });
    const settings = { ...cloud.env, OSS_ENDPOINT: cloud.endpoints.oss };
    app = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ isGlobal: true, load: [() => settings] }), PhotosModule],
    }).compile();
    await app.init();
    const photos = app.get(PhotosService);
    await photos.store('cats', 'tom.jpg', Buffer.from('tom'));
    cloud.emergencyRotate('oss-writer', { kmsLagMs: 300 });
    await photos.store('cats', 'felix.jpg', Buffer.from('felix'));
    expect(String(await photos.load('cats/tom.jpg'))).toBe('tom');
    expect(cloud.object('photos', 'cats/felix.jpg')?.body.toString()).toBe('felix');
  });
});
