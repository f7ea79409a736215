"""The standard library: text, numbers, collections, dates, files, processes, threads, asyncio. Ends with a status of its own."""
import argparse
import array
import asyncio
import atexit
import base64
import bisect
import collections
import concurrent.futures
import copy
import csv
import datetime
import decimal
import fractions
import functools
import glob
import hashlib
import heapq
import hmac
import inspect
import io
import itertools
import json
import logging
import math
import operator
import os
import pathlib
import pickle
import platform
import pprint
import queue
import random
import re
import secrets
import shutil
import signal
import statistics
import string
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import traceback
import unittest
import urllib.parse
import uuid
import zlib
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from zoneinfo import ZoneInfo

log = logging.getLogger("corpus")
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stdout)
log.info("started with %d arguments", len(sys.argv))
log.debug("not shown")

text = """From: ada@example.org
Date: 2024-02-29 12:34:56
Subject: numbers 12, 7.5 and -3e2 (see #42)"""
headers = dict(re.findall(r"^(\w+):\s*(.+)$", text, re.MULTILINE))
pattern = re.compile(r"(?P<user>[\w.]+)@(?P<host>[\w.]+)", re.IGNORECASE)
print(headers, pattern.search(text).groupdict(), [float(n) for n in re.findall(r"(?<![\w#-])-?\d+(?:\.\d+)?(?:e\d+)?(?![\d:-])", headers["Subject"])])
print(re.sub(r"(\d+)", lambda m: str(int(m[1]) + 1), "a1 b22"), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch(r"\d{3}", "12"), bool(re.match(r"\s*#", "  # x")), re.escape("a.b"), [m.span() for m in re.finditer("o", "foo boo")], re.sub(r"(?x) (\w) \s (\w) # swap", r"\2\1", "a b"))

words = "the quick brown fox jumps over the lazy dog the end".split()
print(Counter(words).most_common(2), Counter("hello") - Counter("lo"), OrderedDict(a=1), ChainMap({"a": 1}, {"a": 2, "b": 3})["b"])
index = defaultdict(list)
for word in words:
    index[len(word)].append(word)
print(dict(index), deque([1, 2, 3], maxlen=2), namedtuple("P", "x y")(1, y=2))
recent = deque(range(5))
recent.rotate(2)
recent.appendleft("front")
print(recent, recent.pop(), heapq.nsmallest(2, [5, 1, 4]), bisect.bisect([1, 3, 5], 3), list(heapq.merge([1, 4], [2, 3])))
heap = []
for priority, task in ((3, "low"), (1, "high"), (2, "mid")):
    heapq.heappush(heap, (priority, task))
print([heapq.heappop(heap)[1] for _ in range(3)], array.array("i", [1, 2]).tobytes())
print([*itertools.chain("ab", [1])], [*itertools.product("ab", repeat=2)], [*itertools.combinations(range(4), 2)][-1], [*itertools.accumulate([1, 2, 3], operator.mul)], {k: len([*g]) for k, g in itertools.groupby(sorted(words, key=len), key=len)}, [*itertools.zip_longest("ab", "c", fillvalue="-")], [*itertools.takewhile(lambda n: n < 3, itertools.count())], [*itertools.pairwise("abc")], [*itertools.islice(itertools.cycle("xy"), 3)], [*itertools.starmap(pow, [(2, 3)])], [*itertools.permutations("abc", 2)][:2])


@functools.lru_cache(maxsize=64)
def catalan(n):
    return 1 if n == 0 else sum(catalan(i) * catalan(n - 1 - i) for i in range(n))


print(catalan(15), catalan.cache_info(), functools.reduce(operator.xor, [1, 2, 3]), sorted([{"n": 2}, {"n": 1}], key=operator.itemgetter("n")), sorted(["b", "A"], key=str.casefold))

record = {"name": "Zoë", "tags": ["a", None, True], "nested": {"pi": 3.14159, "big": 10**20}, "empty": {}}
encoded = json.dumps(record, indent=2, sort_keys=True)
print(encoded, json.loads(encoded) == record, json.dumps(record, ensure_ascii=False, separators=(",", ":")), json.dumps({"at": datetime.date(2024, 1, 1)}, default=str))
for broken in ('{"a": }', "[1, 2", "nul"):
    try:
        json.loads(broken)
    except json.JSONDecodeError as error:
        print(error.msg, error.lineno, error.colno)
pprint.pprint({"list": list(range(40)), "nested": {"deep": {"deeper": [*words]}}}, width=60)
print(copy.deepcopy(record) is record, pickle.loads(pickle.dumps(record)) == record, base64.b64encode(b"bytes\x00").decode(), base64.b64decode("aGk="), zlib.decompress(zlib.compress(b"a" * 500))[:3], struct.unpack(">IH", struct.pack(">IH", 7, 8)), zlib.crc32(b"x"))
print(hashlib.sha256(b"abc").hexdigest(), hashlib.md5("é".encode()).hexdigest(), hmac.new(b"k", b"m", "sha1").hexdigest(), uuid.uuid4().version, uuid.uuid5(uuid.NAMESPACE_DNS, "x"), len(secrets.token_hex(8)), hashlib.new("sha512", b"").digest_size)
print(urllib.parse.urlparse("https://h:1/p?q=1#f"), urllib.parse.quote("a b/ü"), urllib.parse.parse_qs("a=1&a=2"), urllib.parse.urlencode({"k": "v w"}))

