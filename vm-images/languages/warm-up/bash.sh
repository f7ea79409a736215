# Walks what scripts often use, so that a script finds it translated. Leaves nothing behind.
set -euo pipefail

greet() {
  local name=${1:-world}
  printf 'hello, %s (%d)\n' "$name" "${#name}"
}

declare -A ages=([ada]=36 [alan]=41)
list=(one two three)
for item in "${list[@]}"; do echo "${item^^} ${item/o/0}"; done
for ((i = 0; i < 3; i++)); do ((i % 2)) || echo "even $i"; done
for name in "${!ages[@]}"; do echo "$name is ${ages[$name]}"; done
while IFS=, read -r key value; do echo "$key=$value"; done <<<'a,1'
case ${list[0]} in one | two) greet "$(echo Ada)" ;; *) greet ;; esac
if [[ 'file-42.txt' =~ ([0-9]+) ]] && [ -d . ]; then echo "${BASH_REMATCH[1]} $((2 ** 10))"; fi

mkdir -p warm-up
cat >warm-up/data.txt <<'DATA'
pear 3
apple 10
fig 7
DATA
sort -k2 -n warm-up/data.txt | head -n 2 | awk '{ sum += $2 } END { print sum }'
grep -c a warm-up/data.txt | tr '[:digit:]' 'x'
sed -n 's/fig/FIG/p' warm-up/data.txt
cut -d ' ' -f 1 warm-up/data.txt | wc -l
ls warm-up | cat
date -d @0 +%F
(exit 3) || echo "status $?" >&2
seq 1 3 | while read -r n; do echo -n "$n "; done
echo
trap 'rm -rf warm-up' EXIT
