import { byName, type Schema } from './schema.ts';

/** A type that waits for a name, and the name it gets unless it already has one. */
interface Candidate {
  readonly type: string;
  readonly name: string;
}

/**
 * Names every type after the place that uses it first.
 *
 * QEMU masks its internal type names with numbers that change with the build. Walking breadth first from the commands
 * and events, in the order of their names, gives each type the shortest path that leads to it, and the same schema
 * always the same names.
 */
export function nameTypes(schema: Schema): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  let level = roots(schema);
  while (level.length > 0) {
    const next: Candidate[] = [];
    for (const { type, name } of level) {
      const entry = schema.type(type);
      if (entry['meta-type'] === 'array') {
        next.push({ type: entry['element-type'], name: `${name}Item` });
      } else if (entry['meta-type'] !== 'builtin' && !names.has(type) && !schema.isEmpty(type)) {
        const unique = uniqueName(name, taken);
        names.set(type, unique);
        next.push(...children(schema, type, unique));
      }
    }
    level = next;
  }
  return names;
}

function roots(schema: Schema): Candidate[] {
  return [
    ...schema.commands.flatMap((command) => [
      { type: command['arg-type'], name: `${pascalCase(command.name)}Arguments` },
      { type: command['ret-type'], name: `${pascalCase(command.name)}Return` },
    ]),
    ...schema.events.map((event) => ({
      type: event['arg-type'],
      name: `${pascalCase(event.name.toLowerCase())}EventData`,
    })),
  ];
}

function children(schema: Schema, type: string, name: string): Candidate[] {
  const entry = schema.type(type);
  switch (entry['meta-type']) {
    case 'object': {
      const members = entry.members.map((member) => ({ type: member.type, name: member.name }));
      const variants = (entry.variants ?? []).map((variant) => ({ type: variant.type, name: variant.case }));
      return [...members.sort(byName), ...variants.sort(byName)].map((child) => ({
        type: child.type,
        name: `${name}${pascalCase(child.name)}`,
      }));
    }
    case 'alternate':
      // JSON types tell the members of an alternate apart, so a meta-type occurs once among them.
      return entry.members.map((member) => ({
        type: member.type,
        name: `${name}${pascalCase(schema.type(member.type)['meta-type'])}`,
      }));
    case 'array':
    case 'builtin':
    case 'enum':
      return [];
  }
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count += 1) unique = `${name}${count}`;
  taken.add(unique);
  return unique;
}

function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
