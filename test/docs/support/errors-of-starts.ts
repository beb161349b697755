import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AK_EXPIRE_HANDLER,
  acsClient,
  ManagedCredentialsModule,
  type KmsOptions,
} from 'nestjs-aliyun-managed-credentials';

import { testAcsClient } from '../../support/app-fixture.js';
import { vectorKeyPath } from '../../support/dkms-vectors.js';
import { DEDICATED, SECRET, type SayingApplication } from './saying-application.js';

/** The errors of starts that fail. */
export async function errorsOfStarts(application: SayingApplication): Promise<readonly string[]> {
  const { cloud } = application;
  const otherKey = { clientKeyFile: vectorKeyPath('clientKey.legacy3des.json') };
  const otherPassword = { passwordFromFilePath: vectorKeyPath('password.txt') };
  const handler = { provide: AK_EXPIRE_HANDLER, useValue: { judgeAkExpire: () => false } };
  @Module({ providers: [handler] })
  class FirstModule {}
  @Module({ providers: [handler] })
  class SecondModule {}
  const withItem = (change: object) => ({ settings: application.item(change) });
  const errors = [
    await application.temporaryFailure(withItem({ endpoint: 'localhost:1' })),
    await application.temporaryFailure({ options: { kms: assumedRole(application) } }),
    ...(await Promise.all([
      application.failure({ settings: { [DEDICATED]: '' } }),
      application.failure({ settings: { [DEDICATED]: '[{endpoint:kst}]' } }),
      application.failure(withItem({ clientKeyFile: '/etc/kms/clientKey.json' })),
      application.failure(withItem(otherPassword)),
      application.failure(withItem({ caFilePath: vectorKeyPath('ca.crt.pem') })),
      application.failure(withItem({ ...otherKey, ...otherPassword })),
      application.failure({ clients: [testAcsClient(cloud, 'no-such-secret')] }),
      application.failure({ clients: [testAcsClient(cloud, 'database')] }),
      application.failure({ clients: [testAcsClient(cloud, SECRET), testAcsClient(cloud, SECRET)] }),
      application.failure({ imports: [FirstModule, SecondModule] }),
      failureWithoutRoot(),
    ])),
  ];
  cloud.denySecret(SECRET);
  errors.push(await application.failure({}));
  cloud.allowSecret(SECRET);
  return errors;
}

async function failureWithoutRoot(): Promise<string> {
  return Test.createTestingModule({
    imports: [
      ManagedCredentialsModule.forFeature([acsClient('a', { endpoint: 'https://a', apiVersion: '1' })]),
    ],
  })
    .compile()
    .then(
      () => 'it has started',
      (error: unknown) => (error as Error).message,
    );
}

function assumedRole({ cloud }: SayingApplication): KmsOptions {
  const { accessKeyId, accessKeySecret: accessSecret } = cloud.kmsIdentity;
  return {
    regions: [{ endpoint: cloud.endpoints.kms, ca: cloud.certificates.ca }],
    credentials: {
      type: 'ram_role',
      accessKeyId,
      accessSecret,
      roleArn: 'acs:ram::1234567890123456:role/kms-reader',
      roleSessionName: 'app',
      stsEndpoint: 'localhost:1',
    },
  };
}
