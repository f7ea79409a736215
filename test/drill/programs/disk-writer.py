"""Writes to the root disk by every way there is."""
import fcntl

from kit import BLOCK, DEVICE_WRITES, HAS_NEXT, Physical, Virtio, attempt, open_ports, os, struct, virtio_devices

BLKROSET = 0x125D
REQUESTS = {"write": 1, "discard": 11, "write zeroes": 13}


def write_block():
    disk = os.open("/dev/vda", os.O_RDWR)
    fcntl.ioctl(disk, BLKROSET, struct.pack("<i", 0))
    os.write(disk, b"\xff" * 4096)
    os.fsync(disk)


print("by its driver:", attempt(write_block))
open_ports()
memory = Physical()
disk = Virtio(virtio_devices()[BLOCK], memory)
disk.queue(0, 0)
HEADER, DATA, STATUS = 0x10000, 0x11000, 0x12000
for name, kind in REQUESTS.items():
    length = 4096 if name == "write" else 16
    data = b"\xff" * 4096 if name == "write" else struct.pack("<QII", 0, 8, 0)
    memory.bytes[DATA:DATA + length] = data
    struct.pack_into("<IIQ", memory.bytes, HEADER, kind, 0, 0)
    disk.describe(0, memory.address + HEADER, 16, HAS_NEXT, 1)
    disk.describe(1, memory.address + DATA, length, HAS_NEXT, 2)
    disk.describe(2, memory.address + STATUS, 1, DEVICE_WRITES)
    before = disk.taken()
    disk.offer()
    while disk.taken() == before:
        pass
    print(f"by hand: {name}", flush=True)
# Its own program is on that disk.
os._exit(0)