moment = datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=datetime.timezone.utc)
print(moment.isoformat(), moment + datetime.timedelta(days=1, hours=12), f"{moment:%A %d %B %Y %H:%M}", moment.strftime("%j %U"), datetime.datetime.strptime("03/04/2021", "%d/%m/%Y").weekday(), moment.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset(), (datetime.date(2024, 12, 25) - datetime.date(2024, 1, 1)).days, moment.replace(year=2020).timestamp(), datetime.date.today() > datetime.date(2000, 1, 1), datetime.datetime.now().year > 2000, datetime.datetime.fromisoformat("2024-01-01T00:00"))
decimal.getcontext().prec = 30
print(decimal.Decimal(1) / 7, decimal.Decimal("2.675").quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP), decimal.Decimal(2).sqrt(), fractions.Fraction(3, 4) + fractions.Fraction("1/6"), 0.1 + 0.2, (0.5).as_integer_ratio())
print(math.sqrt(2), math.factorial(30), math.gcd(84, 36), math.log(8, 2), math.sin(math.pi / 6), math.floor(-1.5), math.isqrt(99), math.perm(5, 2), math.prod([1, 2, 3]), math.inf, math.nan != math.nan, math.degrees(1), math.exp(1), math.fsum([0.1] * 10), math.atan2(1, 1), math.lcm(4, 6), math.ceil(1.2), math.pow(2, 3), math.e, math.tau, math.dist((0, 0), (3, 4)))
print(statistics.mean([1, 2, 3, 4]), statistics.median([5, 1, 3]), statistics.pstdev([2, 4, 4, 4, 5, 5, 7, 9]), statistics.mode("aab"), statistics.quantiles(range(10), n=4))
random.seed(11)
deck = list(range(10))
random.shuffle(deck)
print(deck, random.choice("abc"), random.randint(1, 6), random.sample(range(100), 3), random.uniform(0, 1), random.choices("ab", weights=[9, 1], k=4), random.gauss(0, 1), random.random(), random.randrange(0, 100, 5))
print(string.ascii_lowercase[:5], string.Template("$who owes ${what}").substitute(who="I", what="you"), textwrap.dedent("\n    a\n      b"), textwrap.wrap("long " * 12, 20), textwrap.shorten("hello wide world", 12), textwrap.indent("x\ny", "> "), string.punctuation)

with tempfile.TemporaryDirectory() as folder:
    base = pathlib.Path(folder)
    (base / "sub").mkdir(parents=True, exist_ok=True)
    target = base / "sub" / "rows.csv"
    with target.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["name", "score"])
        writer.writeheader()
        writer.writerows({"name": name, "score": len(name)} for name in ("ann", "bo, jr", 'c"d'))
    with open(target, newline="") as file:
        print([*csv.DictReader(file)], target.suffix, target.stem, target.stat().st_size > 0, target.exists(), target.parent.name)
    (base / "notes.txt").write_text("one\ntwo\nthree\n", encoding="utf-8")
    with open(base / "notes.txt", "r+", encoding="utf-8") as file:
        print([line.rstrip() for line in file], file.tell())
        file.seek(0)
        print(file.readline().strip(), file.read(3), file.readlines())
        file.write("four\n")
    with open(base / "raw.bin", "wb") as file:
        file.write(bytes(range(256)))
    print((base / "raw.bin").read_bytes()[-3:], sorted(p.name for p in base.iterdir()), [*base.rglob("*.csv")][0].name, len(glob.glob(f"{folder}/*")), os.path.join("a", "b"), os.path.splitext("x.py"), os.path.getsize(target), [len(files) for _, _, files in os.walk(folder)])
    shutil.copy(target, base / "copy.csv")
    os.rename(base / "copy.csv", base / "moved.csv")
    os.remove(base / "moved.csv")
    try:
        open(base / "missing")
    except FileNotFoundError as error:
        print(error.errno, error.strerror, os.path.exists(folder))
buffer = io.StringIO("a b\nc")
print(buffer.getvalue(), next(csv.reader(["x;y"], delimiter=";")), io.BytesIO(b"12").read(1))

parser = argparse.ArgumentParser(prog="tool", description="What it does.")
parser.add_argument("-n", "--count", type=int, default=1, help="how many")
parser.add_argument("--verbose", action="store_true")
commands = parser.add_subparsers(dest="command")
commands.add_parser("run").add_argument("--fast", action="store_true")
print(parser.parse_args(["-n", "3", "run", "--fast"]), len(parser.format_help()) > 50)
try:
    parser.parse_args(["--count", "many"])
except SystemExit as leaving:
    print("usage", leaving.code)

results = queue.Queue()
lock = threading.Lock()
total = 0


