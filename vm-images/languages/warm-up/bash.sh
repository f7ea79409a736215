# Walks what scripts use most, so that a script finds it translated; each program more costs every refill its
# translation. Leaves nothing behind.
greet() { printf 'hello, %s (%d)\n' "${1:-world}" "${#1}"; }
list=(one two)
for item in "${list[@]}"; do greet "${item^^}"; done
for ((i = 0; i < 3; i++)); do ((i % 2)) || echo "even $i"; done
if [[ 'file-42' =~ ([0-9]+) ]]; then echo "${BASH_REMATCH[1]} $(echo sub)" >&2; fi
