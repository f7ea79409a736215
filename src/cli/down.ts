/** `scripts/down`: ends the server of the data folder. */
import { killProcess } from '../lib/process-identity.ts';
import { findServer } from '../server-record.ts';
import { settingsOrExit } from './settings.ts';

const config = settingsOrExit();
const server = await findServer(config.home);
if (!server) {
  console.log(`no server uses ${config.home}`);
} else {
  // A running request may take as long as the longest run.
  const patienceMs = (config.limits.maxSeconds + 10) * 1000;
  const gone = await killProcess(server, 'SIGINT', patienceMs);
  console.log(
    gone ? `the server (pid ${server.pid}) has ended` : `the server (pid ${server.pid}) is still ending`,
  );
  process.exitCode = gone ? 0 : 1;
}
