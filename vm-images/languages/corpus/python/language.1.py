"""The language itself: classes, iteration, decorators, exceptions, pattern matching, and what is built in.

Ends with an exception that nobody catches, which has a cause.
"""
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, Flag, auto
from functools import cached_property, partial, reduce, singledispatch, total_ordering, wraps
from typing import Generic, NamedTuple, Optional, Protocol, TypeVar

T = TypeVar("T")


class Colour(Enum):
    RED = "#f00"
    GREEN = "#0f0"

    @property
    def channel(self):
        return self.name[0].lower()


class Permission(Flag):
    READ = auto()
    WRITE = auto()


class Animal(ABC):
    count = 0

    def __init__(self, name, *, legs=4):
        self.name = name
        self._legs = legs
        type(self).count += 1

    @abstractmethod
    def speak(self) -> str: ...

    @property
    def legs(self):
        return self._legs

    @legs.setter
    def legs(self, value):
        if value < 0:
            raise ValueError(f"{self.name} cannot have {value} legs")
        self._legs = value

    @classmethod
    def named(cls, *names):
        return [cls(name) for name in names]

    @staticmethod
    def kingdom():
        return "animalia"

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r}, legs={self._legs})"


class Dog(Animal):
    def speak(self):
        return "woof"


class Parrot(Animal):
    def __init__(self, name):
        super().__init__(name, legs=2)

    def speak(self):
        return f"{super().kingdom()}!"

    def __getattr__(self, name):
        return f"squawk {name}"


@total_ordering
class Money:
    __slots__ = ("cents",)

    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __hash__(self):
        return hash(self.cents)

    def __add__(self, other):
        return Money(self.cents + other.cents)

    __radd__ = lambda self, other: self if other == 0 else other + self

    def __mul__(self, times):
        return Money(self.cents * times)

    def __bool__(self):
        return self.cents != 0

    def __format__(self, spec):
        return format(self.cents / 100, spec or ".2f")

    def __str__(self):
        return f"{self:.2f}"


class Stack(Generic[T]):
    def __init__(self, *items: T):
        self._items = list(items)

    def push(self, item: T) -> "Stack[T]":
        self._items.append(item)
        return self

    def pop(self) -> T:
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __getitem__(self, at):
        return self._items[at]

    def __setitem__(self, at, value):
        self._items[at] = value

    def __contains__(self, item):
        return item in self._items

    def __iter__(self) -> Iterator[T]:
        return reversed(self._items)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._items.clear()


@dataclass
class Point:
    x: float
    y: float = 0.0
    tags: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.x = float(self.x)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y


@dataclass(frozen=True, order=True, slots=True)
class Version:
    major: int
    minor: int = 0


class Pair(NamedTuple):
    left: int
    right: Optional[int] = None


class Speaker(Protocol):
    def speak(self) -> str: ...


def retried(times, catch=(Exception,)):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return function(*args, attempt=attempt, **kwargs)
                except catch as error:
                    if attempt == times:
                        raise RuntimeError(f"{function.__name__} failed {times} times") from error

        return wrapper

    return decorate


@retried(3, catch=(KeyError, ValueError))
def flaky(succeed_at, *, attempt):
    """Succeeds at the given attempt."""
    if attempt < succeed_at:
        raise KeyError(attempt)
    return attempt


def numbers(limit):
    received = yield "started"
    while limit > 0:
        limit -= 1
        if received:
            print("received", received)
        received = yield limit
    return "done"


def delegating():
    result = yield from numbers(2)
    yield result.upper()


@contextmanager
def section(title):
    print(f"<{title}>")
    try:
        yield title.title()
    except ZeroDivisionError as error:
        print("swallowed", error)
    finally:
        print(f"</{title}>")


@singledispatch
def describe(value):
    return f"something: {value}"


@describe.register
def _(value: int):
    return f"integer {value:+d}"


@describe.register(list)
def _(value):
    return f"list of {len(value)}"


