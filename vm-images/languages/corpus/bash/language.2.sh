#!/usr/bin/env bash
# The shell itself: parameters, arrays, arithmetic, conditions, functions, here-documents, traps, reading. Ends with
# errors that scripts meet and a status of its own.
set -u
shopt -s extglob nullglob
trap 'echo "cleaning up with $?"' EXIT
trap 'echo "line $LINENO failed"' ERR

readonly GREETING='hello'
declare -i total=0
declare -a stack=(first "second item" third)
declare -A colours=([red]='#f00' [green]='#0f0')
stack+=(fourth)
unset 'stack[0]'
colours[blue]='#00f'
echo "${stack[@]}" "${#stack[@]}" "${!stack[*]}" "${stack[*]:1:2}" "${stack[-1]}"
for key in "${!colours[@]}"; do printf '%-6s %s\n' "$key" "${colours[$key]}"; done | sort

factorial() {
  local n=$1
  if ((n <= 1)); then echo 1; else echo $((n * $(factorial $((n - 1))))); fi
}
max() {
  local best=$1 value
  for value in "$@"; do [ "$value" -gt "$best" ] && best=$value; done
  REPLY=$best
  return 0
}
swap() { local -n left=$1 right=$2; local held=$left; left=$right; right=$held; }
max 3 9 4
x=1 y=2
swap x y
echo "$(factorial 5) $REPLY $x $y $(type -t max) ${FUNCNAME[0]:-main}"

path=/usr/local/lib/archive.tar.gz
echo "${path##*/} ${path%/*} ${path%%.*} ${path#*/} ${path/lib/LIB} ${path//a/A} ${#path} ${path:5:5} ${path: -2}"
echo "${GREETING^} ${GREETING^^} ${unset_one:-default} ${unset_two:=assigned} ${GREETING:+set} ${path@Q} ${1-none}"
echo {a..e} {1..10..3} file.{txt,md} ~root $((0x1f + 2#101)) $((7 / 2)) $((7 % 3)) $((2 ** 10)) $((1 > 0 ? 5 : 6)) $((5 & 3 | 8))

i=0
while ((i < 6)); do
  ((i++))
  ((i == 2)) && continue
  ((i == 5)) && break
  total+=i
done
until ((total <= 0)); do ((total -= 3)); done
for ((a = 0, b = 10; a < b; a += 3, b -= 1)); do printf '%d:%d ' "$a" "$b"; done
echo "$total"

for word in apple 42 x.sh 'a b' ''; do
  case $word in
    +([0-9])) echo "number $word" ;;
    *.sh | *.bash) echo "script $word" ;;
    a*) echo "starts with a: $word" ;;
    '') echo empty ;;
    *) echo other ;;
  esac
done
if [[ $path == *.gz && -n $GREETING ]] || [ -z "$path" ]; then echo matched; elif [[ ! -e /nonexistent ]]; then echo no; fi
if [[ '2024-02-29' =~ ^([0-9]{4})-([0-9]{2}) ]]; then echo "${BASH_REMATCH[1]} / ${BASH_REMATCH[2]}"; fi
[[ -d /tmp && -r /etc/passwd && ! -x /etc/passwd && abc < abd && 3 -lt 10 ]] && echo conditions
test -f /etc/hostname && echo file || echo none

while IFS=, read -r name age city; do
  [[ $name == \#* ]] && continue
  printf '%s is %d and lives in %s\n' "$name" "$age" "${city:-nowhere}"
done
while read -r left right; do echo "$right-$left"; done <<'END'
one two
three four
END
cat <<-END
	indented $GREETING $(echo substituted) \$escaped
	END
mapfile -t lines < <(printf '%s\n' c a b)
IFS=: read -ra parts <<<"x:y:z"
echo "${lines[*]}" "${parts[1]}" "${#parts[@]}"
(cd /tmp && echo "$PWD" && exit 4)
echo "status $? $# $0 ${PIPESTATUS[0]} $((RANDOM >= 0)) ${BASH_VERSINFO[0]} $(($$ > 0)) $-"
set -- one 'two words' three
echo "$# $2 ${*: -1}"
shift 2
while getopts 'ab:' option -a -b value; do echo "option $option ${OPTARG:-}"; done
{ echo out; echo err >&2; } 2>&1 | cat
echo 'a file' >note.txt && cat <note.txt >>copy.txt && cat note.txt copy.txt && rm note.txt copy.txt
exec 3>&1; echo 'through three' >&3; exec 3>&-
sleep 0.01 & wait $!
true && ! false && echo logic; false || echo recovered
printf '%5.2f|%-8s|%08d|%x|%q|%b\n' 3.14159 left 42 255 'a b' 'tab\tend'
eval 'echo evaluated $GREETING'; command -v bash; let 'z = 3 * 4'; echo "$z" $'quoted\ttab' "$(<<<here cat)"
bubble=(5 2 9 1)
for ((i = 0; i < 4; i++)); do for ((j = 0; j < 3 - i; j++)); do
  if ((bubble[j] > bubble[j + 1])); then t=${bubble[j]} bubble[j]=${bubble[j + 1]} bubble[j + 1]=$t; fi
done; done
echo "${bubble[@]}"
no_such_command --help
cat /no/such/file
echo "$((1 / 0))" || true
cd /nowhere || echo 'stayed' >&2
[ 1 -eq x ] || echo 'not a number'
set -e
exit_with() { return "$1"; }
if ! exit_with 1; then echo 'handled'; fi
exit_with 2
echo never
