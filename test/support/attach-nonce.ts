import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const Attach = Type.Object({
  type: Type.Literal('attach'),
  nonce: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});

/** What a host that attaches wants to hear. @throws {AssertError} When the message is another one. */
export function nonceOf(message: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(Value.Parse(Attach, message).nonce, 'hex'));
}