def classify(value):
    match value:
        case 0:
            return "zero"
        case int(n) if n < 0:
            return "negative"
        case [first, *rest]:
            return f"sequence from {first} and {len(rest)}"
        case {"kind": kind, **others}:
            return f"{kind} with {sorted(others)}"
        case Point(x=x, y=0.0):
            return f"on the axis at {x}"
        case str() | bytes():
            return "text"
        case _:
            return "unknown"


animals = [*Dog.named("Rex", "Fido"), Parrot("Polly")]
for number, animal in enumerate(animals, start=1):
    print(number, animal, animal.speak(), animal.legs, isinstance(animal, Dog), sep=" | ")
print(Dog.count, animals[2].anything, getattr(animals[0], "owner", None), hasattr(animals[0], "legs"), callable(Dog))
print(Colour.RED, Colour("#0f0").channel, Colour["GREEN"] is Colour.GREEN, [*Colour], Permission.READ | Permission.WRITE)
print(sum([Money(150), Money(275)]), max(Money(1), Money(3)), Money(5) * 3 >= Money(15), f"{Money(1234):>10.1f}", bool(Money(0)), {Money(1): "one"}[Money(1)])
with Stack(1, 2).push(3) as stack:
    stack[0] = 10
    print(len(stack), stack[-1], 2 in stack, list(stack), stack[0:2], stack.pop())
point = Point("3", 4, ["a"])
print(point, point @ Point(1, 1), asdict(point), replace(point, y=0), point == Point(3.0, 4.0, ["a"]), Version(1, 2) < Version(1, 10), Pair(1)._replace(right=2))
print(*map(classify, (0, -4, [1, 2, 3], {"kind": "box", "w": 1, "h": 2}, Point(2), "s", 3.5)), sep="; ")
print(describe(5), describe([1]), describe(None), flaky(2), flaky.__doc__)
generator = delegating()
print(next(generator), generator.send("hello"), *generator)
with section("intro") as title, suppress(FileNotFoundError):
    print(title, 1 / 0)

for attempt in (
    lambda: flaky(9),
    lambda: [][3],
    lambda: {}["missing"],
    lambda: int("twelve"),
    lambda: None.attribute,
    lambda: undefined_name,
    lambda: "a" + 1,
    lambda: Version(1).__setattr__("major", 2),
    lambda: setattr(animals[0], "legs", -1),
    lambda: Animal("abstract"),
    lambda: next(iter(())),
    lambda: (_ for _ in ()).throw(KeyboardInterrupt("stop")),
):
    try:
        attempt()
    except (LookupError, ValueError) as error:
        print("lookup or value:", repr(error))
    except Exception as error:
        print(type(error).__name__, error, error.__cause__ is not None)
    except BaseException as error:
        print("base", type(error).__mro__[1].__name__)
    else:
        print("no error")
try:
    raise ExceptionGroup("several", [ValueError(1), TypeError("two")])
except* ValueError as group:
    print(group.exceptions)
except* TypeError as group:
    print(group)


def signature(first, /, second, third=3, *rest, only, other=None, **more):
    return first, second, third, rest, only, other, more


print(signature(1, 2, only=4), signature(*range(5), **{"only": 1, "extra": 2}), partial(signature, 1, only=0)(2))
counter = 0


def outer():
    count = 0

    def inner(step=1):
        nonlocal count
        global counter
        count += step
        counter -= step
        return count

    return inner


