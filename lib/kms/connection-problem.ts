/** What a broken connection means for whoever operates the application. */
export interface ConnectionProblem {
  readonly code: string;
  /** What happened and what to do, to follow the name of the endpoint. */
  readonly explanation: string;
  /** Whether trying again, or elsewhere, may help without anybody changing a setting. */
  readonly temporary: boolean;
}

/** OpenSSL's and Node's codes for a server certificate that was not accepted. */
const UNTRUSTED_CERTIFICATE =
  /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_(?!HAS_EXPIRED|NOT_YET)|INVALID_(?:CA|PURPOSE))/;

const TEMPORARY_EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'refused the connection: check that "endpoint" names the right host and port and that this network may reach it',
  ENOTFOUND:
    'has no address: check the spelling of "endpoint", and that this network resolves names of your VPC',
  EAI_AGAIN: 'could not be resolved at the moment: check the DNS server of this machine',
  ECONNRESET: 'closed the connection before it had answered',
  EPIPE: 'closed the connection while the request was being sent',
  ETIMEDOUT:
    'did not answer in time: check that "endpoint" is right and that no firewall or security group drops the connection',
};

/** Explains an error code of Node's sockets or TLS. */
export function explainConnectionError(code: string): ConnectionProblem {
  if (UNTRUSTED_CERTIFICATE.test(code)) {
    return {
      code,
      explanation:
        'presented a certificate that is not trusted: set "caFilePath" to the CA of your KMS instance ' +
        '(KMS console, Instance Management, Instance CA Certificate, a file PrivateKmsCA_kst-….pem)',
      temporary: false,
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      code,
      explanation:
        'presented a certificate for another host: "endpoint" must be the name that KMS shows for the instance, not an alias or address',
      temporary: false,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      code,
      explanation:
        'presented a certificate that is not valid at this time: check the clock of this machine, and whether "caFilePath" is outdated',
      temporary: false,
    };
  }
  const explanation = TEMPORARY_EXPLANATIONS[code] ?? `could not be used (${code})`;
  return { code, explanation, temporary: true };
}
