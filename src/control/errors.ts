/** What can go wrong for an operator's command, and how it is answered: in the API's form. */
import { Elysia, type ValidationError } from 'elysia';
import { wrongForm } from '../http/problems.ts';
import { RolloutRefusedError } from '../rollout/refusal.ts';

/** Status of each failure. */
const STATUS = {
  /** There is no such thing. */
  notFound: 404,
  /** It cannot be done as things are; the message says why and what to do. */
  refused: 409,
  invalidRequest: 422,
  internal: 500,
} as const;

type ControlFailure = keyof typeof STATUS;

export class ControlError extends Error {
  override readonly name: ControlFailure;

  constructor(name: ControlFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** @param onFault Told of each error that is the server's own. */
export const controlErrors = (onFault: (error: unknown) => void) =>
  new Elysia({ name: 'control-errors' }).onError({ as: 'global' }, ({ code, error, set }) => {
    const { name, message } = toFailure(code, error, onFault);
    set.status = STATUS[name];
    return { name, message };
  });

function toFailure(code: string | number, error: unknown, onFault: (error: unknown) => void): ControlError {
  if (error instanceof ControlError) return error;
  if (error instanceof RolloutRefusedError) return new ControlError('refused', error.message);
  if (code === 'PARSE') return new ControlError('invalidRequest', 'the body could not be read');
  if (code === 'NOT_FOUND') return new ControlError('notFound', 'no such route');
  if (isValidation(code, error) && error.type !== 'response') {
    return new ControlError('invalidRequest', wrongForm(error.type, error.all).message);
  }
  onFault(error);
  return new ControlError('internal', 'the server failed to answer; the fault has been logged');
}

const isValidation = (code: string | number, error: unknown): error is ValidationError =>
  code === 'VALIDATION' && error instanceof Error;
