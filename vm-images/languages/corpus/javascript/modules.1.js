// What programs import: files, paths, hashes, buffers, events, streams, lines of stdin, child processes. Ends with
// an error that nobody catches.
import { execFileSync, execSync, spawn } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import readline from 'node:readline';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util, { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

const folder = mkdtempSync(path.join(os.tmpdir(), 'corpus-'));
const file = path.resolve(folder, '..', path.basename(folder), 'notes.txt');
writeFileSync(file, 'first line\nsecond line\n');
fs.appendFileSync(file, 'third line\n');
console.log(readFileSync(file, 'utf8').split('\n').filter(Boolean), statSync(file).size, existsSync(file), statSync(file).isFile());
mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
await writeFile(path.join(folder, 'a', 'b', 'data.json'), JSON.stringify({ list: [1, 2, 3] }));
console.log(JSON.parse(await readFile(path.join(folder, 'a', 'b', 'data.json'), 'utf8')), (await stat(folder)).isDirectory());
console.log(readdirSync(folder), readdirSync(folder, { withFileTypes: true }).map((entry) => entry.isDirectory()));
fs.renameSync(file, `${file}.old`);
fs.copyFileSync(`${file}.old`, file);
fs.unlinkSync(`${file}.old`);
try {
  readFileSync(path.join(folder, 'missing'));
} catch ({ code, syscall, message }) {
  console.log(code, syscall, message.length > 0);
}
const sink = fs.createWriteStream(path.join(folder, 'stream.txt'));
for (let n = 0; n < 20; n++) sink.write(`row ${n}\n`);
sink.end();
await once(sink, 'finish');
let rows = 0;
for await (const line of readline.createInterface({ input: fs.createReadStream(path.join(folder, 'stream.txt')) })) rows += line.length;
console.log(rows);
rmSync(folder, { recursive: true, force: true });

console.log(path.extname('/x/y.tar.gz'), path.dirname('/x/y'), path.parse('/home/u/file.txt'), path.relative('/a/b', '/a/c'), path.normalize('/a/../b//c'), path.isAbsolute('a'), path.sep, path.format({ dir: '/d', base: 'f' }));
console.log(createHash('sha256').update('abc').digest('hex'), createHash('md5').update('abc').update('d').digest('base64'), createHmac('sha1', 'key').update('text').digest('hex'));
console.log(randomUUID().length, randomBytes(8).toString('hex').length, randomInt(10) < 10, crypto.getRandomValues(new Uint8Array(4)).length, pbkdf2Sync('p', 's', 10, 16, 'sha256').toString('hex'), crypto.randomUUID().length);
const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'));
console.log(Buffer.from(digest).toString('hex').slice(0, 8));

const buffer = Buffer.concat([Buffer.from('héllo '), Buffer.alloc(3, 'x'), Buffer.from([0x21, 0x0a])]);
console.log(buffer, buffer.toString(), buffer.toString('base64'), buffer.toString('hex'), buffer.length, buffer.indexOf('x'), buffer.slice(0, 2), buffer.readUInt16BE(0), buffer.equals(Buffer.from(buffer)), Buffer.byteLength('é'));
console.log(new TextDecoder().decode(new TextEncoder().encode('naïve ✓')), btoa('plain'), atob('cGxhaW4='), encodeURIComponent('a b&c=ü'), decodeURIComponent('%C3%BC'), escape('ü'));
const url = new URL('https://user:pw@example.org:8443/a/b/../c?x=1&y=two&x=3#frag');
url.searchParams.append('z', 'a b');
url.pathname += '/d';
console.log(url.href, url.host, url.hash, url.searchParams.getAll('x'), Object.fromEntries(url.searchParams), new URLSearchParams({ q: 'a&b' }).toString(), URL.canParse('::'), url);
console.log(fileURLToPath(pathToFileURL('/tmp/a b')), gunzipSync(gzipSync('compress me '.repeat(50))).length);

class Bus extends EventEmitter {}
const bus = new Bus();
bus.on('message', (topic, body) => console.log('got', topic, body));
bus.once('message', () => console.log('only once'));
bus.prependListener('message', () => {});
bus.emit('message', 'news', { n: 1 });
bus.emit('message', 'more', [2]);
bus.removeAllListeners('message');
console.log(bus.emit('message'), bus.listenerCount('message'));
const target = new EventTarget();
target.addEventListener('ping', (event) => console.log(event.type, event.detail), { once: true });
target.dispatchEvent(new CustomEvent('ping', { detail: 5 }));

const upper = new Transform({
  transform(chunk, _encoding, done) {
    done(null, chunk.toString().toUpperCase());
  },
});
const out = new PassThrough();
const collected = [];
out.on('data', (chunk) => collected.push(String(chunk)));
await pipeline(Readable.from(['some ', 'text ', 'flows']), upper, out);
console.log(collected.join(''));
const web = new ReadableStream({
  start(controller) {
    controller.enqueue('web');
    controller.close();
  },
});
for await (const chunk of web) console.log(chunk);
console.log(await new Response('{"ok": true}').json(), new Headers({ A: 'b' }).get('a'), await new Blob(['blob']).text());

const delay = promisify((ms, done) => setTimeout(done, ms, null, `after ${ms}`));
const outcomes = await Promise.allSettled([delay(2), sleep(1, 'slept'), Promise.reject(new Error('refused'))]);
console.log(outcomes, await Promise.any([Promise.reject(1), delay(1)]), await Promise.race([delay(30), sleep(1, 'quick')]));
console.log(await Promise.all([1, delay(1), (async () => 3)()]), await Promise.any([Promise.reject(1)]).catch((error) => error.constructor.name));
async function* pages(count) {
  for (let page = 1; page <= count; page++) {
    await sleep(1);
    yield { page, items: Array(page).fill('item') };
  }
}
for await (const { page, items } of pages(3)) console.log(page, items);
const order = [];
setTimeout(() => order.push('timeout'), 0);
setImmediate(() => order.push('immediate'));
process.nextTick(() => order.push('tick'));
queueMicrotask(() => order.push('microtask'));
Promise.resolve().then(() => order.push('then')).finally(() => order.push('finally'));
await sleep(4);
let ticks = 0;
await new Promise((resolve) => {
  const timer = setInterval(() => {
    if (++ticks === 3) resolve(clearInterval(timer));
  }, 1);
});
clearTimeout(setTimeout(() => order.push('never'), 50));
const giveUp = new AbortController();
setTimeout(() => giveUp.abort(new Error('gave up')), 1);
await sleep(100, null, { signal: giveUp.signal }).catch((error) => order.push(error.name));
const retry = async (times, job) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await job(attempt);
    } catch (error) {
      if (attempt === times) throw error;
      await sleep(attempt);
    }
  }
};
console.log(order, await retry(4, async (attempt) => (attempt < 3 ? Promise.reject(new Error(`attempt ${attempt}`)) : attempt)));

