import { inspect } from 'node:util';

import { beforeEach, describe, expect, it } from '@jest/globals';

import { RamIdentity } from '../../../lib/kms/shared/ram-identity.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const PLANTED = 'planted-secret-0123456789';
const KEY = { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: PLANTED };

let clock: VirtualClock;
let providers = 0;
let asked = 0;
beforeEach(() => {
  clock = new VirtualClock();
  [providers, asked] = [0, 0];
});

/** An identity whose providers answer in turn, the last answer from then on; an error is thrown. */
function identityOf(...answers: readonly unknown[]): RamIdentity {
  return new RamIdentity(
    'the given provider',
    async () => {
      providers += 1;
      return async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)];
        if (answer instanceof Error) throw answer;
        return answer;
      };
    },
    clock,
  );
}

const failureOf = (identity: RamIdentity) => identity.get('app').catch((error: unknown) => error);

describe('the RAM identity', () => {
  it('asks its provider once for any number of requests at the same time', async () => {
    const identity = identityOf(KEY);
    const all = await Promise.all(Array.from({ length: 50 }, () => identity.get('app')));
    expect(new Set(all)).toEqual(new Set([KEY]));
    expect(asked).toBe(1);
  });

  it('keeps credentials for a minute, and the provider for good', async () => {
    const identity = identityOf(KEY);
    await identity.get('app');
    await clock.advance(59_999);
    await identity.get('app');
    expect(asked).toBe(1);
    await clock.advance(1);
    await identity.get('app');
    expect([asked, providers]).toEqual([2, 1]);
  });

  it('takes the token of a session, and none that is empty', async () => {
    await expect(identityOf({ ...KEY, securityToken: 'token' }).get('app')).resolves.toEqual({
      ...KEY,
      securityToken: 'token',
    });
    for (const securityToken of ['', null, 5]) {
      asked = 0;
      await expect(identityOf({ ...KEY, securityToken }).get('app')).resolves.toEqual(KEY);
    }
  });

  it('makes another provider when one has failed', async () => {
    const identity = identityOf(new Error('out of order'), KEY);
    expect(await failureOf(identity)).toMatchObject({ code: 'KmsIdentityUnavailable' });
    await expect(identity.get('app')).resolves.toEqual(KEY);
    expect(providers).toBe(2);
  });

  it('makes another provider when one could not be made', async () => {
    let failures = 1;
    const identity = new RamIdentity('the default credential chain', async () => {
      if (failures-- > 0) throw new Error('no such profile');
      return async () => KEY;
    });
    expect(await failureOf(identity)).toMatchObject({ code: 'KmsIdentityUnavailable' });
    await expect(identity.get('app')).resolves.toEqual(KEY);
  });

  it('makes another provider when one has not answered for as long as a fetch may take', async () => {
    const identity = identityOf(new Promise(() => undefined), KEY);
    void identity.get('app');
    await clock.advance(29_999);
    void identity.get('app');
    await clock.advance(0);
    expect(asked).toBe(1);
    await clock.advance(1);
    await expect(identity.get('app')).resolves.toEqual(KEY);
    expect([asked, providers]).toEqual([2, 2]);
  });

  it('makes another provider, once, when KMS has refused what one gave', async () => {
    const identity = identityOf({ ...KEY, accessKeyId: 'LTAI5tOutdatedOutdated' }, KEY);
    const refused = await identity.get('app');
    const others = await Promise.all(
      Array.from({ length: 10 }, async () => {
        identity.refuse(refused);
        return identity.get('app');
      }),
    );
    expect(new Set(others)).toEqual(new Set([KEY]));
    identity.refuse(refused);
    await expect(identity.get('app')).resolves.toEqual(KEY);
    expect([asked, providers]).toEqual([2, 2]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [KEY]],
    ['no key id', { accessKeySecret: PLANTED }],
    ['an empty key id', { ...KEY, accessKeyId: '' }],
    ['a key id that is no text', { ...KEY, accessKeyId: 5 }],
    ['no key secret', { accessKeyId: KEY.accessKeyId }],
    ['an empty key secret', { ...KEY, accessKeySecret: '' }],
    ['a key secret that is no text', { ...KEY, accessKeySecret: { text: PLANTED } }],
  ])('is not to be had, for the moment, from a provider that gives %s', async (_what, answer) => {
    expect(await failureOf(identityOf(answer))).toMatchObject({
      code: 'KmsIdentityUnavailable',
      secretName: 'app',
      temporary: true,
      message: expect.stringContaining(
        '(the given provider) could not be had (IncompleteCredentials): check',
      ),
    });
  });

  const sts = (code: string) =>
    new Error(`refresh session token failed: {"RequestId":"1", "Code" : "${code}", "Message":"${PLANTED}"}`);
  it.each([
    ['InvalidAccessKeyId.NotFound', sts('InvalidAccessKeyId.NotFound'), false],
    ['SignatureDoesNotMatch', new Error('failed: {"Code":"SignatureDoesNotMatch"}'), false],
    ['SignatureDoesNotMatch', new Error('the access key secret is invalid'), false],
    ['NoPermission', sts('NoPermission'), false],
    ['EntityNotExist.Role', sts('EntityNotExist.Role'), false],
    ['AuthenticationFail.OIDCToken.Expired', sts('AuthenticationFail.OIDCToken.Expired'), false],
    ['InvalidParameter.RoleArn', sts('InvalidParameter.RoleArn'), false],
    ['Forbidden.RAM', sts('Forbidden.RAM'), false],
    ['Throttling.User', sts('Throttling.User'), true],
    ['ServiceUnavailable', sts('ServiceUnavailable'), true],
    ['ECONNREFUSED', Object.assign(new Error(PLANTED), { code: 'ECONNREFUSED' }), true],
  ])('says %s when its provider fails by it', async (code, error, temporary) => {
    const failure = await failureOf(identityOf(error));
    expect(failure).toMatchObject({
      name: 'KmsError',
      temporary,
      message:
        `The RAM credentials for KMS (the given provider) could not be had (${code}): check the role, its trust policy ` +
        'and the settings "credentials_…", and that STS or the metadata server can be reached.',
    });
    expect(inspect(failure, { depth: Infinity })).not.toContain(PLANTED);
  });

  it.each([
    ['no code', new Error(PLANTED)],
    ['a code that is no name', Object.assign(new Error(PLANTED), { code: `a ${PLANTED}` })],
    ['a code that ends in more than a name', Object.assign(new Error(PLANTED), { code: `a\n${PLANTED}` })],
    ['a code that is no text', Object.assign(new Error(PLANTED), { code: 5 })],
    ['a code of STS that is no name', sts(`a ${PLANTED}`)],
    ['a message that is no text', Object.assign(new Error(PLANTED), { message: [PLANTED] })],
  ])('says nothing of an error with %s', async (_what, error) => {
    const failure = await failureOf(identityOf(error));
    expect(failure).toMatchObject({
      temporary: true,
      message: expect.stringContaining('(the given provider) could not be had: check the role'),
    });
    expect(inspect(failure, { depth: Infinity })).not.toContain(PLANTED);
  });

  it.each([PLANTED, undefined, null])('says nothing of what is no error', async (reason) => {
    const identity = new RamIdentity('the given provider', () => Promise.reject(reason));
    const failure = await failureOf(identity);
    expect(failure).toMatchObject({ code: 'KmsIdentityUnavailable', temporary: true });
    expect(inspect(failure, { depth: Infinity })).not.toContain(PLANTED);
  });
});
