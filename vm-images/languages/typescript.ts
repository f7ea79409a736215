import type { Language } from './language.ts';

export const typescript: Language = {
  name: 'typescript',
  aliases: ['ts'],
  fileName: 'main.ts',
  command: ['bun', 'main.ts'],
  zygote: 'bun',
  warmUp: ['warm-up/typescript.ts'],
  check: {
    code: "const squares: number[] = [1, 2, 3].map((n) => n * n);\nconsole.log(squares.join(' '));",
    stdout: '1 4 9\n',
  },
};
