#!/bin/bash
# Waits until the agent has written a run's order, then becomes its command. Descriptor 3: the path of the
# order, one line; descriptor 4: tells the agent that this process waits.
#
# An order is NUL-terminated words: the file for standard input, the number of variables, the variables as
# NAME=VALUE, the command.
echo "ready $$" >&4
IFS= read -r order <&3 || exit
mapfile -d '' -t words <"$order"
exec 3<&- 4>&- <"${words[0]}"
first=$((2 + words[1]))
((first == 2)) || export "${words[@]:2:first-2}"
unset -v OLDPWD order
exec "${words[@]:first}"
