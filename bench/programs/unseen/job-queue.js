const { EventEmitter, once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

class JobQueue extends EventEmitter {
  constructor(limit) {
    super();
    this.limit = limit;
    this.active = 0;
    this.peak = 0;
    this.waiting = [];
  }
  add(name, job) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ name, job, resolve, reject });
      this.advance();
    });
  }
  advance() {
    while (this.active < this.limit && this.waiting.length > 0) {
      const { name, job, resolve, reject } = this.waiting.shift();
      this.active += 1;
      this.peak = Math.max(this.peak, this.active);
      job()
        .then(resolve, reject)
        .finally(() => {
          this.active -= 1;
          this.emit('done', name);
          if (this.active === 0 && this.waiting.length === 0) this.emit('empty');
          this.advance();
        });
    }
  }
}

async function* countdown(from) {
  for (let left = from; left > 0; left -= 1) {
    await null;
    yield left;
  }
}

(async () => {
  const queue = new JobQueue(2);
  const finished = [];
  queue.on('done', (name) => finished.push(name));
  const jobs = [1, 2, 3, 4].map((n) =>
    queue.add(`job${n}`, async () => {
      await delay(1);
      if (n === 3) throw new RangeError(`no ${n}`);
      return n ** 3;
    }),
  );
  const outcome = Promise.allSettled(jobs);
  await once(queue, 'empty');
  for (const { status, value, reason } of await outcome)
    console.log(status, value ?? `${reason.name}: ${reason.message}`);
  console.log('peak', queue.peak, finished.sort().join());
  let sum = 0;
  for await (const left of countdown(5)) sum += left;
  console.log(sum, await Promise.race([delay(50, 'slow'), Promise.resolve('quick')]));
})();
