import type { Language } from './language.ts';

export const typescript: Language = {
  name: 'typescript',
  aliases: ['ts'],
  fileName: 'main.ts',
  command: ['bun', 'main.ts'],
  zygote: 'bun',
  warmUp: ['warm-up/typescript.ts'],
};
