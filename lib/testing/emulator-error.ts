/** Thrown when the emulator itself is used wrongly: an unknown secret, key or target, or an impossible option. */
export class EmulatorError extends Error {
  /** Tells it from other errors without its class. */
  override readonly name = 'EmulatorError';
}
