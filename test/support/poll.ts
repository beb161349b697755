/** Waits until a condition holds; fails when it does not in time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 5000,
): Promise<void> {
  const endAt = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
