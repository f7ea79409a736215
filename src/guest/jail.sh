#!/bin/sh
# Makes the current mount namespace into all that a guest's QEMU sees of its host: QEMU, what puts it into the jail,
# their libraries and the firmware, read-only, and nothing else. Says `ready`, and keeps the namespace until its input
# ends.
#   jail.sh root|user QEMU LIBRARY [DEVICE...]
# LIBRARY, unless it is empty, is what a QEMU is forked by; it is /fork-server.so there.
# Runs as root of its user namespace; every mount vanishes with the namespace.
set -eu
# The users of guests are to see what is in it.
umask 022
owner=$1
qemu=$(command -v "$2")
library=${3:-/dev/null}
shift 3

# What is mounted next may hide it.
exec 3<"$library"
# Nothing is written over: the namespace is this script's own, and what lies below is about to go.
jail=/tmp
mount -t tmpfs -o mode=0755,size=1m,nr_inodes=2k jail "$jail"
mkdir "$jail/proc" "$jail/old"
: >"$jail/fstab"
# Where folders of programs and libraries have two names, they have them in the jail.
for folder in bin sbin lib lib64; do
  if [ -L "/$folder" ]; then
    ln -s "$(readlink "/$folder")" "$jail/$folder"
    mkdir -p "$jail/$(readlink "/$folder")"
  fi
done

# show FILE: has it in the jail under the same name.
show() {
  [ ! -e "$jail$1" ] || return 0
  mkdir -p "$jail${1%/*}"
  : >"$jail$1"
  echo "$1 $jail$1 none bind,ro,nosuid 0 0" >>"$jail/fstab"
}

libraries() { ldd "$1" | grep -o '/[^ ]*'; }

for program in "$qemu" "$(command -v unshare)" "$(command -v prlimit)" "$(command -v setpriv)" "$(command -v umount)" "$(command -v env)"; do
  show "$program"
  for library in $(libraries "$program"); do show "$library"; done
done
if [ -e /etc/ld.so.cache ]; then show /etc/ld.so.cache; fi

# Distributions ship QEMU's translator as a module beside the libraries.
for folder in $(libraries "$qemu" | sed 's,/[^/]*$,,' | sort -u) /usr/lib64 /usr/lib; do
  module=$folder/qemu/accel-tcg-x86_64.so
  if [ -e "$module" ]; then show "$module"; fi
done

# A firmware file is under the first of QEMU's data folders that has it, often by a link.
for name in bios-256k.bin kvmvapic.bin; do
  for folder in $("$qemu" -L help); do
    [ -e "$folder/$name" ] || continue
    show "$(cd "$folder" && pwd)/$name"
    break
  done
done

cat <&3 >"$jail/fork-server.so"
exec 3<&-
# A mount of its own, as programs may be executed from: what else is on the file system of the jail may not.
echo "$jail/fork-server.so $jail/fork-server.so none bind,ro,nosuid 0 0" >>"$jail/fstab"
for device in "$@"; do show "$device"; done

mount --all --fstab "$jail/fstab"
rm "$jail/fstab"
mount --rbind /proc "$jail/proc"
mount -o remount,bind,ro,nosuid,nodev,noexec "$jail"
cd "$jail"
pivot_root . old
umount -l /old
# Each QEMU gets a /proc of its own PID namespace. A plain user may mount that only where it sees one already.
if [ "$owner" = root ]; then umount -l /proc; fi

echo ready
while read -r _; do :; done
