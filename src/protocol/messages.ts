/**
 * The control messages between host and guest agent. The agent imports the types alone; the host checks
 * every message that a guest sends against the schemas, since a guest is hostile.
 */
import { type Static, Type } from '@sinclair/typebox';

// --- host → agent -----------------------------------------------------------------------------------

/** Asks for the agent's {@link HelloReply}. */
export type HelloRequest = { readonly type: 'hello'; readonly protocol: number };

/**
 * Makes a restored clone its own machine: reseeds every generator, sets clock and identity. Sent once after
 * each restore, before any run.
 */
export type PrepareRequest = {
  readonly type: 'prepare';
  /** Base64 of 64 fresh random bytes from the host. */
  readonly entropy: string;
  readonly hostname: string;
  /** 32 lower-case hexadecimal digits, as in machine-id(5). */
  readonly machineId: string;
  /** Wall clock of the host, microseconds since 1970. */
  readonly nowMicros: number;
};

/** What is run, as somebody asks for it. */
export type Program = {
  /** A language's `name`, never an alias. */
  readonly language: string;
  readonly code: string;
  readonly stdin: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path relative to the working directory → content. The host has already refused paths that lead out. */
  readonly files: Readonly<Record<string, string>>;
};

/** Starts a program. */
export type RunRequest = Program & {
  readonly type: 'run';
  /** Chosen by the host; unique among the runs under way on this guest. */
  readonly id: number;
  /**
   * A warm-up: walks the real path (write the program, start it, read its output, reply) and leaves the guest
   * as fresh as before it.
   */
  readonly warmUp: boolean;
  /** Wall clock of the host when the request was written, microseconds since 1970. */
  readonly nowMicros: number;
  readonly timeLimitMs: number;
  /** Bytes of stdout and stderr together that are sent; what comes after is counted and dropped. */
  readonly outputLimitBytes: number;
};

/** Kills a run's whole process tree; its {@link ExitReport} follows. */
export type KillRequest = { readonly type: 'kill'; readonly id: number };

export type HostMessage = HelloRequest | PrepareRequest | RunRequest | KillRequest;

// --- agent → host -----------------------------------------------------------------------------------

const RunId = Type.Integer({ minimum: 0, maximum: 0xffff_ffff });
const Counter = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const strict = { additionalProperties: false } as const;

/** The agent's first message after it starts, and its answer to each {@link HelloRequest}. */
export const HelloReply = Type.Object(
  {
    type: Type.Literal('hello'),
    protocol: Type.Integer({ minimum: 0, maximum: 0xffff }),
    /** Version of the agent's own code. */
    agent: Type.String({ maxLength: 64 }),
    /** Names of the languages whose interpreters are started and wait for code. */
    languages: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 64 }),
  },
  strict,
);
export type HelloReply = Static<typeof HelloReply>;

/** Answer to {@link PrepareRequest}: the guest's half of the restore proof. */
export const PreparedReply = Type.Object(
  {
    type: Type.Literal('prepared'),
    hostname: Type.String({ maxLength: 64 }),
    machineId: Type.String({ maxLength: 32 }),
    /** The guest's wall clock when it answered, microseconds since 1970. */
    nowMicros: Counter,
    /**
     * Draws made after the reseed, by generator (`kernel`, and one for each pre-started interpreter), as
     * hexadecimal. Two clones of one template must never share one.
     */
    draws: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
      Type.String({ minLength: 16, maxLength: 256 }),
      { maxProperties: 16, ...strict },
    ),
  },
  strict,
);
export type PreparedReply = Static<typeof PreparedReply>;

/** How a run ended. Its output frames all came before. */
export const ExitReport = Type.Object(
  {
    type: Type.Literal('exit'),
    id: RunId,
    /** Exit status, or null when a signal ended the main process. */
    code: Type.Union([Type.Integer({ minimum: 0, maximum: 255 }), Type.Null()]),
    /** Name of the signal that ended the main process, as `SIGKILL`, or null. */
    signal: Type.Union([Type.String({ pattern: '^SIG[A-Z0-9+]{1,16}$' }), Type.Null()]),
    timedOut: Type.Boolean(),
    /** Output went over the limit. */
    truncated: Type.Boolean(),
    /** The guest kernel killed a process of the run because the run's memory limit was reached. */
    outOfMemory: Type.Boolean(),
    /** From the request's arrival at the agent to the end of the main process, ms. */
    wallMs: Counter,
    /** User and system CPU time of the run's process tree, ms. */
    cpuMs: Counter,
    /** Peak memory of the run's process tree, bytes, where the guest kernel tells it. */
    peakMemoryBytes: Type.Union([Counter, Type.Null()]),
  },
  strict,
);
export type ExitReport = Static<typeof ExitReport>;

/** The agent could not start the run. */
export const RunRefused = Type.Object(
  {
    type: Type.Literal('refused'),
    id: RunId,
    message: Type.String({ maxLength: 1024 }),
  },
  strict,
);
export type RunRefused = Static<typeof RunRefused>;

export const AgentMessage = Type.Union([HelloReply, PreparedReply, ExitReport, RunRefused]);
export type AgentMessage = Static<typeof AgentMessage>;
