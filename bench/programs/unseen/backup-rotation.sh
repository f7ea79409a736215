#!/bin/bash
shopt -s extglob nullglob
usage() {
  cat <<END
usage: ${0##*/} [-k KEEP] [-n] NAME...
END
}
rotate() {
  local OPTIND=1 option keep=2 dry=
  while getopts ':k:n' option; do
    case $option in
      k) keep=$OPTARG ;;
      n) dry=1 ;;
      ?) echo "unknown -$OPTARG" >&2; return 64 ;;
    esac
  done
  shift $((OPTIND - 1))
  local name copies index
  for name; do
    copies=("$name".+([0-9]))
    for ((index = ${#copies[@]} - 1; index >= 0; index--)); do
      local number=${copies[index]##*.}
      if ((number >= keep)); then
        ${dry:+echo} rm -- "${copies[index]}"
      else
        ${dry:+echo} mv -- "${copies[index]}" "$name.$((number + 1))"
      fi
    done
    [[ -e $name ]] && ${dry:+echo} mv -- "$name" "$name.1"
  done
}
work=$(mktemp -d) && cd "$work" || exit 1
for round in one two three four; do
  echo "$round" >data.txt
  rotate -k 2 data.txt
done
for file in *; do printf '%s=%s ' "$file" "$(<"$file")"; done
echo
echo five >data.txt
rotate -n -k 3 data.txt
rotate -x data.txt 2>&1 || echo "status $?"
text='alpha:beta:gamma'
IFS=: read -r -a parts <<<"$text"
echo "${parts[@]^}" "${#text}" "${text/beta/BETA}" "${text: -5}" "${text%%:*}" $((16#ff + 2 ** 5))
mapfile -t numbers < <(seq 3 -1 1)
( IFS=+; echo "${numbers[*]}" ) && cd / && rm -r "$work"
