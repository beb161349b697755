/** How many calls are under way, so that a shutdown can let them end. */
export class InFlightCalls {
  #count = 0;
  #onIdle: (() => void) | undefined;

  /** Counts a call that begins. */
  begin(): void {
    this.#count += 1;
  }

  /** Counts a call that has ended. */
  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onIdle?.();
  }

  /** Resolves when no call is under way, or after `timeoutMs`. */
  async idle(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
