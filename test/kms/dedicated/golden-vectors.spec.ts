import { describe, expect, it } from '@jest/globals';

import {
  decodeGetSecretValueResponse,
  decodeKmsErrorMessage,
  encodeGetSecretValueRequest,
} from '../../../lib/kms/dedicated/get-secret-value-messages.js';
import { headersToSign, signRequest, stringToSign } from '../../../lib/kms/dedicated/request-signature.js';
import { clientKeyOf, dkmsVectors, type DkmsVector } from '../../support/dkms-vectors.js';

function requestOf(vector: DkmsVector) {
  const body = encodeGetSecretValueRequest({
    secretName: vector.input.secret_name,
    versionStage: vector.input.version_stage,
    versionId: vector.input.version_id,
    fetchExtendedConfig: vector.input.fetch_extended_config,
  });
  return { apiName: 'GetSecretValue', body, date: Date.parse(vector.date) };
}

/** Headers that the official client's HTTP library adds, or that name that client. */
const NOT_OURS = new Set(['accept-encoding', 'host', 'user-agent', 'content-length']);

describe.each(dkmsVectors.map((vector) => [vector.name, vector] as const))(
  'the recorded request of %s',
  (_name, vector) => {
    it('has the same body', () => {
      expect(Buffer.from(requestOf(vector).body).toString('hex')).toBe(vector.request.body_hex);
    });

    it('has the same string to sign', () => {
      const headers = headersToSign(requestOf(vector), clientKeyOf(vector).keyId);
      expect(stringToSign(headers)).toBe(vector.string_to_sign);
    });

    it('has the same headers and signature', async () => {
      const recorded = vector.request.headers.map(([name, value]) => [name.toLowerCase(), value]);
      const signed = await signRequest(requestOf(vector), clientKeyOf(vector));
      expect(signed).toEqual(Object.fromEntries(recorded.filter(([name]) => !NOT_OURS.has(name ?? ''))));
      expect(signed['authorization']).toBe(`Bearer ${vector.signature_base64}`);
    });
  },
);

describe('the text that is signed', () => {
  it('has no blanks around a value, because HTTP does not hand them on', () => {
    const request = { apiName: 'GetSecretValue', body: new Uint8Array(), date: 0 };
    expect(stringToSign(headersToSign(request, ' KAAP.1 '))).toContain('\nx-kms-acccesskeyid:KAAP.1\n');
  });
});

describe('the recorded answers', () => {
  const answers = dkmsVectors.flatMap((vector) =>
    vector.responses.map(({ status, body_hex: hex }) => {
      return [`${vector.name} (${status})`, vector, status, Buffer.from(hex, 'hex')] as const;
    }),
  );

  it.each(answers.filter(([name, , status]) => status === 200 && name.startsWith('ok-')))(
    '%s is read as the official client reads it',
    (_name, vector, _status, body) => {
      const { responseHeaders: _, ...result } = vector.outcome.result ?? {};
      const camelCase = Object.entries(result).map(([name, value]) => [
        name.charAt(0).toLowerCase() + name.slice(1),
        value,
      ]);
      expect(decodeGetSecretValueResponse(body)).toEqual(Object.fromEntries(camelCase));
    },
  );

  it.each(answers.filter(([, vector]) => vector.outcome.error?.code !== undefined))(
    '%s is read as an error',
    (_name, vector, _status, body) => {
      const { errorCode, requestId } = decodeKmsErrorMessage(body);
      expect({ errorCode, requestId }).toEqual({
        errorCode: vector.outcome.error?.code,
        requestId: vector.outcome.error?.data?.requestId,
      });
    },
  );

  it.each(answers.filter(([name]) => /^(?:bad-200|err-502-html|err-503-plain)/.test(name)))(
    '%s is refused as nonsense',
    (_name, _vector, status, body) => {
      const decode = status === 200 ? decodeGetSecretValueResponse : decodeKmsErrorMessage;
      expect(() => decode(body)).toThrow(Error);
    },
  );
});
