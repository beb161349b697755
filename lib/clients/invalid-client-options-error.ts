import { ManagedCredentialsError } from '../core/errors.js';

/** The options of a client definition cannot be used. Code: `InvalidClientOptions`. */
export class InvalidClientOptionsError extends ManagedCredentialsError {
  /**
   * @param problem what is wrong, to follow "cannot be made:"
   * @param remedy what to do, as a sentence
   */
  constructor({ secretName }: { readonly secretName: string }, problem: string, remedy: string) {
    super(`The client of secret "${secretName}" cannot be made: ${problem}. ${remedy}`, {
      code: 'InvalidClientOptions',
      secretName,
    });
  }
}
