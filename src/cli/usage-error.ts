/** A command line: read, or refused. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Something about the command line. Names the option and what it may be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} */
export function parseCommandLine<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: O,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // What follows is about operands that begin with a dash.
    throw new UsageError(message.split(/\.?\s+To specify/)[0]?.replaceAll('\n', ' '), { cause });
  }
}
