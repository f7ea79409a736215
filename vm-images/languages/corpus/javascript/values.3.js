// Built-in values and how they are printed: arrays, strings, regular expressions, dates, maps, JSON.
// Ends itself with a status of its own.
const assert = require('assert');
const fs = require('fs');
const util = require('util');

const people = [
  { name: 'Noor', age: 31, city: 'Oslo', tags: ['admin', 'beta'] },
  { name: 'Bram', age: 24, city: 'Ghent', tags: [] },
  { name: 'Ines', age: 45, city: 'Oslo', tags: ['beta'] },
  { name: 'Tomas', age: 24, city: 'Brno', tags: ['guest'] },
];
const byCity = people.reduce((groups, person) => {
  (groups[person.city] ??= []).push(person.name);
  return groups;
}, {});
console.log(byCity, Object.groupBy(people, ({ age }) => (age < 30 ? 'young' : 'old')));
console.log(people.map(({ name }) => name).sort(), people.toSorted((a, b) => a.age - b.age || b.name.localeCompare(a.name)).map((p) => p.name));
console.log(people.find((p) => p.age > 40)?.name, people.findIndex((p) => p.name === 'Bram'), people.findLast((p) => p.age === 24).name);
console.log(people.some((p) => p.tags.includes('guest')), people.every((p) => p.age > 18), people.flatMap((p) => p.tags));
console.table(people, ['name', 'age']);
console.log(people);
console.dir({ deep: { deeper: { deepest: { hidden: [1, [2, [3, [4]]]] } } } }, { depth: 6 });

const numbers = Array.from({ length: 30 }, (_, at) => (at * 7919) % 101);
console.log(numbers, numbers.slice(3, 9), numbers.splice(5, 2, 'x', 'y'), numbers.indexOf('y'), numbers.lastIndexOf(0));
numbers.sort();
numbers.reverse();
numbers.fill(0, 0, 3);
numbers.unshift(1, 2);
numbers.push(3);
console.log(numbers.pop(), numbers.shift(), numbers.concat([1], 2).length, numbers.join('-').length, numbers.includes(NaN), Array.isArray(numbers));
console.log([3, 1, 2].toReversed(), [1, 2, 3].with(1, 9), [[1, 2], [3, [4]]].flat(2), [1, 2, 3, 4].copyWithin(0, 2), [..."añ✓😀"], new Array(3), [, 1]);
console.log([1, 2, 3].keys().next(), Array.of(7, 8).at(-1), [5, 1, 10].sort((a, b) => b - a), [1, 2, 3].reduceRight((sum, n) => `${sum}${n}`, ''));

const inventory = new Map([['apple', { count: 3 }], ['pear', { count: 0 }]]);
inventory.set('plum', { count: 8 }).delete('pear');
for (const [key, { count }] of inventory) console.log(key, count);
inventory.forEach((value, key) => inventory.set(key, { ...value, seen: true }));
console.log(inventory, inventory.size, inventory.has('pear'), [...inventory.keys()], [...inventory.values()]);
const odd = new Set([1, 3, 5, 7]);
const prime = new Set([2, 3, 5, 7]);
console.log(odd.union(prime), odd.intersection(prime), new Set([...odd].filter((n) => !prime.has(n))), odd.isSubsetOf(prime), new WeakSet());

const line = '  2024-02-29T12:34:56Z [WARN] user=alice id=42 "GET /index.html?q=1" 200 1532ms  ';
const parsed = line.match(/^\s*(?<date>\d{4}-\d\d-\d\d)T(?<time>[\d:]+)Z \[(?<level>\w+)\] (?<rest>.*?)\s*$/);
console.log(parsed.groups, parsed.index, line.trim().length, /user=(\w+)/.exec(line)?.[1], /nothing/.test(line));
console.log([...line.matchAll(/(\w+)=(\w+)/g)].map(([, key, value]) => [key, value]), line.split(/[\s"]+/), line.search(/GET/));
console.log(line.replace(/\d+/g, (digits) => digits.length), line.replaceAll('a', 'A').trimStart(), 'aBc'.replace(/b/i, '[$&]'), 'x'.replace('x', '$$'));
console.log(/(?<=\$)\d+(\.\d\d)?/.exec('cost: $42.50')?.[0], /^(?:a+)+$/.test('aaaaaaaaaaaa'), /\bfoo\b/giu.flags, /\p{Lu}/u.exec('aÉb')?.[0]);
const sticky = /\s*(?:(\d+\.?\d*)|([-+*/()]))/y;
const tokens = [];
for (let match = sticky.exec('12 * (3.5 + 4) - 6/2'); match; match = sticky.exec('12 * (3.5 + 4) - 6/2')) tokens.push(match[1] ? Number(match[1]) : match[2]);
console.log(tokens, /^[\w.+-]+@[\w-]+\.[\w.]+$/.test('first.last@example.org'), 'camelCaseToSnake'.replace(/([A-Z])/g, (c) => `_${c.toLowerCase()}`));
console.log('title case here'.split(' ').map((w) => w[0].toUpperCase() + w.slice(1)).join(' '), [...'level'].reverse().join('') === 'level');
console.log('abc'.padStart(6, '*').padEnd(8), 'na'.repeat(3), 'abcdef'.substring(4, 1), 'abc'.charCodeAt(1), String.fromCharCode(72, 105), 'ß'.toUpperCase());
console.log('é'.normalize('NFD').length, 'a-b-c'.split('-', 2), 'hello'.startsWith('he'), 'hello'.endsWith('lo'), 'b'.localeCompare('a'), '\u{1F600}'.codePointAt(0).toString(16), `multi
line`);

const when = new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789));
console.log(when.toISOString(), when, when.getTime(), when.toJSON(), when.getDay(), new Date('2024-03-10') - when, new Date(NaN).getTime());
console.log(when.toString(), when.toDateString(), when.toLocaleDateString('en-US', { weekday: 'long', month: 'short', day: 'numeric', year: 'numeric' }));
when.setMonth(when.getMonth() + 13);
console.log(when.toLocaleString(), when.toLocaleTimeString(), when.getFullYear(), Date.now() > 0, new Date(2024, 0, 31).getDate(), when.getTimezoneOffset());
console.log(new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234567.891), (1234567.891).toLocaleString());
console.log(new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(0), new Intl.PluralRules('en').select(1));
console.log(new Intl.ListFormat('en').format(['a', 'b', 'c']), ['z', 'ä', 'a'].sort(new Intl.Collator('de').compare), new Intl.RelativeTimeFormat('en').format(-3, 'day'));

