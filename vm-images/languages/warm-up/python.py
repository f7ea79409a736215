# Walks what programs use most, so that a program finds it translated; each feature more costs every refill its
# translation. Leaves nothing behind.
import collections
import dataclasses
import datetime
import itertools
import json
import math
import os
import random
import re
import sys
import time


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0

    @property
    def length(self):
        return math.hypot(self.x, self.y)


class Animal:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"


class Dog(Animal):
    def speak(self):
        return f"{self.name} says {'woof':>6}!"


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def primes(limit):
    sieve = [True] * limit
    for n in range(2, limit):
        if sieve[n]:
            yield n
            for multiple in range(n * n, limit, n):
                sieve[multiple] = False


counts = collections.Counter(re.findall(r"\w+", "the cat and the dog"))
data = {"list": [1, 2.5, None, True], "text": "héllo 🙂", "nested": {"a": {"b": "c"}}}
print(Point(3, 4), Point(3, 4).length, Dog("Rex"), Dog("Max").speak(), fibonacci(12), list(primes(30)))
print(counts.most_common(1), json.loads(json.dumps(data, indent=2)) == data, sorted(counts, key=len, reverse=True))
print([*zip("abc", range(3))], {*"hello"} >= {"h"}, {n: n**2 for n in range(3)}, sum(n * n for n in range(10)))
print("%s %5.2f" % ("old", math.pi), "{:>8,}".format(1234567), list(map(str, range(3))), "a,b".split(","), 2**100)
print(datetime.date(2024, 2, 29).isoformat(), list(itertools.accumulate([1, 2])), random.random() < 1, time.time() > 0)

try:
    print([][1])
except IndexError as error:
    print("caught", error, file=sys.stderr)
with open("warm-up.txt", "w", encoding="utf-8") as file:
    file.write("one\ntwo\n")
with open("warm-up.txt", encoding="utf-8") as file:
    print([line.rstrip() for line in file], len(sys.argv))
os.remove("warm-up.txt")
