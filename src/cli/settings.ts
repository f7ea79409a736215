/** The settings, as the commands take them: what is wrong with one is all that is said. */
import { type Config, ConfigError, loadConfig } from '../config.ts';

/** Ends the process with status 1 when a setting cannot be used. */
export function settingsOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`codeland: ${error.message}`);
    process.exit(1);
  }
}
