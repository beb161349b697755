import { describe, expect, it } from '@jest/globals';

import { explainConnectionError } from '../../lib/kms/connection-problem.js';

describe('a connection to KMS that fails', () => {
  it.each([
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CERT_REJECTED',
    'INVALID_CA',
    'INVALID_PURPOSE',
  ])('for a certificate of an unknown authority needs that of the KMS instance: %s', (code) => {
    expect(explainConnectionError(code)).toEqual({
      code,
      temporary: false,
      explanation: expect.stringMatching(
        /^presented a certificate that is not trusted: set "caFilePath" .*Instance CA Certificate/,
      ),
    });
  });

  it.each(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])(
    'for a certificate of another time sends to the clock and the file of the CA: %s',
    (code) => {
      expect(explainConnectionError(code)).toEqual({
        code,
        temporary: false,
        explanation: expect.stringMatching(
          /^presented .* not valid at this time: check the clock .*caFilePath/,
        ),
      });
    },
  );

  it('for the certificate of another host needs the name that KMS shows', () => {
    const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
    expect(explainConnectionError(code)).toEqual({
      code,
      temporary: false,
      explanation: expect.stringMatching(
        /^presented a certificate for another host: "endpoint" must be the name/,
      ),
    });
  });

  it.each([
    ['ECONNREFUSED', /^refused the connection: check that "endpoint" names the right host and port/],
    ['ENOTFOUND', /^has no address: check the spelling of "endpoint"/],
    ['EAI_AGAIN', /^could not be resolved at the moment: check the DNS server/],
    ['ECONNRESET', /^closed the connection before it had answered$/],
    ['EPIPE', /^closed the connection while the request was being sent$/],
    ['ETIMEDOUT', /^did not answer in time: check that "endpoint" is right and that no firewall/],
    ['EHOSTUNREACH', /^could not be used \(EHOSTUNREACH\)$/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /^could not be used \(ERR_SSL_WRONG_VERSION_NUMBER\)$/],
  ])('for the network or the server may succeed later: %s', (code, explanation) => {
    expect(explainConnectionError(code)).toEqual({
      code,
      temporary: true,
      explanation: expect.stringMatching(explanation),
    });
  });
});
