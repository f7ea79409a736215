# Walks what programs often use, so that a program finds it translated. Leaves nothing behind.
import asyncio
import collections
import dataclasses
import datetime
import functools
import hashlib
import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import threading
import time
import traceback
import typing
import uuid


@dataclasses.dataclass(order=True)
class Point:
    x: float
    y: float = 0.0
    tags: typing.List[str] = dataclasses.field(default_factory=list)

    @property
    def length(self) -> float:
        return math.hypot(self.x, self.y)


class Animal:
    count = 0

    def __init__(self, name):
        self.name = name
        type(self).count += 1

    def speak(self):
        raise NotImplementedError

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"


class Dog(Animal):
    def speak(self):
        return f"{self.name} says {'woof':>6}!"


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def primes(limit):
    sieve = [True] * limit
    for n in range(2, limit):
        if sieve[n]:
            yield n
            for multiple in range(n * n, limit, n):
                sieve[multiple] = False


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            assert time.perf_counter() >= start

    return wrapper


@timed
def words(text):
    counts = collections.Counter(re.findall(r"\w+", text.lower()))
    groups = collections.defaultdict(list)
    for word, count in counts.most_common():
        groups[count].append(word)
    return dict(groups)


async def gather():
    async def one(delay):
        await asyncio.sleep(delay)
        return delay

    return await asyncio.gather(one(0), one(0.001))


print(Point(3, 4).length, Point(1) < Point(2), dataclasses.asdict(Point(1, tags=["a"])), Dog("Rex"), Dog("Max").speak())
print(fibonacci(50), list(primes(60)), words("the cat and the dog and the bird"))
data = {"list": [1, 2.5, None, True], "text": "héllo 数字 🙂", "nested": {"a": {"b": "c"}}}
print(json.loads(json.dumps(data, indent=2, sort_keys=True)) == data, json.dumps(data, ensure_ascii=False))
print(sorted([(2, "b"), (1, "a")], key=lambda pair: pair[1], reverse=True), [*zip("abc", range(3))], {*"hello"} >= {"h"})
print(sum(n * n for n in range(10)), {n: n**2 for n in range(3)}, [[0] * 2 for _ in range(2)], list(map(str, range(3))))
print("%s %5.2f %x" % ("old", math.pi, 255), "{:>8,}|{:^7}".format(1234567, "mid"), f"{datetime.date(2024, 2, 29):%d/%m/%Y}")
print(datetime.datetime.now().year > 2000, datetime.timedelta(days=1), re.sub(r"(\d+)-(\d+)", r"\2-\1", "10-20"))
print(list(itertools.combinations("abc", 2)), list(itertools.accumulate([1, 2, 3])), functools.reduce(max, [1, 3, 2]))
print(hashlib.sha256(b"x").hexdigest()[:8], len(str(uuid.uuid4())), random.randint(1, 6) < 7, random.sample(range(9), 2)[0] < 9)
print(2**100, divmod(17, 5), 0.1 + 0.2, round(2.675, 2), int("ff", 16), bin(10), "a,b".split(","), " x ".strip(), "ab"[::-1])

try:
    print([][1])
except IndexError as error:
    print("caught", error, file=sys.stderr)
try:
    try:
        int("x")
    except ValueError as error:
        raise RuntimeError("wrapped") from error
except RuntimeError:
    traceback.print_exc()

with open("warm-up.txt", "w", encoding="utf-8") as file:
    file.write("one\ntwo\n")
with open("warm-up.txt", encoding="utf-8") as file:
    print([line.rstrip() for line in file], os.path.exists("warm-up.txt"), os.listdir("."))
os.remove("warm-up.txt")

match data:
    case {"nested": {"a": inner}}:
        print("matched", inner)
lock = threading.Lock()
threads = [threading.Thread(target=lambda: lock.acquire() and lock.release()) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(asyncio.run(gather()), subprocess.run(["true"], check=True).returncode, sys.stdin.read() == "", os.environ["HOME"])