console.log(process.argv.length, process.argv.slice(2), process.env.HOME, process.env.NOTHING, process.cwd(), process.platform, process.version, process.pid > 0, process.uptime() > 0, process.exitCode);
console.log(process.memoryUsage().rss > 0, process.hrtime.bigint() > 0n, performance.now() > 0, os.cpus().length, os.EOL.length, os.hostname().length > 0, util.inspect(process.versions).length > 10, process.stdout.isTTY);
const lines = [];
for await (const line of readline.createInterface({ input: process.stdin })) lines.push(line);
console.log(lines, lines.map(Number).filter(Number.isFinite).reduce((sum, n) => sum + n, 0));
process.stdout.write('written without a line break');
process.stdout.write('\n');

console.log(execSync('echo from a shell').toString().trim(), execFileSync('printf', ['%s-%s', 'a', 'b'], { encoding: 'utf8' }));
const child = spawn('cat');
child.stdin.end('through a pipe');
let answer = '';
child.stdout.on('data', (chunk) => {
  answer += chunk;
});
const [status] = await once(child, 'close');
console.log(answer, status);
process.on('exit', (code) => console.log('leaving with', code));

class LedgerError extends Error {
  constructor(account, amount) {
    super(`account ${account} lacks ${amount}`);
    this.name = 'LedgerError';
    this.account = account;
  }
}

function withdraw(balances, account, amount) {
  if (balances[account] < amount) throw new LedgerError(account, amount - balances[account]);
  balances[account] -= amount;
}

async function main() {
  const balances = { savings: 10 };
  withdraw(balances, 'savings', 4);
  console.log(balances);
  await sleep(1);
  withdraw(balances, 'savings', 40);
}

await main();
