set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/app.log" <<'LOG'
2023-03-01 ERROR db timeout 31
2023-03-01 INFO web started 2
2023-03-02 ERROR web refused 8
2023-03-02 WARN db slow 17
2023-03-03 ERROR db timeout 45
LOG
declare -A count=() spent=()
while read -r day level part what ms; do
  [[ $level == ERROR ]] || continue
  key="$part/$what"
  count[$key]=$((${count[$key]:-0} + 1))
  spent[$key]=$((${spent[$key]:-0} + ms))
done <"$folder/app.log"
for key in "${!count[@]}"; do
  printf '%-12s %2d %4d ms\n' "$key" "${count[$key]}" "${spent[$key]}"
done | sort -k2nr
grep -c WARN "$folder/app.log"
sed -n 's/^\([0-9-]*\) INFO \(.*\)$/\2 on \1/p' "$folder/app.log"
cut -d' ' -f2 "$folder/app.log" | sort | uniq -c | tr -s ' '
head -n 2 "$folder/app.log" | tail -n 1 | wc -w
