import { expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getAcsClientToken } from 'nestjs-aliyun-managed-credentials';

interface ReadmeModule {
  readonly AppModule: Type;
  readonly RegionsController: Type<{ list(): Promise<unknown> }>;
}

/** Stands beside this file where the suite runs. */
const PATH = './app.module';

it('lists regions without a cloud', async () => {
  const { AppModule, RegionsController } = (await import(PATH)) as ReadmeModule;
  const app = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(getAcsClientToken('ecs-operator'))
    .useValue({ request: async () => ({ Regions: {} }) })
    .compile();
  await app.init();
  expect(await app.get(RegionsController).list()).toEqual({ Regions: {} });
  await app.close();
});
