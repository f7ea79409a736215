// Walks what TypeScript programs use besides what the JavaScript warm-up walks. Leaves nothing behind.
interface Named {
  readonly name: string;
}
const greet = <T extends Named>(values: readonly T[]): string => values.map(({ name }) => name).join(', ');
console.log(greet([{ name: 'Ada' }, { name: 'Bob' }]) satisfies string);
