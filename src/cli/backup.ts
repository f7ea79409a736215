/** `scripts/backup`: keys, usage and kept answers in one file, also while the server runs. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from '../backup/backup.ts';
import { settingsFile } from '../config/sources.ts';
import { loadConfig } from '../config.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { formatSize } from '../lib/size.ts';
import { stopSignal } from '../main.ts';
import { runBackupCommand } from './backup-command.ts';

const HELP = `scripts/backup FILE [--with-images] [--json]

Writes what cannot be made anew to FILE, a tar.gz that only its owner can read: keys, usage and kept answers (the
database), the key of the first start, and the settings file. The server may run. An older FILE is replaced by a whole
one. Runners are not in it. scripts/restore puts it back.

  --with-images   also the current image and template; without them, scripts/up makes both anew
  --json          tells what is in it as JSON

Exit status: 0 done, 1 failed, 2 wrong usage.`;

await runBackupCommand(HELP, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'with-images': { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return undefined;
  return async () => {
    shutOthersOut();
    const { home } = loadConfig();
    const manifest = await backUp({
      home,
      file: resolve(file),
      settingsFile: settingsFile(process.env),
      withImages: values['with-images'] === true,
      signal: stopSignal(),
    });
    if (values.json) console.log(JSON.stringify(manifest, null, 2));
    else
      console.log(
        `${file}: ${Object.keys(manifest.files).join(', ')}; ${formatSize((await stat(file)).size)}`,
      );
  };
});