console.log(0.1 + 0.2, (255).toString(16), (0.000001234).toExponential(2), (1e21).toString(), (12.345).toPrecision(3), Number('0x1f'), parseInt('42px', 10), parseFloat('3.14abc'));
console.log(Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, 1 / 0, -0, Number.isInteger(5.0), isNaN('x'), (25).toString(2).padStart(8, '0'), 0b101 | 0o17, 1_000_000);
console.log(Math.round(2.5), Math.trunc(-4.7), Math.sign(-3), Math.hypot(3, 4), Math.cbrt(27), Math.log2(1024), Math.sin(1), Math.atan2(1, 2), Math.exp(1), Math.random() < 1, Math.clz32(1), Math.fround(5.5), Math.imul(3, 4), Math.sqrt(2), Math.pow(2, 0.5), Math.floor(-0.5), Math.ceil(0.2), Math.min(), Math.abs(-1), Math.tan(0.5), Math.log(10));

const bytes = Uint8Array.from([1, 2, 250, 255]);
const view = new DataView(new ArrayBuffer(16));
view.setFloat64(0, Math.PI);
view.setInt16(8, -2, true);
console.log(bytes, bytes.subarray(1, 3), view.getUint8(0), view.getInt16(8, true), new Float32Array([1.5, 2]), new Int32Array(4).fill(7), new BigUint64Array(2), bytes.map((b) => b + 1).join());
console.log(new Uint16Array(bytes.buffer), [...new Uint8ClampedArray([300, -5])], new Float64Array([3, 1, 2]).sort(), bytes.toString());

const record = { id: 7, name: 'x "quoted" \u2028', nested: { list: [1, null, undefined, () => 1], date: new Date(0), none: undefined }, toJSON: undefined };
const text = JSON.stringify(record, null, 2);
console.log(text, JSON.stringify([1e100, NaN, 'é\n']), JSON.stringify(record, ['id', 'name']), JSON.stringify(record, (key, value) => (key === 'id' ? undefined : value)));
console.log(JSON.parse(text, (key, value) => (typeof value === 'number' ? value + 1 : value)), JSON.parse('[1.5e3, true, null, "\\u00e9"]'));
const circle = { name: 'circle', self: null, list: [], map: new Map([['k', { v: 1 }]]), fn() {}, arrow: () => 1, sym: Symbol('s'), re: /x/g, err: new Error('inside'), cls: class Foo {}, buf: Buffer.from('hi'), u: undefined, n: null, big: 10n, date: new Date(0), long: 'x'.repeat(120), p: Promise.resolve(4), set: new Set(['a']), wm: new WeakMap(), get computed() { return 1; } };
circle.self = circle;
circle.list.push(circle, ...Array.from({ length: 120 }, (_, n) => n));
console.log(circle);
console.log(util.inspect(circle, { depth: 0 }), util.inspect('it\'s'), util.format('%s is %d and %i, %f, %j, %o, %O, %%', 'a', 1.5, 2.7, 0.1, { a: 1 }, [1], { b: { c: {} } }));
console.log('%s has %d items costing %i', 'cart', 3, 4.9, { extra: true }, [undefined, null], -0, [[]], {}, [], '', [''], Symbol.iterator);
console.error('to stderr', new Error('shown with its stack'));
console.warn('warned');
console.info('%c styled', 'color: red');
console.group('group');
console.log('indented\nlines');
console.groupEnd();
console.count();
console.assert(1 > 2, 'assertion');
console.time('t');
console.timeEnd('t');
try {
  JSON.stringify(circle);
} catch (error) {
  console.log(error.message.slice(0, 30));
}
assert.deepStrictEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] });
assert.throws(() => assert.strictEqual(1, 2), { code: 'ERR_ASSERTION' });
console.log(util.isDeepStrictEqual([1, { a: 2 }], [1, { a: 2 }]), util.types.isDate(when), typeof util.promisify(setTimeout), util.inspect(new Proxy({}, {})));

const input = fs.readFileSync(0, 'utf8').trim().split('\n').map((line) => line.split(',').map(Number));
const sums = input.map((row) => row.reduce((a, b) => a + b));
console.log(sums, Math.max.apply(null, sums));
if (sums.some(Number.isNaN)) {
  console.error('not a number in row', sums.findIndex(Number.isNaN) + 1);
  process.exit(3);
}
