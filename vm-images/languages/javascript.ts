import type { Language } from './language.ts';

export const javascript: Language = {
  name: 'javascript',
  aliases: ['js', 'node', 'bun'],
  fileName: 'main.js',
  command: ['bun', 'main.js'],
  zygote: 'bun',
  warmUp: ['warm-up/javascript.js'],
};
