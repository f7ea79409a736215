/** What can go wrong with one guest. */

/** QEMU did not start, or ended before it was asked to. Carries its arguments and the end of its log. */
export class QemuExitError extends Error {
  override readonly name = 'QemuExitError';
  readonly args: readonly string[];
  readonly log: string;

  constructor(how: string, args: readonly string[], log: string) {
    // QEMU warns of each guest that its network leads nowhere.
    const reason = log.split('\n').findLast((line) => line.trim() !== '' && !line.includes(': warning: '));
    super(`QEMU ${how}${reason ? `: ${reason}` : ''}`);
    this.args = args;
    this.log = log;
  }
}

/** The QEMU that guests would run on is not the one that their template was baked with. */
export class QemuChangedError extends Error {
  override readonly name = 'QemuChangedError';
}

/** The agent's link is gone, or the guest broke its protocol. */
export class AgentLinkError extends Error {
  override readonly name = 'AgentLinkError';
}

/** The agent could not start a run, for a reason it names. */
export class RunRefusedError extends Error {
  override readonly name = 'RunRefusedError';
}

/** A restored guest has not shown that it is fresh, alone in its randomness, on time and of the right version. */
export class RestoreProofError extends Error {
  override readonly name = 'RestoreProofError';
}
