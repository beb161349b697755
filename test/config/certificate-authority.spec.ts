import { describe, expect, it } from '@jest/globals';

import { ConfigurationError } from '../../lib/config/configuration-error.js';
import { vectorPassword } from '../support/dkms-vectors.js';
import { certificateFor } from '../support/tls-server.js';
import { clientKey, endpoint } from './support/peer-cases.js';
import { readSettings } from './support/read-settings.js';

const WHERE_TO_GET_IT =
  'Use the file PrivateKmsCA_kst-….pem that the KMS console offers for the instance (Instance Management, Instance CA Certificate).';

/** The day on which a certificate ends, as warnings write it. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const endingIn = (validForDays: number) => certificateFor('localhost', { validForDays });

describe.each([
  ['an instance', (ca: string) => ({ dedicated: [{ endpoint, clientKey, password: vectorPassword, ca }] })],
  ['a region', (ca: string) => ({ regions: [{ regionId: 'cn-hangzhou', ca }] })],
])('the certificate authority of %s', (_what, settingsWith) => {
  it('that ends within 90 days is warned about, with the day', () => {
    const { warnings } = readSettings([], settingsWith(endingIn(89)));
    expect(warnings).toEqual([
      expect.stringMatching(
        `\\.ca: a certificate in it ends on ${dayIn(89)}; download the current one from the KMS console before then$`,
      ),
    ]);
  });

  it('that has ended is warned about', () => {
    const { warnings } = readSettings([], settingsWith(endingIn(-1)));
    expect(warnings).toEqual([
      expect.stringMatching(`has ended on ${dayIn(-1)}; download the current one from the KMS console$`),
    ]);
  });

  it('that ends later is not', () => {
    expect(readSettings([], settingsWith(endingIn(91))).warnings).toEqual([]);
  });

  it('of several certificates is looked at whole', () => {
    const { warnings } = readSettings([], settingsWith(endingIn(400) + endingIn(10) + endingIn(20)));
    expect(warnings).toEqual([expect.stringContaining(dayIn(10)), expect.stringContaining(dayIn(20))]);
  });

  it('that holds no certificate is a problem', () => {
    expect(() => readSettings([], settingsWith('no certificate'))).toThrow(
      `.ca: holds no PEM certificate. ${WHERE_TO_GET_IT}`,
    );
  });
});

describe("the gateway of an instance that is used with RAM credentials, without the instance's CA,", () => {
  it('is one problem that says where to download it', () => {
    const read = () => readSettings([], { regions: [{ regionId: 'cn-hangzhou', endpoint }] });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(
      'not configured correctly (1 problem):\n' +
        '  - kms.regions[0] (options in code).caFilePath: is missing, and a KMS instance has a CA of its own. ' +
        WHERE_TO_GET_IT,
    );
  });
});
