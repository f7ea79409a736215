import type { Language } from './language.ts';

export const javascript: Language = {
  name: 'javascript',
  aliases: ['js', 'node', 'bun'],
  fileName: 'main.js',
  command: ['bun', 'main.js'],
  zygote: 'bun',
  warmUp: ['warm-up/javascript.js'],
  check: {
    code: "console.log([1, 2, 3].map((n) => n * n).join(' '));",
    stdout: '1 4 9\n',
  },
};
