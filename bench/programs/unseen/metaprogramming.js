const log = [];
const traced = (target) =>
  new Proxy(target, {
    get(object, name, receiver) {
      if (typeof name === 'string') log.push(`get ${name}`);
      return Reflect.get(object, name, receiver);
    },
    set(object, name, value) {
      if (typeof value !== 'number') throw new TypeError(`${String(name)} wants a number`);
      log.push(`set ${String(name)}=${value}`);
      return Reflect.set(object, name, value);
    },
    has: (object, name) => name.startsWith('x') || name in object,
    ownKeys: (object) => Reflect.ownKeys(object).filter((name) => name !== 'secret'),
  });
const settings = traced({ width: 3, secret: 42 });
settings.height = settings.width * 2;
try {
  settings.depth = 'deep';
} catch (error) {
  log.push(error instanceof TypeError && error.message);
}
console.log(log.join('; '), 'xyz' in settings, 'nothing' in settings, Object.keys(settings).join());

class Temperature {
  static #count = 0;
  #celsius;
  static {
    Temperature.zero = new Temperature(0);
  }
  constructor(celsius) {
    this.#celsius = celsius;
    Temperature.#count++;
  }
  get fahrenheit() {
    return (this.#celsius * 9) / 5 + 32;
  }
  set fahrenheit(value) {
    this.#celsius = ((value - 32) * 5) / 9;
  }
  static get count() {
    return Temperature.#count;
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'string' ? `${this.#celsius}°` : this.#celsius;
  }
  *[Symbol.iterator]() {
    for (let step = 0; step < 3; step += 1) yield this.#celsius + step;
  }
}
const warm = new Temperature(20);
warm.fahrenheit += 9;
console.log(`${warm}`, warm + 1, [...warm].join(), Temperature.count, Temperature.zero.fahrenheit);
const memory = new WeakMap([[warm, 'kept']]);
console.log(memory.get(warm), Object.getOwnPropertyNames(Temperature.prototype).join('|'));
const point = Object.freeze(Object.defineProperty({ y: 1 }, 'hidden', { value: 9, enumerable: false }));
console.log(JSON.stringify(point), point.hidden, Object.isFrozen(point), Symbol.for('k').description);
