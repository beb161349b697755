import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from 'nestjs-aliyun-managed-credentials/testing';

import { testAcsClient } from '../../support/app-fixture.js';
import { PLANTED, RedactionFixture } from '../../support/redaction-fixture.js';

const SETTING = 'cache_client_dkms_config_info';

let fixture: RedactionFixture;
beforeAll(async () => {
  fixture = await RedactionFixture.start();
});
afterAll(() => fixture.stop());

describe('no secret is said when KMS answers', () => {
  const echo = (): Fault => ({
    status: 400,
    code: 'InvalidParam',
    message: `${fixture.cloud.secret('acs-secret').accessKeySecret} ${PLANTED}`,
  });
  const faults: [
    what: string,
    fault: () => Fault | 'drop' | 'hang' | 'truncate' | 'garbage',
    message: RegExp,
  ][] = [
    ['an error that echoes a secret', echo, /InvalidParam/],
    [
      'a page of a proxy that echoes a secret',
      () => ({ status: 502, body: `<html>${PLANTED}</html>` }),
      /HTTP status 502|not KMS's/,
    ],
    ['that it is overloaded', () => ({ code: 'Rejected.Throttling' }), /Rejected\.Throttling/],
    [
      'that the identity is unknown',
      () => ({ status: 404, code: 'Unauthorized', message: PLANTED }),
      /does not accept|Unauthorized/,
    ],
    ['nothing and hangs up', () => 'drop', /closed the connection/],
    ['nothing at all', () => 'hang', /did not answer in time/],
    ['the first half', () => 'truncate', /closed the connection|aborted|could not be used|not KMS's/i],
    ['nonsense', () => 'garbage', /no secret|not KMS's/],
  ];
  it.each(faults)('%s', async (_what, fault, message) => {
    const shared = { ...fixture.cloud.sharedKmsEnv(), [SETTING]: '' };
    for (const [target, settings] of [
      ['dedicatedKms', {}],
      ['kms', shared],
    ] as const) {
      const typed = fault();
      const planted =
        typeof typed === 'string'
          ? fixture.cloud.fail(target, typed, Infinity)
          : fixture.cloud.fail(target, typed, Infinity);
      try {
        const said = await fixture.allThatIsSaid({ settings }, message);
        expect(said).toMatch(message);
        expect(fixture.secretsIn(said)).toEqual([]);
      } finally {
        planted.clear();
      }
    }
  });

  it.each([
    ['text', PLANTED],
    ['JSON that is no object', JSON.stringify([PLANTED])],
    ['a key without its id', JSON.stringify({ AccessKeySecret: PLANTED })],
    ['a number for a secret', JSON.stringify({ AccessKeyId: PLANTED, AccessKeySecret: 5 })],
    ['half of a JSON object', `{"AccessKeyId":"LTAI","AccessKeySecret":${JSON.stringify(PLANTED)}`],
  ])('with a secret that holds %s', async (what, secretData) => {
    fixture.cloud.createSecret(what, { type: 'generic', secretData });
    const message = /holds no usable access key/;
    const said = await fixture.allThatIsSaid({ clients: [testAcsClient(fixture.cloud, what)] }, message);
    expect(said).toMatch(message);
    expect(fixture.secretsIn(said)).toEqual([]);
  });
});
