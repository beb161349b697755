import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { AppProcess } from '../support/app-process.js';
import { until } from '../support/poll.js';

let cloud: AlibabaCloudEmulator;

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'], regions: ['cn-shanghai'] });
});
afterEach(() => {
  cloud.clearFaults();
  cloud.clearRequests();
});
afterAll(() => cloud.stop());

/** An application in the middle of its first fetch: both KMS endpoints have been asked, and stay silent. */
async function fetching(how: string): Promise<AppProcess> {
  const silence = cloud.fail('dedicatedKms', 'hang', 1000);
  const app = new AppProcess(cloud, 'start-end.mjs', how);
  await app.saying('starting');
  await until(() => silence.remaining <= 998, 'a request at each endpoint');
  return app;
}

describe('a process whose application has not got its first key yet', () => {
  it.each<[how: string, said: RegExp, exitCode: number | undefined, signal: NodeJS.Signals | undefined]>([
    ['close', /start: ClosedError\n$/, 0, undefined],
    ['during-a-first-use', /first use: ClosedError\n$/, 0, undefined],
    ['signal', /^starting\nother service: closed\n$/, undefined, 'SIGTERM'],
    ['signal-without-hooks', /^starting\n$/, undefined, 'SIGTERM'],
  ])(
    'ends long before KMS or the time-out of the start would end it: %s',
    async (how, said, exitCode, signal) => {
      const app = await fetching(how);
      const toldAt = Date.now();
      app.signal('SIGTERM');
      const end = await app.ended();
      expect(app.printed).toMatch(said);
      expect(end).toMatchObject({ exitCode, signal });
      expect(end.at - toldAt).toBeLessThan(5000);
    },
  );

  it('fetches nothing when it was closed before it started', async () => {
    const app = new AppProcess(cloud, 'start-end.mjs', 'close-before');
    expect(await app.ended()).toMatchObject({ exitCode: 0 });
    expect(app.printed).toBe('other service: closed\nstart: ClosedError\n');
    expect(cloud.requests('dedicatedKms')).toEqual([]);
  });
});
