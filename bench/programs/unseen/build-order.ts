type Task = { readonly name: string; readonly needs?: readonly string[]; readonly minutes: number };

class CycleError extends Error {
  override readonly name = 'CycleError';
  constructor(readonly_: readonly string[], options?: ErrorOptions) {
    super(readonly_.join(' → '), options);
  }
}

function order(tasks: readonly Task[]): string[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const state = new Map<string, 'open' | 'done'>();
  const sorted: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new CycleError([...trail.slice(trail.indexOf(name)), name]);
    state.set(name, 'open');
    for (const need of byName.get(name)?.needs ?? []) visit(need, [...trail, name]);
    state.set(name, 'done');
    sorted.push(name);
  };
  for (const { name } of tasks) visit(name, []);
  return sorted;
}

function schedule(tasks: readonly Task[]): Readonly<Record<string, readonly [start: number, end: number]>> {
  const times: Record<string, [number, number]> = {};
  for (const name of order(tasks)) {
    const task = tasks.find((each) => each.name === name);
    if (!task) throw new ReferenceError(`nobody knows ${name}`);
    const start = Math.max(0, ...(task.needs ?? []).map((need) => times[need]?.[1] ?? 0));
    times[name] = [start, start + task.minutes];
  }
  return times;
}
const tasks: Task[] = [
  { name: 'deploy', needs: ['test', 'docs'], minutes: 4 },
  { name: 'test', needs: ['compile'], minutes: 12.5 },
  { name: 'docs', needs: ['fetch'], minutes: 3 },
  { name: 'compile', needs: ['fetch'], minutes: 6 },
  { name: 'fetch', minutes: 1 },
];
console.log(order(tasks).join(', '));
for (const [name, [start, end]] of Object.entries(schedule(tasks))) {
  console.log(name.padEnd(8), ' '.repeat(start) + '='.repeat(Math.round(end - start)), end);
}
try {
  order([...tasks.slice(1), { name: 'fetch', needs: ['docs'], minutes: 0 }]);
} catch (cause) {
  const outer = new Error('no order', { cause });
  console.log(outer.message, (outer.cause as Error).name, (outer.cause as Error).message);
}
