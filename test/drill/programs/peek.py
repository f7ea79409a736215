"""Looks for what another guest was given, in all of the RAM and on the whole root disk. Argument: how it begins.

A control that begins the same, and that this program itself keeps, shows that the search finds what is there."""
import os
import re
import sys

from kit import kernel_memory

begin = sys.argv[1].encode()
control = bytearray(begin + b"-" + b"c0" * 16)
pattern = re.compile(begin + b"-([0-9a-f]{32})")
LONGEST = len(control)
CHUNK = 8 << 20


def search(fd, start, length):
    found = set()
    for offset in range(start, start + length, CHUNK):
        found.update(pattern.findall(os.pread(fd, CHUNK + LONGEST, offset)))
    return sorted(one.decode() for one in found)


core = os.open("/proc/kcore", os.O_RDONLY)
for start, length in kernel_memory():
    if length > CHUNK:
        print("RAM", length >> 20, *search(core, start, length), flush=True)
disk = os.open("/dev/vda", os.O_RDONLY)
size = os.lseek(disk, 0, os.SEEK_END)
print("disk", *search(disk, 0, size))
