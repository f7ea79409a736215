import functools
import itertools
import operator


def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


@functools.lru_cache(maxsize=None)
def partitions(n, largest):
    if n == 0:
        return 1
    return sum(partitions(n - part, part) for part in range(1, min(n, largest) + 1))


@functools.singledispatch
def weigh(thing):
    return f"{thing!r}?"


@weigh.register
def _(thing: int):
    return thing * 2


@weigh.register(list)
def _(thing):
    return list(map(weigh, thing))


def sliding(items, size):
    iterators = itertools.tee(items, size)
    for skip, iterator in enumerate(iterators):
        next(itertools.islice(iterator, skip, skip), None)
    return zip(*iterators)


primes = filter(lambda n: all(n % d for d in range(2, int(n**0.5) + 1)), itertools.count(2))
first = list(itertools.islice(primes, 12))
print(first, [b - a for a, b in sliding(first, 2)])
print(partitions(40, 40), partitions.cache_info().currsize, compose(str, reversed, "".join, int)(1234))
print(weigh([1, 2.5, [3]]), list(itertools.accumulate(first, operator.mul))[5])
runs = [(key, sum(1 for _ in group)) for key, group in itertools.groupby("aaabccdd")]
print(runs, ["".join(p) for p in itertools.permutations("abc", 2)], *itertools.combinations(range(4), 3))
print(list(itertools.zip_longest("ab", "wxyz", fillvalue="-")), dict(zip("kv", itertools.cycle([7]))))
print(list(itertools.takewhile(lambda n: n < 40, (n * n for n in itertools.count()))), functools.partial(pow, 2)(10))
