import { KmsError } from './kms-error.js';

/**
 * An answer with an error's status that is not of KMS's form. Code: `Http` and the status.
 *
 * @param label names the endpoint
 */
export function foreignAnswerError(label: string, secretName: string, status: number): KmsError {
  return new KmsError(
    `${label} answered with HTTP status ${status} and a body that is not KMS's: ` +
      'a proxy or load balancer seems to answer in its place; check "endpoint" and what lies between.',
    { code: `Http${status}`, secretName, temporary: status >= 500 || status === 429, status },
  );
}
