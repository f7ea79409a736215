import { describe, expect, test } from 'bun:test';
import { Renderer } from '../scripts/render.ts';
import { Schema, type SchemaEntry } from '../scripts/schema.ts';

const builtins: readonly SchemaEntry[] = [
  { 'meta-type': 'builtin', name: 'str', 'json-type': 'string' },
  { 'meta-type': 'builtin', name: 'int', 'json-type': 'int' },
  { 'meta-type': 'builtin', name: 'bool', 'json-type': 'boolean' },
  { 'meta-type': 'builtin', name: 'null', 'json-type': 'null' },
  { 'meta-type': 'builtin', name: 'any', 'json-type': 'value' },
  { 'meta-type': 'object', name: 'nothing', members: [] },
];

/** A schema that takes one command which gives back that type. */
function declarations(type: string, entries: readonly SchemaEntry[]): string {
  const command: SchemaEntry = {
    'meta-type': 'command',
    name: 'get',
    'arg-type': 'nothing',
    'ret-type': type,
  };
  return new Renderer(new Schema([...builtins, command, ...entries])).types().join('\n\n');
}

describe('an object', () => {
  test('has its members in order, optional ones marked, odd names quoted', () => {
    const members = [
      { name: 'z', type: 'str' },
      { name: 'a-b', type: 'int', default: null },
      { name: 'list', type: '[bool]' },
    ];
    const entries: SchemaEntry[] = [
      { 'meta-type': 'object', name: '1', members },
      { 'meta-type': 'array', name: '[bool]', 'element-type': 'bool' },
    ];
    expect(declarations('1', entries)).toBe(`export interface GetReturn {
  readonly 'a-b'?: number;
  readonly list: readonly boolean[];
  readonly z: string;
}`);
  });

  test('may contain itself', () => {
    const entries: SchemaEntry[] = [
      { 'meta-type': 'object', name: '1', members: [{ name: 'parents', type: '[1]', default: null }] },
      { 'meta-type': 'array', name: '[1]', 'element-type': '1' },
    ];
    expect(declarations('1', entries)).toBe(`export interface GetReturn {
  readonly parents?: readonly GetReturn[];
}`);
  });

  test('says what is deprecated or unstable', () => {
    const members = [
      { name: 'a', type: 'str', features: ['deprecated'] },
      { name: 'b', type: 'str', features: ['unstable'] },
    ];
    expect(
      declarations('1', [{ 'meta-type': 'object', name: '1', members }]),
    ).toBe(`export interface GetReturn {
  /** @deprecated by QEMU. */
  readonly a: string;
  /** Unstable: QEMU may change or remove it. */
  readonly b: string;
}`);
  });

  test('with variants is a union told apart by its tag', () => {
    const entries: SchemaEntry[] = [
      {
        'meta-type': 'object',
        name: '1',
        members: [
          { name: 'kind', type: '2' },
          { name: 'id', type: 'str' },
        ],
        tag: 'kind',
        variants: [
          { case: 'none', type: 'nothing' },
          { case: 'vmdk', type: '3' },
          { case: 'file', type: '3' },
        ],
      },
      {
        'meta-type': 'enum',
        name: '2',
        members: [{ name: 'none' }, { name: 'vmdk' }, { name: 'file' }],
        values: [],
      },
      { 'meta-type': 'object', name: '3', members: [{ name: 'path', type: 'str' }] },
    ];
    expect(declarations('1', entries)).toBe(`export type GetReturn = {
  readonly id: string;
} & (
  | ({ readonly kind: 'file' | 'vmdk' } & GetReturnFile)
  | { readonly kind: 'none' }
);

export interface GetReturnFile {
  readonly path: string;
}

export type GetReturnKind =
  | 'file'
  | 'none'
  | 'vmdk';`);
  });
});

test('an alternate is a union', () => {
  const entries: SchemaEntry[] = [
    { 'meta-type': 'alternate', name: '1', members: [{ type: 'str' }, { type: 'null' }, { type: '2' }] },
    { 'meta-type': 'object', name: '2', members: [{ name: 'value', type: 'any' }] },
  ];
  expect(declarations('1', entries)).toBe(`export type GetReturn =
  | GetReturnObject
  | null
  | string;

export interface GetReturnObject {
  readonly value: JsonValue;
}`);
});

describe('names', () => {
  const entries = (first: string, second: string): SchemaEntry[] => [
    { 'meta-type': 'command', name: 'b', 'arg-type': first, 'ret-type': 'nothing' },
    { 'meta-type': 'command', name: 'a', 'arg-type': first, 'ret-type': second, 'allow-oob': true },
    { 'meta-type': 'event', name: 'IT_HAPPENED', 'arg-type': second },
    { 'meta-type': 'event', name: 'BOTHER', 'arg-type': 'nothing' },
    { 'meta-type': 'object', name: first, members: [{ name: 'x', type: second, default: null }] },
    { 'meta-type': 'object', name: second, members: [{ name: 'y', type: 'int' }] },
  ];
  const render = (schema: readonly SchemaEntry[]) => {
    const renderer = new Renderer(new Schema(schema));
    return [renderer.commands(), renderer.events(), ...renderer.types()].join('\n\n');
  };

  test('come from the first place that uses a type', () => {
    expect(render([...builtins, ...entries('1', '2')])).toBe(`export interface QmpCommands {
  readonly a: { readonly arguments: AArguments; readonly returns: AReturn; readonly outOfBand: true; };
  readonly b: { readonly arguments: AArguments; readonly returns: Nothing; };
}

export interface QmpEvents {
  readonly BOTHER: undefined;
  readonly IT_HAPPENED: AReturn;
}

export interface AArguments {
  readonly x?: AReturn;
}

export interface AReturn {
  readonly y: number;
}`);
  });

  test('depend neither on the numbers QEMU masks its types with nor on their order', () => {
    const expected = render([...builtins, ...entries('1', '2')]);
    expect(render([...entries('77', '3').reverse(), ...builtins])).toBe(expected);
  });

  test('stay apart when their paths read the same', () => {
    const same: SchemaEntry[] = [
      {
        'meta-type': 'object',
        name: '1',
        members: [
          { name: 'a-b', type: '2' },
          { name: 'a_b', type: '3' },
        ],
      },
      { 'meta-type': 'object', name: '2', members: [{ name: 'x', type: 'str' }] },
      { 'meta-type': 'object', name: '3', members: [{ name: 'y', type: 'str' }] },
    ];
    expect(declarations('1', same)).toContain("readonly 'a-b': GetReturnAB;\n  readonly a_b: GetReturnAB2;");
  });

  test('cannot be given to a type that is not there', () => {
    expect(() => declarations('1', [])).toThrow('no type 1');
  });
});
