import type { QmpReturn } from '../src/mod.ts';

/** One entry of `query-qmp-schema`. The schema describes itself: this type is generated from it, too. */
export type SchemaEntry = QmpReturn<'query-qmp-schema'>[number];
export type EntryOf<M extends SchemaEntry['meta-type']> = Extract<SchemaEntry, { readonly 'meta-type': M }>;
export type Member = EntryOf<'object'>['members'][number];

type DataType = Exclude<SchemaEntry, EntryOf<'command'> | EntryOf<'event'>>;

/** The schema by name: commands and events in the order of their names, types by the name QEMU masks them with. */
export class Schema {
  readonly commands: readonly EntryOf<'command'>[];
  readonly events: readonly EntryOf<'event'>[];
  readonly #types = new Map<string, DataType>();

  constructor(entries: readonly SchemaEntry[]) {
    this.commands = entries.filter((entry) => entry['meta-type'] === 'command').sort(byName);
    this.events = entries.filter((entry) => entry['meta-type'] === 'event').sort(byName);
    for (const entry of entries) {
      if (entry['meta-type'] !== 'command' && entry['meta-type'] !== 'event')
        this.#types.set(entry.name, entry);
    }
  }

  /** @throws Error when the schema refers to a type that it does not contain. */
  type(name: string): DataType {
    const type = this.#types.get(name);
    if (type === undefined) throw new Error(`The schema has no type ${name}`);
    return type;
  }

  /** Whether it is the object without members, which QEMU uses for "takes nothing" and "gives back nothing". */
  isEmpty(name: string): boolean {
    const type = this.type(name);
    return type['meta-type'] === 'object' && type.members.length === 0 && type.variants === undefined;
  }
}

/** Orders by code unit, not by locale: the same on every machine. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
