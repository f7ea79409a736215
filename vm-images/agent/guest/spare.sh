#!/bin/sh
# Turns this process, which the agent starts as root, into a waiting interpreter of the unprivileged user.
# usage: spare.sh JOIN_FILE UID GID COMMAND...   JOIN_FILE: the cgroup.procs of the control group to be in
set -eu
echo 0 >"$1"
# Of all processes the kernel, when it is out of memory, ends a program first.
echo 1000 >/proc/self/oom_score_adj
ulimit -c 0
umask 022
uid=$2
gid=$3
shift 3
exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs "$@"
