/** How the agent runs one language. Each language is described in one file of its own beside this one. */
export type Language = {
  /** The name that the API, the manifest and the agent use. */
  readonly name: string;
  /** Other names that the API accepts. */
  readonly aliases: readonly string[];
  /** Name of the program's file in the working directory. */
  readonly fileName: string;
  /** Command line that runs the program's file; the run's own arguments follow. */
  readonly command: readonly [string, ...string[]];
  /**
   * The pre-started process that waits for code in the template: `bun` runs the program in itself, `python`
   * forks, `launcher` executes `command` (all set-up is done, only the `exec` is left).
   */
  readonly zygote: 'bun' | 'python' | 'launcher';
  /** Programs that a refill runs before a guest is called ready; files beside the language's own. */
  readonly warmUp: readonly string[];
  /** A program that a new template must run to be published, and what it must print. */
  readonly check: { readonly code: string; readonly stdout: string };
};
