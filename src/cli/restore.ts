/** `scripts/restore`: puts a backup into a data folder that no server uses. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SETTINGS_FILE } from '../backup/manifest.ts';
import { restore } from '../backup/restore.ts';
import { loadConfig } from '../config.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { runBackupCommand } from './backup-command.ts';

const HELP = `scripts/restore FILE [--json]

Puts a backup of scripts/backup into the data folder, which no server may use meanwhile. Database and key that are
there are kept in a folder beside them. The settings file of the backup is not put in place: tar -xOzf FILE
${SETTINGS_FILE} shows it.

  --json          tells what was restored as JSON

Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage.`;

await runBackupCommand(HELP, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return undefined;
  return async () => {
    shutOthersOut();
    const { home } = loadConfig();
    const { manifest, replaced } = await restore(resolve(file), home);
    if (values.json) {
      console.log(JSON.stringify({ home, replaced: replaced ?? null, ...manifest }, null, 2));
      return;
    }
    console.log(`${home} is as it was ${manifest.created}: ${Object.keys(manifest.files).join(', ')}`);
    if (replaced !== undefined) console.log(`what was there is kept in ${replaced}`);
    if (manifest.files[SETTINGS_FILE]) {
      console.log(
        `it has a settings file too, which is not put in place: tar -xOzf ${file} ${SETTINGS_FILE}`,
      );
    }
  };
});
