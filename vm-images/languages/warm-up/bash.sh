# Walks what scripts use most, so that a script finds it translated; each program more costs every refill its
# translation. Leaves nothing behind.
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
printf 'pear\napple\n' >warm-up.txt
sort warm-up.txt | cat
ls
rm warm-up.txt
(exit 3) || echo "status $?" >&2
