import 'reflect-metadata';

import assert from 'node:assert/strict';

import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

/** Stands beside this file where it runs. */
const PATH = './app.module.js';

/** Asks the module of the README what its page says it answers. */
async function main(): Promise<void> {
  const cloud = await AlibabaCloudEmulator.start({
    secrets: ['ecs-operator'],
    endpointVariables: { ECS_ENDPOINT: 'openapi' },
  });
  Object.assign(process.env, cloud.env);
  const { AppModule } = (await import(PATH)) as { AppModule: Type };
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error', 'fatal'] });
  await app.listen(0, '127.0.0.1');
  const answer = (await (await fetch(`${await app.getUrl()}/regions`)).json()) as { Regions: object };
  assert.ok('Regions' in answer);
  await app.close();
  await cloud.stop();
  process.stdout.write('regions listed\n');
}

void main();
