import type { Language } from './language.ts';

export const bash: Language = {
  name: 'bash',
  aliases: ['sh', 'shell'],
  fileName: 'main.sh',
  command: ['bash', 'main.sh'],
  zygote: 'launcher',
  warmUp: ['warm-up/bash.sh'],
  check: {
    code: "for n in 1 2 3; do printf '%s ' $((n * n)); done; echo",
    stdout: '1 4 9 \n',
  },
};
