/** What `scripts/backup` and `scripts/restore` have in common: help, errors, exit status. */

/** @returns What to do, or undefined for a command line of another form. @throws What `parseArgs` throws. */
type Plan = (args: string[]) => (() => Promise<void>) | undefined;

/** Sets the exit status: 0 done, 1 failed, 2 for a command line that cannot be used. */
export async function runBackupCommand(help: string, plan: Plan): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(help);
    return;
  }
  const work = planned(plan, args);
  if (!work) {
    console.error(help);
    process.exitCode = 2;
    return;
  }
  try {
    await work();
    process.exitCode = 0;
  } catch (error) {
    console.error(`codeland: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function planned(plan: Plan, args: string[]): ReturnType<Plan> {
  try {
    return plan(args);
  } catch (error) {
    console.error(`codeland: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
