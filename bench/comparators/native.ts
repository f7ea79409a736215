/** Programs of this host's interpreters, started for each run. */
import type { ComparatorFactory } from '../comparator.ts';

export const nativeNode: ComparatorFactory = async () => ({
  id: 'node',
  title: 'native `node -e`',
  languages: ['javascript'],
  run: async ({ code }) => {
    const child = Bun.spawn(['node', '-e', code], { stdout: 'pipe', stdin: 'ignore', stderr: 'inherit' });
    const [stdout, status] = await Promise.all([child.stdout.text(), child.exited]);
    if (status !== 0) throw new Error(`node ended with status ${status}`);
    return stdout;
  },
  [Symbol.asyncDispose]: async () => {},
});
