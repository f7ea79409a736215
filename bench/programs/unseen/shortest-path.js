class Heap {
  #items = [];
  #before;
  constructor(before) {
    this.#before = before;
  }
  get size() {
    return this.#items.length;
  }
  push(item) {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#before(this.#items[at], this.#items[up])) break;
      [this.#items[at], this.#items[up]] = [this.#items[up], this.#items[at]];
      at = up;
    }
  }
  pop() {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (this.#items.length === 0) return top;
    this.#items[0] = last;
    for (let at = 0; ; ) {
      const next = [2 * at + 1, 2 * at + 2]
        .filter((child) => child < this.#items.length)
        .reduce((best, child) => (this.#before(this.#items[child], this.#items[best]) ? child : best), at);
      if (next === at) return top;
      [this.#items[at], this.#items[next]] = [this.#items[next], this.#items[at]];
      at = next;
    }
  }
}

const roads = 'A-B:7 A-C:3 C-B:1 B-D:2 C-D:8 D-E:5 C-E:12 E-F:1 B-F:11';
const graph = new Map();
for (const [, from, to, length] of roads.matchAll(/(\w)-(\w):(\d+)/g)) {
  for (const [one, other] of [
    [from, to],
    [to, from],
  ]) {
    if (!graph.has(one)) graph.set(one, []);
    graph.get(one).push({ to: other, length: +length });
  }
}
const best = new Map([['A', { length: 0, path: ['A'] }]]);
const queue = new Heap((one, other) => one.length < other.length);
queue.push({ at: 'A', length: 0, path: ['A'] });
while (queue.size > 0) {
  const { at, length, path } = queue.pop();
  if (length > best.get(at).length) continue;
  for (const road of graph.get(at)) {
    const reached = { at: road.to, length: length + road.length, path: [...path, road.to] };
    if (reached.length < (best.get(road.to)?.length ?? Infinity)) {
      best.set(road.to, reached);
      queue.push(reached);
    }
  }
}
for (const [node, { length, path }] of [...best].sort()) console.log(node, length, path.join('>'));
