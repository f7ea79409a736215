#!/bin/bash
# The tools that scripts call most, alone and in pipes; each process takes its time, so one call of each.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
seq 1 20 | awk '{print $1, $1 * $1, ($1 % 2 ? "odd" : "even")}' >table
grep -nE '^[0-9]+ .*odd$' table | cut -d' ' -f1,3 | sort -k2,2 -k1,1nr | uniq -c | head -n 3
awk -F ' ' -v OFS=, '$3 == "even" {sum += $2; count[$3]++} /9/ {gsub(/d/, "D"); print $1, toupper($3)} function twice(x) {return x * 2} END {printf "%d %.2f\n", sum, twice(NR); for (kind in count) print kind, count[kind], substr(kind, 2, 2)}' table
sed -E -e 's/([0-9]+) ([0-9]+)/\2 \1/' -e '2,4d' -e '/even$/!s/^/> /' table | tail -n 2 | tr 'a-z' 'A-Z' | tee copy
wc -l <table
mkdir -p a/b && touch a/b/one.txt a/b/two.txt && cp -r a c && mv c d && ls -la d
find . -name '*.txt' -type f | xargs -n2 basename -s .txt
date -u -d @0 +%F
echo 'scale=3; 22/7' | bc
echo '{"users": [{"name": "ann", "n": 3}, {"name": "bob", "n": 4}]}' | jq -r '.users[] | select(.n > 3) | .name'
cat table copy | sha256sum
