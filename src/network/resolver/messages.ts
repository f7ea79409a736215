/**
 * What the server and its resolver's process say to each other: JSON, one message a line. The process reads what
 * hostile guests send, so what it says is checked like a guest's words.
 */
import { type Static, Type } from '@sinclair/typebox';
import { RECORDED_NAMES } from './limits.ts';

/** What the process has to do before anything else. */
export type StartMessage = {
  readonly type: 'start';
  /** IPv4 address. */
  readonly listen: string;
  readonly port: number;
  /** IPv4 addresses, with a port if it is not 53: `192.0.2.1`, `192.0.2.1:5353`. */
  readonly upstreams: readonly string[];
  /** User and group that it becomes when it listens. */
  readonly user: number;
};

export type ServerMessage =
  | StartMessage
  | { readonly type: 'admit'; readonly address: string }
  | { readonly type: 'dismiss'; readonly address: string }
  | { readonly type: 'names'; readonly id: number; readonly address: string };

const Name = Type.Object(
  {
    /** Printable ASCII. */
    name: Type.String({ pattern: '^[!-~]{1,255}$' }),
    type: Type.String({ pattern: '^[A-Z0-9]{1,10}$' }),
    count: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    verdict: Type.Union([Type.Literal('answered'), Type.Literal('refused')]),
  },
  { additionalProperties: false },
);

export const ProcessMessage = Type.Union([
  /** It listens, and has given up its rights. */
  Type.Object({ type: Type.Literal('ready') }, { additionalProperties: false }),
  Type.Object(
    {
      type: Type.Literal('names'),
      id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      names: Type.Array(Name, { maxItems: RECORDED_NAMES }),
    },
    { additionalProperties: false },
  ),
]);
export type ProcessMessage = Static<typeof ProcessMessage>;
