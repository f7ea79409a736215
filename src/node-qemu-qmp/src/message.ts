import { QmpProtocolError } from './errors.ts';
import { isObject } from './json.ts';
import type { Reply } from './pending.ts';
import type { QmpEvent, QmpVersion } from './types.ts';

/** What QEMU says first on every connection. */
export interface QmpGreeting {
  readonly version: QmpVersion;
  /** Capabilities on offer, such as `oob`. */
  readonly capabilities: readonly string[];
}

/** One message of the server, told apart by the member that only its kind has (qmp-spec, section 2). */
export type QmpMessage =
  | { readonly kind: 'greeting'; readonly greeting: QmpGreeting }
  | Reply
  | { readonly kind: 'event'; readonly event: QmpEvent };

/**
 * Reads one line of the server.
 *
 * The envelope is checked here, once; what a reply or an event carries is vouched for by QEMU's own schema.
 * @throws QmpProtocolError when the line is not a QMP message.
 */
export function parseMessage(line: string): QmpMessage {
  const message = parseJson(line);
  if (!isObject(message))
    throw new QmpProtocolError(`The peer sent JSON that is no object: ${excerpt(line)}`);
  if (isEvent(message)) return { kind: 'event', event: message };
  if ('return' in message) return { kind: 'return', id: idOf(message, line), value: message['return'] };
  if (isErrorBody(message['error'])) {
    const { class: errorClass, desc: description } = message['error'];
    return { kind: 'error', id: idOf(message, line), errorClass, description };
  }
  if (isGreetingBody(message['QMP'])) return { kind: 'greeting', greeting: message['QMP'] };
  throw new QmpProtocolError(`The peer sent an object that is no QMP message: ${excerpt(line)}`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new QmpProtocolError(`The peer sent a line that is not JSON: ${excerpt(line)}`, { cause });
  }
}

/** Every command of ours has an id, so a reply without one answers nothing we could name. */
function idOf(message: Readonly<Record<string, unknown>>, line: string): number {
  const id = message['id'];
  if (typeof id === 'number') return id;
  throw new QmpProtocolError(`The peer sent a reply without an id of ours: ${excerpt(line)}`);
}

function isEvent(message: object): message is QmpEvent {
  return (
    'event' in message &&
    typeof message.event === 'string' &&
    'timestamp' in message &&
    isObject(message.timestamp) &&
    (!('data' in message) || isObject(message.data))
  );
}

function isErrorBody(body: unknown): body is { readonly class: string; readonly desc: string } {
  return isObject(body) && typeof body['class'] === 'string' && typeof body['desc'] === 'string';
}

function isGreetingBody(body: unknown): body is QmpGreeting {
  return isObject(body) && isVersion(body['version']) && isArrayOfStrings(body['capabilities']);
}

function isVersion(version: unknown): version is QmpVersion {
  return isObject(version) && isRelease(version['qemu']) && typeof version['package'] === 'string';
}

function isRelease(qemu: unknown): qemu is QmpVersion['qemu'] {
  return isObject(qemu) && ['major', 'minor', 'micro'].every((part) => typeof qemu[part] === 'number');
}

function isArrayOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Enough of a line to recognise it by; a line may have megabytes. */
function excerpt(line: string): string {
  return line.length <= 120 ? line : `${line.slice(0, 120)}…`;
}
