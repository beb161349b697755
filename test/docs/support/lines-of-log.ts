import { join } from 'node:path';

import { SECRET_RECOVERY } from 'nestjs-aliyun-managed-credentials';

import type { AppParts } from '../../support/app-fixture.js';
import { until } from '../../support/poll.js';
import { certificateFor } from '../../support/tls-server.js';
import { SECRET, type SayingApplication } from './saying-application.js';

/** For starts while KMS is down, which go on without it once a fetch has failed. */
const SHORT_FETCHES = { kms: { fetchTimeoutMs: 300 } };

/** The log lines of rotations, refusals and outages. */
export async function linesOfOneLife(application: SayingApplication): Promise<readonly string[]> {
  const { cloud } = application;
  return application.run(
    { options: { expiredKeyWaitMs: 50 }, settings: { secret_names: 'oss-writer' } },
    async ({ acs, service, refresh, logger }) => {
      cloud.rotate(SECRET);
      await refresh(SECRET);
      cloud.emergencyRotate(SECRET);
      await acs().request('DescribeRegions', {});
      cloud.denySecret(SECRET);
      for (const _ of [1, 2]) await refresh(SECRET).catch(() => undefined);
      cloud.allowSecret(SECRET);
      await refresh(SECRET);
      cloud.revoke(cloud.secret(SECRET).accessKeyId);
      await acs()
        .request('DescribeRegions', {})
        .catch(() => undefined);
      cloud.restore(cloud.secret(SECRET).accessKeyId);
      await acs().request('DescribeRegions', {});
      cloud.rotate(SECRET);
      await service.refresh(SECRET);
      await until(() => logger.lines.some((line) => line.includes('prewarmed')), 'the warning of prewarming');
    },
  );
}

/** The log lines of warnings about settings, of hooks and of the file cache. */
export async function linesOfExtras(application: SayingApplication): Promise<readonly string[]> {
  const { cloud } = application;
  const endingSoon = application.file(
    'ending.pem',
    cloud.certificates.ca + certificateFor('a', { validForDays: 68 }),
  );
  const brokenHandler = {
    judgeAkExpire: () => {
      throw new TypeError('broken');
    },
  };
  const { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret } = cloud.secret(SECRET);
  const recovery = (recoverSecret: () => Promise<unknown>) => ({
    providers: [{ provide: SECRET_RECOVERY, useValue: { recoverSecret } }],
  });
  const directory = join(application.folder, 'cache');
  const cached = (key: string) => ({ options: { ...SHORT_FETCHES, fileCache: { directory, key } } });
  const callOnce = ({ acs }: { acs: () => { request(action: string): Promise<unknown> } }) => {
    cloud.fail('openapi', { status: 400, code: 'Other' });
    return acs()
      .request('DescribeRegions')
      .catch(() => undefined);
  };
  return [
    ...(await application.run({ settings: application.item({ caFilePath: endingSoon }) })),
    ...(await application.run({ settings: application.item({ caFilePath: '', ignoreSslCerts: true }) })),
    ...(await application.run({ options: { akExpireHandler: brokenHandler } }, callOnce)),
    ...(await application.run(cached('first'))),
    ...(await application.run({
      options: { fileCache: { directory: application.file('no-directory', ''), key: 'first' } },
    })),
    ...(await whileKmsRefuses(application, { options: { startupTimeoutMs: 3000 } })),
    ...(await whileKmsIsDown(application, cached('second'))),
    ...(await whileKmsIsDown(application, {
      ...recovery(async () => ({ secretData: JSON.stringify({ AccessKeyId, AccessKeySecret }) })),
      options: SHORT_FETCHES,
    })),
    ...(await whileKmsIsDown(application, {
      ...recovery(async () => {
        throw new Error('broken');
      }),
      options: SHORT_FETCHES,
    })),
  ];
}

async function whileKmsRefuses(application: SayingApplication, parts: AppParts): Promise<readonly string[]> {
  application.cloud.fail('dedicatedKms', 'refuse');
  const lines = await application.run(parts);
  application.cloud.clearFaults();
  return lines;
}

async function whileKmsIsDown(application: SayingApplication, parts: AppParts): Promise<readonly string[]> {
  application.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
  const lines = await application.run(parts);
  application.cloud.clearFaults();
  return lines;
}
