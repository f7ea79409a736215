/**
 * The control messages between host and guest agent. The agent imports the types alone; the host checks
 * every message that a guest sends against the schemas, since a guest is hostile.
 */
import { type Static, Type } from '@sinclair/typebox';

// --- host → agent -----------------------------------------------------------------------------------

/** Asks for the agent's {@link HelloReply}. */
export type HelloRequest = { readonly type: 'hello'; readonly protocol: number };

/**
 * The first message of a host that comes to a guest which an earlier host has used, since what that one left in the
 * link may end within a frame. The agent answers with the nonce's bytes, outside of any frame; what it says to this
 * host follows, and what was meant for the earlier one is before them. Runs with `keep` go on unheard until they are
 * resumed; others are killed.
 */
export type AttachRequest = {
  readonly type: 'attach';
  /** 32 lower-case hexadecimal digits, at random. */
  readonly nonce: string;
};

/**
 * Takes up a run with `keep` that an earlier host began: the agent says all its output again, then goes on with it and
 * its report, or has a {@link RunRefused} for what it has not kept.
 */
export type ResumeRequest = { readonly type: 'resume'; readonly id: number };

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
  /** What its network device becomes. */
  readonly network: NetworkIdentity;
};

/** What tells one guest from the others on a network. */
export type NetworkIdentity = {
  /** Six bytes as lower-case hexadecimal, with colons. */
  readonly mac: string;
  /** IPv4, dotted. */
  readonly address: string;
  /** Bits of the address that name the network. */
  readonly prefixLength: number;
};

/**
 * Gives the guest a way out of its network. Sent before its first run and never answered: what comes after it on the
 * link finds it done.
 */
export type ConnectRequest = NetworkExit & { readonly type: 'connect' };

/** Where a guest finds everything that is not in its own network. Both are IPv4, dotted, and in it. */
export type NetworkExit = {
  readonly gateway: string;
  /** Whom programs ask for names. */
  readonly resolver: string;
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
  /** Chosen by the host; unique among the runs under way on this guest, and among all its runs with `keep`. */
  readonly id: number;
  /**
   * A warm-up: walks the real path (write the program, start it, read its output, reply) and leaves the guest
   * as fresh as before it.
   */
  readonly warmUp: boolean;
  /**
   * The guest goes on after this run. Processes that the program leaves live on and their output is dropped,
   * unless the run is killed or takes too long: all its processes are killed then. The run outlives its host, and the
   * agent keeps what came of it: see {@link ResumeRequest}.
   */
  readonly keep: boolean;
  /** Wall clock of the host when the request was written, microseconds since 1970. */
  readonly nowMicros: number;
  readonly timeLimitMs: number;
  /** Bytes of stdout and stderr together that are sent; what comes after is counted and dropped. */
  readonly outputLimitBytes: number;
};

/** Kills a run's whole process tree; its {@link ExitReport} follows. */
export type KillRequest = { readonly type: 'kill'; readonly id: number };

/** Asks how the guest is; answered at any time, also while programs run. */
export type StatsRequest = {
  readonly type: 'stats';
  /** Chosen by the host; the answer carries it. */
  readonly id: number;
};

export type HostMessage =
  | HelloRequest
  | AttachRequest
  | PrepareRequest
  | ConnectRequest
  | RunRequest
  | ResumeRequest
  | KillRequest
  | StatsRequest;

// --- agent → host -----------------------------------------------------------------------------------

const Id = Type.Integer({ minimum: 0, maximum: 0xffff_ffff });
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
    /** What the network device has now. */
    mac: Type.String({ pattern: '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$' }),
    address: Type.String({ pattern: '^[0-9]{1,3}([.][0-9]{1,3}){3}$' }),
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
    id: Id,
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

/** The agent could not start the run, or has not kept the one that was to be resumed. */
export const RunRefused = Type.Object(
  {
    type: Type.Literal('refused'),
    id: Id,
    message: Type.String({ maxLength: 1024 }),
  },
  strict,
);
export type RunRefused = Static<typeof RunRefused>;

/** Answer to {@link StatsRequest}. Everything is as the guest's kernel tells it. */
export const StatsReply = Type.Object(
  {
    type: Type.Literal('stats'),
    id: Id,
    /** Time since the guest's kernel started; a clone goes on where its template was. Stopped time is left out. */
    uptimeMs: Counter,
    /** Processes, the kernel's own included. */
    processes: Counter,
    /** Memory that the kernel has for itself: objects, stacks, page tables, per-processor data. */
    kernelMemoryBytes: Counter,
    /** What went through the network device since the template's boot; null without a device. */
    network: Type.Union([
      Type.Object({ rxBytes: Counter, txBytes: Counter, rxPackets: Counter, txPackets: Counter }, strict),
      Type.Null(),
    ]),
  },
  strict,
);
export type StatsReply = Static<typeof StatsReply>;

export const AgentMessage = Type.Union([HelloReply, PreparedReply, ExitReport, RunRefused, StatsReply]);
export type AgentMessage = Static<typeof AgentMessage>;
