import type { ManagedClientDefinition } from './clients/managed-client-definition.js';
import { ProblemCollector } from './config/configuration-error.js';
import { isRecord } from './core/is-record.js';

const REMEDY = 'Make it with acsClient(), ossClient(), managedClient() or one of their kind.';

/**
 * Checks what was given as client definitions. Secret names often come from the environment, where they may be missing.
 *
 * @throws ConfigurationError with every problem there is
 */
export function checkClientDefinitions(definitions: readonly ManagedClientDefinition[]): void {
  const given: unknown = definitions;
  const problems = new ProblemCollector();
  if (!Array.isArray(given)) {
    problems.add('clients', 'is no array', 'Write [acsClient(…), ossClient(…)].');
  }
  for (const [index, definition] of (Array.isArray(given) ? (given as unknown[]) : []).entries()) {
    const setting = `clients[${index}]`;
    if (!isRecord(definition) || !definition['token'] || typeof definition['create'] !== 'function') {
      problems.add(setting, 'is no client definition', REMEDY);
    } else if (typeof definition['secretName'] !== 'string' || definition['secretName'].trim() === '') {
      const sdk = typeof definition['sdk'] === 'string' ? definition['sdk'] : 'client';
      const remedy =
        'Give the name of its secret in KMS; if it comes from the environment, check that it is set.';
      problems.add(`${setting} (${sdk})`, 'has no secret name', remedy);
    }
  }
  problems.throwIfAny();
}
