/**
 * Waits for something that happens by itself, as a process's end.
 * @param longestMs After which it is taken for what never happens.
 */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  longestMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + longestMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
