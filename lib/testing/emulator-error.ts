/** Thrown when the emulator itself is used wrongly: an unknown secret, key or target, or an impossible option. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
}
