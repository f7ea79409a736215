/** The processes of this host, from `/proc` (proc(5)). */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export type HostProcess = {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks from the host's boot to its start. */
  readonly startTicks: number;
  /** As the kernel has it: of the program's file, 15 characters. */
  readonly name: string;
  readonly threads: number;
};

/** All that live, by their pid. */
export async function hostProcesses(): Promise<Map<number, HostProcess>> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(
    names.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')),
  );
  const found = new Map<number, HostProcess>();
  for (const stat of stats) {
    // The name may hold anything; the fields that count come after the last parenthesis.
    const [, pid, name = '', rest = ''] = /^(\d+) \((.*)\) (.*)$/s.exec(stat) ?? [];
    const fields = rest.split(' ');
    if (pid === undefined || fields[0] === 'Z') continue;
    const [parent, threads, startTicks] = [Number(fields[1]), Number(fields[17]), Number(fields[19])];
    found.set(Number(pid), { pid: Number(pid), parent, threads, startTicks, name });
  }
  return found;
}

/** Pids of all that descend from a process, without itself. */
export function descendantsOf(pid: number, all: ReadonlyMap<number, HostProcess>): number[] {
  const found: number[] = [];
  for (const next = [pid]; next.length > 0; ) {
    const parent = next.pop();
    const children = [...all.values()].filter((each) => each.parent === parent).map((each) => each.pid);
    found.push(...children);
    next.push(...children);
  }
  return found;
}

/** What a process's descriptors lead to, by their paths; nothing when it is gone, or not ours to look at. */
export async function openFiles(pid: number): Promise<Map<string, string>> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')));
  return new Map(
    names.flatMap((name, index) => {
      const target = targets[index];
      return target ? [[join(folder, name), target] as const] : [];
    }),
  );
}

/** Paths of the Unix sockets that have one, by what a descriptor of theirs leads to; '' for the others (unix(7)). */
export async function unixSockets(): Promise<Map<string, string>> {
  const lines = (await readFile('/proc/net/unix', 'utf8')).trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      // Address, references, protocol, flags, type, state, inode, path.
      const [, , , , , , inode, path = ''] = line.trim().split(/\s+/);
      return [`socket:[${inode}]`, path] as const;
    }),
  );
}
