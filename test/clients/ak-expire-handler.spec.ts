import { describe, expect, it } from '@jest/globals';

import { ErrorCodeAkExpireHandler } from '../../lib/clients/ak-expire-handler.js';

const refusal = (code: unknown, fields: object = {}) => Object.assign(new Error('refused'), { code }, fields);
const context = (sdk: string) => ({ secretName: 'app', sdk });

describe('by default an expired key', () => {
  const handler = new ErrorCodeAkExpireHandler();

  it.each([
    ...['acs', 'roa', 'openapi', 'sts'].flatMap((sdk) => [
      [sdk, 'InvalidAccessKeyId'],
      [sdk, 'InvalidAccessKeyId.NotFound'],
      [sdk, 'InvalidAccessKeyId.Inactive'],
    ]),
    ...['acs', 'roa', 'openapi'].flatMap((sdk) => [
      [sdk, 'InvalidAccessKeyIdError'],
      [sdk, 'InvalidAccessKeyId.NotFoundError'],
      [sdk, 'InvalidAccessKeyId.InactiveError'],
    ]),
    ['oss', 'InvalidAccessKeyId'],
    ['an SDK that it does not know', 'InvalidAccessKeyId'],
    ['an SDK that it does not know', 'InvalidAccessKeyId.NotFoundError'],
  ])('is told to %s by %s', (sdk = '', code = '') => {
    expect(handler.judgeAkExpire(refusal(code), context(sdk))).toBe(true);
  });

  it.each([
    ['acs', 'Unauthorized'],
    ['acs', 'Forbidden'],
    ['acs', 'Forbidden.RAM'],
    ['acs', 'SignatureDoesNotMatch'],
    ['acs', 'invalidaccesskeyid'],
    ['oss', 'InvalidAccessKeyId.NotFound'],
    ['oss', 'AccessDenied'],
    ['sts', 'InvalidAccessKeyIdError'],
    ['an SDK that it does not know', 'Unauthorized'],
  ])('is not told to %s by %s', (sdk, code) => {
    expect(handler.judgeAkExpire(refusal(code), context(sdk))).toBe(false);
  });

  it.each([
    ['without a code', refusal(undefined)],
    ['with an empty code', refusal('')],
    ['with a number for a code', refusal(403)],
    ['that is a text', 'InvalidAccessKeyId'],
    ['that is nothing', undefined],
  ])('is not told by an error %s', (_what, error) => {
    expect(handler.judgeAkExpire(error, context('acs'))).toBe(false);
  });

  it('is told by the code in the body of the answer rather than by what the SDK made of it', () => {
    const body = (data: unknown) => refusal('Forbidden', { data });
    expect(handler.judgeAkExpire(body({ Code: 'InvalidAccessKeyId.Inactive' }), context('openapi'))).toBe(
      true,
    );
    expect(handler.judgeAkExpire(body({ Message: 'no' }), context('openapi'))).toBe(false);
    const misleading = refusal('InvalidAccessKeyId', { data: { Code: 'Forbidden.RAM' } });
    expect(handler.judgeAkExpire(misleading, context('openapi'))).toBe(false);
    expect(handler.judgeAkExpire(refusal('InvalidAccessKeyId', { data: null }), context('acs'))).toBe(true);
  });
});

describe('codes of the application', () => {
  const handler = new ErrorCodeAkExpireHandler({ oss: ['AccessDenied'], tablestore: ['OTSAuthFailed'] });
  const judge = (sdk: string, code: string) => handler.judgeAkExpire(refusal(code), context(sdk));

  it('count for their SDK, beside the usual ones', () => {
    expect([judge('oss', 'AccessDenied'), judge('oss', 'InvalidAccessKeyId')]).toEqual([true, true]);
    expect(judge('tablestore', 'OTSAuthFailed')).toBe(true);
    expect(judge('unknown', 'OTSAuthFailed')).toBe(true);
  });

  it('do not count for others', () => {
    expect([judge('acs', 'AccessDenied'), judge('oss', 'OTSAuthFailed')]).toEqual([false, false]);
    expect(judge('tablestore', 'InvalidAccessKeyId')).toBe(false);
  });
});
