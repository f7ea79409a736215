import { nameTypes } from './names.ts';
import { byName, type EntryOf, type Member, type Schema } from './schema.ts';

const builtins: ReadonlyMap<string, string> = new Map([
  ['any', 'JsonValue'],
  ['bool', 'boolean'],
  ['int', 'number'],
  ['null', 'null'],
  ['number', 'number'],
  ['str', 'string'],
]);

interface Featured {
  readonly features?: readonly string[];
}

/** Turns a schema into TypeScript declarations: one member, value or variant a line, so that a diff can be read. */
export class Renderer {
  readonly #schema: Schema;
  readonly #names: ReadonlyMap<string, string>;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#names = nameTypes(schema);
  }

  /** `QmpCommands`: a command's name → what it takes and gives back. */
  commands(): string {
    const lines = this.#schema.commands.flatMap((command) => {
      const outOfBand = command['allow-oob'] === true ? ' readonly outOfBand: true;' : '';
      const types = `readonly arguments: ${this.#reference(command['arg-type'])}; readonly returns: ${this.#reference(command['ret-type'])};`;
      return [...documentation(command), `  readonly ${key(command.name)}: { ${types}${outOfBand} };`];
    });
    return ['export interface QmpCommands {', ...lines, '}'].join('\n');
  }

  /** `QmpEvents`: an event's name → its data, `undefined` for an event without. */
  events(): string {
    const lines = this.#schema.events.flatMap((event) => {
      const data = this.#schema.isEmpty(event['arg-type']) ? 'undefined' : this.#reference(event['arg-type']);
      return [...documentation(event), `  readonly ${key(event.name)}: ${data};`];
    });
    return ['export interface QmpEvents {', ...lines, '}'].join('\n');
  }

  /** Every named type, in the order of the names. */
  types(): string[] {
    return [...this.#names]
      .map(([type, name]) => ({ type, name }))
      .sort(byName)
      .map(({ type, name }) => this.#declaration(type, name));
  }

  #declaration(type: string, name: string): string {
    const entry = this.#schema.type(type);
    switch (entry['meta-type']) {
      case 'object':
        return this.#object(entry, name);
      case 'enum':
        return [`export type ${name} =`, ...enumValues(entry)].join('\n').concat(';');
      case 'alternate': {
        const members = entry.members.map((member) => `  | ${this.#reference(member.type)}`).sort();
        return [`export type ${name} =`, ...members].join('\n').concat(';');
      }
      case 'array':
      case 'builtin':
        throw new Error(`${name} should have been written where it is used`);
    }
  }

  #object({ members, tag, variants }: EntryOf<'object'>, name: string): string {
    const own = members.filter((member) => member.name !== tag).sort(byName);
    const lines = own.flatMap((member) => this.#member(member));
    if (tag === undefined || variants === undefined) {
      return [`export interface ${name} {`, ...lines, '}'].join('\n');
    }
    const base =
      lines.length === 0 ? [`export type ${name} = (`] : [`export type ${name} = {`, ...lines, '} & ('];
    return [...base, ...this.#variants(tag, variants), ');'].join('\n');
  }

  #member(member: Member): string[] {
    const optional = 'default' in member ? '?' : '';
    return [
      ...documentation(member),
      `  readonly ${key(member.name)}${optional}: ${this.#reference(member.type)};`,
    ];
  }

  /** Cases that carry the same members share a line. */
  #variants(tag: string, variants: NonNullable<EntryOf<'object'>['variants']>): string[] {
    const casesByType = Map.groupBy(variants, (variant) => variant.type);
    const lines = [...casesByType].map(([type, group]) => {
      const cases = group.map((variant) => literal(variant.case)).sort();
      const tagged = `{ readonly ${key(tag)}: ${cases.join(' | ')} }`;
      return this.#schema.isEmpty(type) ? `  | ${tagged}` : `  | (${tagged} & ${this.#reference(type)})`;
    });
    return lines.sort();
  }

  #reference(type: string): string {
    const entry = this.#schema.type(type);
    if (entry['meta-type'] === 'array') return `readonly ${this.#reference(entry['element-type'])}[]`;
    const name = this.#schema.isEmpty(type) ? 'Nothing' : (builtins.get(type) ?? this.#names.get(type));
    if (name === undefined) throw new Error(`The type ${type} has no name`);
    return name;
  }
}

function enumValues(entry: EntryOf<'enum'>): string[] {
  return [...entry.members].sort(byName).map(({ name, features }) => {
    const remark = features === undefined ? '' : ` /* ${[...features].sort().join(', ')} */`;
    return `  | ${literal(name)}${remark}`;
  });
}

function documentation({ features = [] }: Featured): string[] {
  const deprecated = features.includes('deprecated') ? ['  /** @deprecated by QEMU. */'] : [];
  const unstable = features.includes('unstable') ? ['  /** Unstable: QEMU may change or remove it. */'] : [];
  return [...deprecated, ...unstable];
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

function literal(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`;
}
