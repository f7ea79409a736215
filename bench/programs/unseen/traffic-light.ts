const Light = { Red: 'red', Green: 'green', Amber: 'amber', Broken: 'broken' } as const;
type Light = (typeof Light)[keyof typeof Light];
type Signal = 'tick' | 'fault' | 'repair';
type Moves = { readonly [From in Light]?: { readonly [On in Signal]?: Light } };

const moves = {
  red: { tick: 'green', fault: 'broken' },
  green: { tick: 'amber', fault: 'broken' },
  amber: { tick: 'red', fault: 'broken' },
  broken: { repair: 'red' },
} as const satisfies Moves;

class Machine<State extends string, Input extends string> {
  state: State;
  readonly trail: [State, Input, State | null][] = [];
  private readonly table: { readonly [From in State]?: { readonly [On in Input]?: State } };
  constructor(start: State, table: { readonly [From in State]?: { readonly [On in Input]?: State } }) {
    this.state = start;
    this.table = table;
  }
  send(input: Input): boolean {
    const next = this.table[this.state]?.[input] ?? null;
    this.trail.push([this.state, input, next]);
    if (next === null) return false;
    this.state = next;
    return true;
  }
}
const machine = new Machine<Light, Signal>(Light.Red, moves);
const accepted = (['tick', 'tick', 'fault', 'tick', 'repair', 'tick'] as Signal[]).map((signal) =>
  machine.send(signal),
);
console.log(machine.state, accepted.filter(Boolean).length, accepted.indexOf(false));
for (const [from, input, to] of machine.trail)
  console.log(`${from.padStart(7)} --${input}--> ${to ?? '(refused)'}`);
const visits: Partial<Record<Light, number>> = {};
for (const [, , to] of machine.trail) if (to) visits[to] = (visits[to] ?? 0) + 1;
console.table(Object.entries(visits).map(([light, times]) => ({ light, times })));
