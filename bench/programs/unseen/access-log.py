import re
import string
import textwrap
from collections import Counter

LOG = """\
10.0.0.7 - [03/Mar/2023:10:01:02] "GET /index.html HTTP/1.1" 200 5120
10.0.0.9 - [03/Mar/2023:10:01:05] "POST /login HTTP/1.1" 302 0
10.0.0.7 - [03/Mar/2023:10:02:44] "GET /missing HTTP/1.1" 404 312
broken line
10.0.0.3 - [03/Mar/2023:11:00:00] "GET /index.html HTTP/2" 200 5120
"""
LINE = re.compile(
    r"""^(?P<host>[\d.]+)\s-\s\[(?P<day>[^:]+):(?P<hour>\d\d):[\d:]+\]\s
        "(?P<verb>[A-Z]+)\s(?P<target>\S+)[^"]*"\s(?P<status>\d{3})\s(?P<size>\d+)$""",
    re.VERBOSE | re.MULTILINE,
)
hits = [match.groupdict() for match in LINE.finditer(LOG)]
hours = Counter(hit["hour"] for hit in hits)
sent = sum(int(hit["size"]) for hit in hits)
print(len(hits), "of", LOG.count("\n"), dict(hours), sent)
print(sorted({hit["target"] for hit in hits if hit["status"].startswith("2")}))
report = string.Template("$verb $target -> ${status}!")
print(*(report.substitute(hit) for hit in hits), sep="\n")
print(report.safe_substitute(verb="PUT"))
masked = re.sub(r"(\d+)\.(\d+)\.(\d+)\.(\d+)", lambda m: f"{m[1]}.{m[2]}.x.{int(m[4]):03}", LOG)
print(masked.splitlines()[1][:14], re.split(r"[,;]\s*", "a, b;c,d", maxsplit=2), re.escape("1+1=2?"))
print(textwrap.fill("a long sentence that has to be broken over some lines " * 2, 34, subsequent_indent="  "))
print(textwrap.dedent("    x\n      y").encode().hex(" ", 2), "Title Case".swapcase(), "tab\there".expandtabs(6))
print("ß".upper(), "ǅ".casefold(), "{:*^11}".format("mid"), "a-b-c".rpartition("-"), "x".join("123"), "42".zfill(5))
