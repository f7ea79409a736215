/** Long steps, with the time they take. */

const TICK_MS = 1000;

/**
 * Prints a line when a step begins and ends; on a terminal the elapsed seconds too.
 * @param to Where.
 */
export async function step<T>(
  label: string,
  work: (note: (what: string) => void) => Promise<T>,
  to: NodeJS.WriteStream = process.stdout,
): Promise<T> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const isTerminal = to.isTTY === true;
  let current = label;
  const show = () => to.write(`\r\x1b[K${current} … ${seconds()} s`);
  const timer = isTerminal ? setInterval(show, TICK_MS) : undefined;
  const line = (text: string) => to.write(`${isTerminal ? '\r\x1b[K' : ''}${text}\n`);
  if (isTerminal) show();
  else line(`${label} …`);
  try {
    const result = await work((what) => {
      current = `${label}: ${what}`;
      if (isTerminal) show();
      else line(`  ${what} (${seconds()} s)`);
    });
    line(`${label}: done (${seconds()} s)`);
    return result;
  } catch (error) {
    line(`${label}: failed after ${seconds()} s`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
