"""Writes garbage to the registers of virtio devices. Arguments: names of the devices."""
import random
import sys

import kit
from kit import attempt, mmap, os, virtio_devices, write

random.seed(4)


def scribble(path):
    for name in ("resource4", "resource1"):
        if not os.path.exists(f"{path}/{name}"):
            continue
        fd = os.open(f"{path}/{name}", os.O_RDWR)
        size = os.fstat(fd).st_size
        registers = memoryview(mmap.mmap(fd, size)).cast("I")
        for _ in range(2000):
            registers[random.randrange(size // 4)] = random.choice((0, 1, 0xFFFF, 0xFFFFFFFF, random.getrandbits(32)))
        os.close(fd)


for name in sys.argv[1:]:
    path = virtio_devices()[getattr(kit, name)]
    attempt(write, f"{path}/driver/unbind", os.path.basename(path))
    write(f"{path}/enable", 1)
    print(f"{name}:", attempt(scribble, path), flush=True)
