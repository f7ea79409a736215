import type { Language } from './language.ts';

export const python: Language = {
  name: 'python',
  aliases: ['py', 'python3'],
  fileName: 'main.py',
  command: ['python3', 'main.py'],
  zygote: 'python',
  warmUp: ['warm-up/python.py'],
  check: {
    code: 'print(*[n * n for n in (1, 2, 3)])',
    stdout: '1 4 9\n',
  },
};
