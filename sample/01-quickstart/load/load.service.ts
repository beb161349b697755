import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import {
  InjectAcsClient,
  InjectOssClient,
  type ProxyAcsClient,
  type ProxyOssClient,
} from 'nestjs-aliyun-managed-credentials';

import { ACS_SECRET, OSS_SECRET } from '../secret-names.js';
import { CallRecorder } from './call-recorder.js';

/** How many call at the same time. */
export const CALLERS = 50;
/** How long a caller rests between two calls, in milliseconds. */
const REST_MS = 50;

/** Calls two cloud services without a break, as a busy application would, and knows nothing of keys. */
@Injectable()
export class LoadService {
  readonly recorder = new CallRecorder();

  constructor(
    @InjectAcsClient(ACS_SECRET) private readonly ecs: ProxyAcsClient,
    @InjectOssClient(OSS_SECRET) private readonly oss: ProxyOssClient,
  ) {}

  /** Calls until the signal is aborted; resolves when the last call has come back. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => this.call(caller, signal)));
  }

  private async call(caller: number, signal: AbortSignal): Promise<void> {
    const object = `caller-${caller}.txt`;
    const calls = [
      () => this.ecs.request('DescribeRegions', {}),
      () => this.oss.put(object, Buffer.from(`written by caller ${caller}`)),
      () => this.ecs.request('DescribeInstances', { RegionId: 'cn-hangzhou' }),
      () => this.oss.get(object),
    ];
    await sleep((REST_MS * caller) / CALLERS);
    for (let round = 0; !signal.aborted; round++) {
      const call = calls[round % calls.length];
      if (call) await this.recorder.measure(call);
      await sleep(REST_MS);
    }
  }
}
