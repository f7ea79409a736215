import configparser
import csv
import io
import os
import shutil
import tempfile
from pathlib import Path

root = Path(tempfile.mkdtemp(prefix="stock-"))
try:
    (root / "in").mkdir()
    table = root / "in" / "stock.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["part", "count", "place"])
        writer.writeheader()
        writer.writerows(
            [
                {"part": "bolt, M4", "count": 120, "place": "A1"},
                {"part": 'nut "wing"', "count": 35, "place": "B2"},
                {"part": "gear", "count": 2, "place": "A1"},
            ]
        )
    print(table.read_text().splitlines()[1:3], table.stat().st_size, table.suffix, table.stem)
    with open(table, newline="") as file:
        parts = list(csv.DictReader(file))
    print([part["part"] for part in parts if int(part["count"]) < 50])
    settings = configparser.ConfigParser()
    settings.read_string("[shop]\nname = Tools & Co\nopen = yes\n[limits]\nlow = 10\n")
    low = settings.getint("limits", "low")
    print(settings["shop"]["name"], settings.getboolean("shop", "open"), [p["part"] for p in parts if int(p["count"]) < low])
    shutil.copy(table, root / "copy.csv")
    os.replace(root / "copy.csv", root / "backup.csv")
    print(sorted(str(path.relative_to(root)) for path in root.rglob("*.csv")), os.path.splitext("x.tar.gz"))
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL).writerow([1, "two", None])
    print(repr(buffer.getvalue()), Path("/a/b/../c").parts, Path("/a") / "b" < Path("/b"))
    with (root / "lines.bin").open("wb+") as file:
        file.write(b"one\ntwo\nthree\n")
        file.seek(4)
        print(file.readline(), file.tell(), os.access(root, os.W_OK))
finally:
    shutil.rmtree(root)
print(root.exists())
