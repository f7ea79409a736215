/** What the service is measured against. */

export type BenchLanguage = 'javascript' | 'typescript' | 'python' | 'bash';

export type BenchProgram = { readonly language: BenchLanguage; readonly code: string };

/** One way to run a program; set up with as much care as our own side. */
export type Comparator = AsyncDisposable & {
  /** As `node`, `bwrap-python3`, `cold-boot`. Reports name it so; no other comparator has it. */
  readonly id: string;
  /** What it is, for the report. */
  readonly title: string;
  readonly languages: readonly BenchLanguage[];
  /**
   * One whole operation: from nothing ready but what {@link prepare} made, to the program's output.
   * @returns What the program printed to stdout.
   * @throws {Error} When the program or the operation fails.
   */
  run(program: BenchProgram): Promise<string>;
  /** Work before each run that is not measured, as to restore the guest that runs it. */
  prepare?(): Promise<void>;
  /** CPU time of the latest run with all its processes, user and system, ms; where it is known exactly. */
  cpuMs?(): number | undefined;
};

/** The same HTTP server as ours with something else than guests behind it, in a process of its own. */
export type HttpComparator = AsyncDisposable & {
  readonly id: string;
  readonly title: string;
  /** It takes `POST /api/v1/runner/run` as ours does, in JavaScript at least. */
  readonly url: string;
  readonly key: string;
  /** Its process; what it starts is counted with it. */
  readonly pid: number;
};

/** Why it is not here (a package is missing, the user is not root), for the report; the benchmark goes on without. */
export type MissingComparator = { readonly id: string; readonly title: string; readonly missing: string };

export type ComparatorContext = {
  /** Data folder with image and template, which are not written to. */
  readonly home: string;
  /** Folder for what is made once and kept for later runs, as images; exists. It may be deleted in between. */
  readonly scratch: string;
  /** Aborted when the benchmark is to end. */
  readonly signal: AbortSignal;
};

export type ComparatorFactory = (context: ComparatorContext) => Promise<Comparator | MissingComparator>;
export type HttpComparatorFactory = (
  context: ComparatorContext,
) => Promise<HttpComparator | MissingComparator>;

/** Everything that the service is measured against; where they are listed, nothing is started yet. */
export type Comparators = {
  /** On this host itself. */
  readonly programs: readonly ComparatorFactory[];
  /** In guests, which take some time to set up. */
  readonly guests: readonly ComparatorFactory[];
  readonly servers: readonly HttpComparatorFactory[];
};
