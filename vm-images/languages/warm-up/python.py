# Walks what programs use most, so that a program finds it translated; each feature more costs every refill its
# translation. Leaves nothing behind.
import json
import re
import sys


class Shape:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


counts = {}
for word in re.findall(r"\w+", "the cat the"):
    counts[word] = counts.get(word, 0) + 1
print([n * 2 for n in sorted((5, 3, 9)) if n > 3], fibonacci(5), Shape("a"), counts, "%.2f" % 1.5)
print(json.dumps({"list": [1, "two"], "at": json.loads('{"n": 1}')["n"]}), "a,b".split(","), sum(range(4)))
try:
    print([][1])
except IndexError as error:
    print("caught", error, file=sys.stderr)
