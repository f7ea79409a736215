// The language itself: classes, iteration, destructuring, symbols, proxies, errors.
class Vehicle {
  static #built = 0;
  #kilometres = 0;

  constructor(make, { wheels = 4, ...extras } = {}) {
    Object.assign(this, { make, wheels, extras });
    Vehicle.#built += 1;
  }

  static get built() {
    return Vehicle.#built;
  }

  drive(kilometres) {
    if (!(kilometres > 0)) throw new RangeError(`cannot drive ${kilometres} km`, { cause: kilometres });
    this.#kilometres += kilometres;
    return this;
  }

  get kilometres() {
    return this.#kilometres;
  }

  set kilometres(_value) {
    throw new TypeError('an odometer only counts up');
  }

  toString() {
    return `${this.make} with ${this.wheels} wheels after ${this.kilometres} km`;
  }

  get [Symbol.toStringTag]() {
    return 'Vehicle';
  }

  [Symbol.toPrimitive](hint) {
    return hint === 'number' ? this.#kilometres : this.toString();
  }
}

class Truck extends Vehicle {
  constructor(make, load) {
    super(make, { wheels: 6, load });
  }

  toString() {
    return `truck: ${super.toString()}`;
  }
}

class CargoError extends Error {
  name = 'CargoError';
}

const fleet = [new Vehicle('Saab').drive(12), new Truck('Volvo', 9), new Vehicle('Trike', { wheels: 3, bell: true })];
for (const [index, { make, wheels, extras = {} }] of fleet.entries()) console.log(index, make, wheels, extras);
console.log(`${fleet[0]}`, +fleet[0], String(fleet[1]), Vehicle.built, fleet[1] instanceof Vehicle);
console.log(Object.prototype.toString.call(fleet[1]), fleet, typeof fleet, fleet?.[7]?.make ?? 'nobody');

for (const attempt of [
  () => fleet[0].drive(-1),
  () => {
    fleet[0].kilometres = 4;
  },
  () => undefined.length,
  () => missing,
  () => JSON.parse('{"open": '),
  () => {
    throw new CargoError('too heavy', { cause: new Error('nine tons') });
  },
  () => new AggregateError([new Error('one'), new Error('two')], 'many').errors.at(-1).fail(),
]) {
  try {
    attempt();
  } catch (error) {
    console.log(error.name, error.message, error instanceof TypeError, error.cause?.message, error.stack.split('\n').length > 1);
  } finally {
    fleet.length = 3;
  }
}

function* countdown(from) {
  while (from > 0) {
    const answer = yield from--;
    if (answer === 'skip') from -= 1;
  }
  return 'lift-off';
}
const counting = countdown(5);
console.log(counting.next(), counting.next('skip'), counting.return('held'), counting.next());
console.log([...countdown(3)], Array.from(countdown(4), (n) => n ** 2), Math.max(...countdown(6)));

const tree = {
  value: 'root',
  children: [{ value: 'left', children: [{ value: 'leaf', children: [] }] }, { value: 'right', children: [] }],
  *[Symbol.iterator]() {
    const waiting = [this];
    for (let node = waiting.shift(); node; node = waiting.shift()) {
      yield node.value;
      waiting.push(...node.children);
    }
  },
};
console.log([...tree].join(' > '));

const makeCounter = (start = 0, step = 1) => {
  let value = start;
  return { next: () => (value += step), reset: () => (value = start), peek: () => value };
};
const counter = makeCounter(10, 5);
counter.next();
console.log(counter.next(), counter.peek(), counter.reset());
const compose = (...steps) => (input) => steps.reduce((value, step) => step(value), input);
const curry = (target, ...known) => (...rest) =>
  known.length + rest.length >= target.length ? target(...known, ...rest) : curry(target, ...known, ...rest);
console.log(compose((n) => n + 1, (n) => n * 3, String)(4), curry((a, b, c) => a + b + c)(1)(2)(3));
const memoized = (target, cache = {}) => (key) => (key in cache ? cache[key] : (cache[key] = target(key)));
const factorial = memoized((n) => (n < 2n ? 1n : n * factorial(n - 1n)));
console.log(factorial(25n), 2n ** 64n, BigInt.asUintN(8, 300n), 7n / 2n, typeof 1n, Number(9007199254740993n));

const watched = [];
const guarded = new Proxy(
  { width: 2, height: 3 },
  {
    get: (target, key, receiver) => (watched.push(String(key)), Reflect.get(target, key, receiver)),
    set(target, key, value) {
      if (typeof value !== 'number') return false;
      return Reflect.set(target, key, value);
    },
    has: (target, key) => key === 'area' || Reflect.has(target, key),
    ownKeys: (target) => Reflect.ownKeys(target),
    deleteProperty: (target, key) => Reflect.deleteProperty(target, key),
  },
);
guarded.width = guarded.height * 2;
console.log('area' in guarded, Object.keys(guarded), delete guarded.height, guarded.width, watched);
const bag = Object.freeze({ [Symbol('hidden')]: 1, shown: 2 });
console.log(Object.isFrozen(bag), Object.getOwnPropertySymbols(bag).length, Object.entries(bag), { ...bag, more: [1, 2] });
const plain = Object.create({ inherited: true }, { own: { value: 1, enumerable: true } });
for (const key in plain) console.log(key, Object.hasOwn(plain, key));
Object.defineProperty(plain, 'double', { get: () => plain.own * 2, configurable: true });
console.log(plain.double, Object.fromEntries(new Map([['a', 1]])), structuredClone({ at: new Date(0), set: new Set([1]) }));

let [first, , third = 'c', ...others] = 'abdefg';
[first, third] = [third, first];
const { a: { b: deep = 1 } = {}, ...remaining } = { a: { b: 5 }, x: 1, y: 2 };
console.log(first, third, others, deep, remaining);
let grade;
switch (true) {
  case deep > 10:
    grade = 'high';
    break;
  case deep > 3:
    grade = 'middle';
    break;
  default:
    grade = 'low';
}
search: for (let row = 0; row < 4; row++) {
  for (let column = 0; column < 4; column++) {
    if (row * column === 6) {
      console.log(grade, row, column);
      break search;
    }
    if (column > row) continue search;
  }
}
let spins = 0;
do spins += 2;
while (spins < 7);
grade &&= grade.length;
grade ||= 'none';
var hoisted = typeof later === 'function' ? later.call({ by: 3 }, 4) : 0;
function later(times) {
  return this.by * times * arguments.length;
}
console.log(spins, grade, hoisted, later.bind({ by: 2 }, 8)(), later.apply({ by: 1 }, [1, 2]), ((...all) => all.length)(1, 2));
console.log(1 + '1', '3' * '4', [] + {}, null ?? 'none', 0 || 'zero', !!'', 5 & 3, 5 ^ 1, ~7, 1 << 5, -9 >>> 28, 7 % -3, 2 ** -1);
console.log([1, 2] == '1,2', NaN === NaN, Object.is(-0, 0), typeof null, void 0, new Function('a', 'return a * 2')(21), eval('1 + 2'));
const tagged = (strings, ...values) => strings.raw.map((part, at) => part + (values[at] ?? '')).join('');
console.log(tagged`one ${1} two ${2}\n`, new WeakMap([[bag, 1]]).get(bag), new WeakSet([bag]).has(bag), new WeakRef(bag).deref() === bag);
console.log(Symbol.for('shared') === Symbol.for('shared'), globalThis === this, import.meta?.url?.length > 0);
