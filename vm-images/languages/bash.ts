import type { Language } from './language.ts';

export const bash: Language = {
  name: 'bash',
  aliases: ['sh', 'shell'],
  fileName: 'main.sh',
  command: ['bash', 'main.sh'],
  zygote: 'launcher',
  warmUp: ['warm-up/bash.sh'],
};
