/** What the log says of an error: what happened and where, not the values it happened with. */
import { TypeBoxError } from '@sinclair/typebox';
import { RunRefusedError } from '../guest/errors.ts';

export type ErrorLine = {
  readonly name: string;
  readonly message: string;
  /** As `ENOENT`. */
  readonly code?: string;
  /** The innermost calls, as `function (file:line:column)`. */
  readonly at?: readonly string[];
};

/** Errors told of one failure, itself included. */
const MAX_LINES = 8;
const MAX_NAME = 60;
const MAX_MESSAGE = 400;
const MAX_FRAMES = 6;

const WITHHELD = 'withheld, because it may quote what was sent or printed';

/** The error and what led to it, each once, nearest first. Messages that may quote input are withheld. */
export function errorLines(error: unknown): ErrorLine[] {
  const found = new Set([error]);
  // A set's iterator also comes to what is added while it runs.
  for (const each of found) for (const cause of causesOf(each)) if (found.size < MAX_LINES) found.add(cause);
  return Array.from(found, line);
}

function causesOf(error: unknown): readonly unknown[] {
  if (error instanceof SuppressedError) return [error.error, error.suppressed];
  if (error instanceof AggregateError) return error.errors;
  return error instanceof Error && error.cause !== undefined ? [error.cause] : [];
}

function line(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an error, but thrown' };
  // Some libraries name their classes only.
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  const code = codeOf(error);
  const at = frames(error);
  return {
    name: oneLine(name, MAX_NAME),
    message: mayQuote(error, code) ? WITHHELD : oneLine(error.message, MAX_MESSAGE),
    ...(code === undefined ? {} : { code }),
    ...(at.length === 0 ? {} : { at }),
  };
}

/**
 * Parsers and validators put a part of what they were given into the message: of a body, an answer, a guest's
 * reply. `ERR_…` are the runtime's complaints of an argument, VALIDATION and PARSE Elysia's of a request or answer.
 * Why a run was refused is in the guest's own words.
 */
const mayQuote = (error: Error, code: string | undefined) =>
  error instanceof SyntaxError ||
  error instanceof TypeBoxError ||
  error instanceof RunRefusedError ||
  (error instanceof TypeError && /header/i.test(error.message)) ||
  /^(ERR_|VALIDATION$|PARSE$|INVALID_COOKIE)/.test(code ?? '');

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,50}$/.test(code) ? code : undefined;
}

/** The stack begins with the message, which may have lines that look like calls. */
function frames({ stack = '', message }: Error): string[] {
  const begin = stack.indexOf(message);
  const calls = begin < 0 ? '' : stack.slice(begin + message.length);
  return [...calls.matchAll(/^ +at (.+)$/gm)].slice(0, MAX_FRAMES).map(([, call = '']) => oneLine(call, 200));
}

/**
 * Without what a terminal obeys or shows in another place: a guest has a part in some messages. JSON escapes only the
 * first 32 of the control characters.
 */
function oneLine(text: string, limit: number): string {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{FFFD}')
    .trim();
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