tick = outer()
tick()
print(tick(5), counter, (lambda *args: args[::-1])(1, 2), reduce(lambda a, b: a * b, range(1, 8)))
squares = {n: n**2 for n in range(6) if n % 2}
matrix = [[row * column for column in range(4)] for row in range(3)]
print(squares, matrix, [*zip(*matrix)], {letter for letter in "mississippi"} == set("misp"), sum(n for row in matrix for n in row))
first, (second, *middle), last = 1, [2, 3, 4, 5], 6
print(first, second, middle, last, middle[::-1], "abcdef"[1:5:2], [1, 2, 3, 4][-3:], (length := len(middle)), 1 < length <= 2)
values = [3, 1, 2]
values.sort(key=lambda n: -n)
values.extend([9, *values])
values.insert(1, 7)
values.remove(3)
del values[0]
print(values, values.index(9), values.count(1), sorted("bca", reverse=True), list(reversed(values)), any(values), all(values), min(values), [0] * 3)
mapping = {"a": 1} | {"b": 2}
mapping.update(c=3)
mapping.setdefault("d", []).append(4)
print(mapping, mapping.pop("a"), mapping.get("z", "none"), list(mapping.items()), "b" in mapping, {**mapping, "e": 5}.keys(), sorted(mapping, key=str))
a, b = {1, 2, 3}, frozenset({2, 3, 4})
print(a | b, a & b, a - b, a ^ b, a <= b, a.isdisjoint(b), 7 // 2, -7 // 2, -7 % 3, 2**100, 0b101 ^ 0x0F, 1 << 10, ~5, round(2.675, 2), abs(-3), divmod(17, 5), complex(1, 2) * 1j)
print(f"{3.14159:.2f} {42:08b} {255:#x} {1234567.891:,.1f} {'left':<8}|{'right':>8}|{'mid':^9}| {0.256:.1%} {1e10:g} {'x'!r} {counter=}", "%s %5d %-5s|%05.1f %x" % ("a", 42, "b", 3.14159, 255), "{0} {name} {1!r:>5}".format(1, "b", name="n"))
print("Title Case".swapcase(), " strip ".strip(), "a,b,,c".split(","), "x".join("abc"), "hello world".title(), "abc".find("z"), "tomato".replace("t", "T", 1), "abc".isalpha(), "42".zfill(5), "line\nline".splitlines(), "k=v".partition("="), "é".encode(), b"\xc3\xa9".decode(), ord("a"), chr(8364), "abc".center(9, "*"), "a" * 3, "abc" < "abd", "prefix-x".removeprefix("prefix-"), "ab".translate(str.maketrans("ab", "cd")), ascii("é"), r"\n", "tab\there")
print(type(1), id(None) == id(None), vars(Point(1)), dir(Point)[-2:], isinstance(True, int), issubclass(bool, int), hash("a") == hash("a"), eval("1 + 2"), __name__, bytes([1, 2]).hex(), bytearray(b"ab"), memoryview(b"abc")[1], range(0, 10, 3)[2], slice(1, 2), Ellipsis, NotImplemented)
exec("print('executed', [i for i in range(3)])")
assert length == 3, "unreachable"
while True:
    length -= 1
    if length == 1:
        continue
    if length < 0:
        break
else:
    print("never")
for n in range(3):
    pass
else:
    print("no break", n, file=sys.stderr)


class Meta(type):
    def __new__(mcs, name, bases, namespace, **options):
        return super().__new__(mcs, name, bases, {**namespace, "options": options})


class Plugin(metaclass=Meta, level=3):
    def __init_subclass__(cls, **options):
        print("subclass", cls.__name__, options)

    def __set_name__(self, owner, name):
        print("named", name)

    def __get__(self, instance, owner):
        return 42

    def __call__(self):
        return "called"

    def __del__(self):
        pass

    @cached_property
    def slow(self):
        return "computed"


class Child(Plugin, extra=1):
    attribute = Plugin()


print(Plugin.options, Child().attribute, Plugin()(), Plugin().slow, Child.__mro__)


class ConfigurationError(Exception):
    def __init__(self, key):
        super().__init__(f"no value for {key}")
        self.key = key


def look_up(settings, key):
    try:
        return settings[key]
    except KeyError as error:
        raise ConfigurationError(key) from error


def main(arguments):
    settings = {"host": "localhost"}
    print(look_up(settings, "host"), arguments)
    print(look_up(settings, "port"))


if __name__ == "__main__":
    main(sys.argv[1:])
