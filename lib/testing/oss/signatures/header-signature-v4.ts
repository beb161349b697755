import type { SignatureScheme } from './claimed-signature.js';
import { claimedV4Signature } from './claimed-v4-signature.js';
import { skewProblem } from './time-problems.js';
import { invalidV4, parseV4Credential, parseV4Date, V4_ALGORITHM, type V4Claim } from './v4-signature.js';

/** Signature version 4 in a header: `Authorization: OSS4-HMAC-SHA256 Credential=…,Signature=…`. */
export const headerSignatureV4: SignatureScheme = (request) => {
  const header = request.header('authorization');
  if (!header.startsWith(`${V4_ALGORITHM} `)) return undefined;
  const fields = fieldsOf(header.slice(V4_ALGORITHM.length + 1));
  const date = request.header('x-oss-date');
  const payloadHash = request.header('x-oss-content-sha256');
  const provided = fields.get('Signature') ?? '';
  const claim: V4Claim = {
    ...parseV4Credential(fields.get('Credential') ?? '', date),
    date,
    additionalHeaders: fields.get('AdditionalHeaders')?.split(';') ?? [],
    payloadHash,
  };
  if (provided === '') throw invalidV4('Signature is missing');
  if (payloadHash === '') throw invalidV4('x-oss-content-sha256 is missing');
  return claimedV4Signature(request, claim, {
    securityToken: request.header('x-oss-security-token'),
    provided,
    timeProblem: (now) => skewProblem(parseV4Date(date), now),
  });
};

function fieldsOf(text: string): Map<string, string> {
  return new Map(
    text
      .split(/,\s*/)
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
}
