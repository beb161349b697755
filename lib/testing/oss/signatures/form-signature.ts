import { createHmac } from 'node:crypto';
import type { ClaimedSignature, SignatureScheme } from './claimed-signature.js';
import { skewProblem } from './time-problems.js';
import { invalidV4, isV4SignatureOf, parseV4Credential, parseV4Date, V4_ALGORITHM } from './v4-signature.js';

/** The signature of a policy among the fields of a form, in either version. */
export const formSignature: SignatureScheme = ({ form }) => {
  if (!form) return undefined;
  const policy = form.field('policy');
  if (form.field('x-oss-signature-version') !== '') return versionFour(policy, (name) => form.field(name));
  const accessKeyId = form.field('OSSAccessKeyId');
  const provided = form.field('Signature');
  if (accessKeyId === '' || provided === '' || policy === '') return undefined;
  return {
    accessKeyId,
    securityToken: form.field('x-oss-security-token'),
    provided,
    // The policy itself says until when it is good.
    timeProblem: () => undefined,
    stringToSign: () => policy,
    fits: (_, secret) => createHmac('sha1', secret).update(policy).digest('base64') === provided,
  };
};

function versionFour(policy: string, field: (name: string) => string): ClaimedSignature {
  if (field('x-oss-signature-version') !== V4_ALGORITHM) {
    throw invalidV4(`x-oss-signature-version must be ${V4_ALGORITHM}`);
  }
  const date = field('x-oss-date');
  const credential = parseV4Credential(field('x-oss-credential'), date);
  const provided = field('x-oss-signature');
  return {
    accessKeyId: credential.accessKeyId,
    securityToken: field('x-oss-security-token'),
    provided,
    timeProblem: (now) => (Number.isNaN(parseV4Date(date)) ? skewProblem(Number.NaN, now) : undefined),
    stringToSign: () => policy,
    fits: (_, secret) => isV4SignatureOf(provided, secret, credential, policy),
  };
}