def add(amount):
    global total
    for _ in range(10):
        with lock:
            total += amount
    results.put(threading.current_thread().name)


threads = [threading.Thread(target=add, args=(n,), name=f"worker-{n}", daemon=True) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
done = threading.Event()
timer = threading.Timer(0.001, done.set)
timer.start()
print(total, results.qsize(), done.wait(1), threading.active_count() >= 1)
with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
    futures = [pool.submit(pow, 2, n) for n in range(4)]
    print([future.result() for future in futures], [*pool.map(abs, [-1, -2])])


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    if name == "bad":
        raise ConnectionError(name)
    return name.upper()


async def produce(channel):
    for n in range(3):
        await channel.put(n)
        await asyncio.sleep(0)
    await channel.put(None)


async def consume(channel):
    got = []
    while (item := await channel.get()) is not None:
        got.append(item)
    return got


async def countdown(n):
    while n:
        yield n
        n -= 1
        await asyncio.sleep(0)


async def main():
    print(await asyncio.gather(fetch("a", 0.002), fetch("bad", 0.001), return_exceptions=True))
    channel = asyncio.Queue(maxsize=1)
    _, got = await asyncio.gather(produce(channel), consume(channel))
    print(got, [n async for n in countdown(3)])
    async with asyncio.Lock(), asyncio.timeout(1):
        task = asyncio.create_task(fetch("late", 5), name="late")
    try:
        await asyncio.wait_for(task, 0.001)
    except asyncio.TimeoutError:
        print("timed out", task.cancelled())
    async with asyncio.TaskGroup() as group:
        jobs = [group.create_task(fetch(name, 0)) for name in "xy"]
    print([job.result() for job in jobs], await asyncio.to_thread(sum, [1, 2]))


asyncio.run(main())
print(subprocess.run(["echo", "from a child"], capture_output=True, text=True, check=True).stdout.strip(), subprocess.check_output("exit 0; echo no", shell=True), subprocess.run("cat; exit 3", shell=True, input=b"piped", stdout=subprocess.PIPE))
with subprocess.Popen(["sort"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
    print(child.communicate("b\na\n"), child.returncode)
signal.signal(signal.SIGUSR1, lambda number, frame: print("signal", number))
os.kill(os.getpid(), signal.SIGUSR1)


class Arithmetic(unittest.TestCase):
    def setUp(self):
        self.value = 2

    def test_addition(self):
        self.assertEqual(self.value + 2, 4)

    def test_division(self):
        with self.assertRaises(ZeroDivisionError):
            self.value / 0

    @unittest.expectedFailure
    def test_failure(self):
        self.assertIn(3, [1, 2])


unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(unittest.defaultTestLoader.loadTestsFromTestCase(Arithmetic))


def deep(levels):
    return 1 // levels if levels == 0 else deep(levels - 1)


try:
    deep(4)
except ZeroDivisionError:
    traceback.print_exc(limit=3)
    print(traceback.format_exc().count("\n"), sys.exc_info()[0].__name__)
try:
    (lambda f: f(f))(lambda f: f(f))
except RecursionError as error:
    print(str(error)[:30])
print(inspect.signature(deep), inspect.getsource(deep).count("\n"), platform.python_version_tuple()[0], sys.version_info >= (3, 9), os.getcwd() == os.getcwd(), os.environ.get("HOME"), sys.getsizeof([]) > 0, sys.maxsize, sys.byteorder, time.strftime("%Y", time.gmtime(0)), sys.getrecursionlimit())
started = time.perf_counter()
time.sleep(0.001)
print(time.perf_counter() > started, time.monotonic() > 0, time.time() > 1e9)
count = int(input("how many? "))
rows = [list(map(int, input().split())) for _ in range(count)]
print(rows, [sum(column) for column in zip(*rows)], sys.stdin.readline().strip(), sys.stdin.read().split())

primes = [n for n in range(2, 2000) if all(n % d for d in range(2, math.isqrt(n) + 1))]
sieve = [True] * 5000
for n in range(2, 71):
    if sieve[n]:
        sieve[n * n :: n] = [False] * len(sieve[n * n :: n])
table = {}
for n in range(4000):
    table[f"key{n % 300}"] = table.get(f"key{n % 300}", 0) + n
grid = [[(x * y) % 7 for x in range(30)] for y in range(30)]
product = [[sum(a * b for a, b in zip(row, column)) for column in zip(*grid)] for row in grid]
lengths = [[0] * 41 for _ in range(41)]
for i, a in enumerate("acgt" * 10):
    for j, b in enumerate("gatc" * 10):
        lengths[i + 1][j + 1] = lengths[i][j] + 1 if a == b else max(lengths[i][j + 1], lengths[i + 1][j])
print(len(primes), sum(sieve), len(table), product[3][4], lengths[-1][-1], sum(map(int, str(2**1000))), "".join(sorted(str(3**200)))[:5], sorted(range(500), key=lambda n: n * 7919 % 503)[0])
sys.stdout.write("written\n")
sys.stdout.flush()
atexit.register(print, "at exit")
try:
    float("not a number")
except ValueError as error:
    sys.exit(3)
