"""Gives virtio devices chains of descriptors that no driver would. Arguments: names of the devices."""
import sys

import kit
from kit import DEVICE_WRITES, HAS_NEXT, INDIRECT, Physical, Virtio, open_ports, struct, virtio_devices

open_ports()
memory = Physical()
BUFFER = 0x100000
buffer = memory.address + BUFFER
memory.bytes[BUFFER:] = bytes(range(256)) * (len(memory.bytes) - BUFFER >> 8)
# Memory that is none: beyond the end, registers of devices, of the processor's controllers, the firmware.
NOWHERE = (256 << 20, (1 << 64) - 4096, 0xFEBF0000, 0xFEBFF000, 0xFEC00000, 0xFEE00000, 0xFFFC0000, 0xA0000, 1 << 40)


def chains(device):
    yield "empty", [(buffer, 0, 0, 0)]
    yield "tiny", [(buffer, 1, 0, 0)]
    yield "huge", [(buffer, 0xFFFFFFFF, 0, 0)]
    yield "loop", [(buffer, 16, HAS_NEXT, 1), (buffer, 16, HAS_NEXT, 0)]
    yield "itself", [(buffer, 16, HAS_NEXT, 0)]
    yield "out of the table", [(buffer, 16, HAS_NEXT, 0xFFFF)]
    yield "read after write", [(buffer, 16, HAS_NEXT | DEVICE_WRITES, 1), (buffer, 16, 0, 0)]
    yield "long", [(buffer, 64, HAS_NEXT, number + 1) for number in range(device.size - 1)] + [(buffer, 1, DEVICE_WRITES, 0)]
    yield "indirect, odd", [(buffer, 17, INDIRECT, 0)]
    yield "indirect, huge", [(buffer, 0xFFFFFFF0, INDIRECT, 0)]
    struct.pack_into("<QIHH", memory.bytes, BUFFER + 8192, buffer + 8192, 16, INDIRECT, 0)
    yield "indirect in indirect", [(buffer + 8192, 16, INDIRECT, 0)]
    for address in NOWHERE:
        yield hex(address), [(address, 4096, INDIRECT, 0)]
        for flags in (0, DEVICE_WRITES):
            yield hex(address), [(buffer, 64, HAS_NEXT, 1), (address, 4096, flags, 0)]


for name in sys.argv[1:]:
    print(name, flush=True)
    path = virtio_devices()[getattr(kit, name)]
    for index in range(6):
        count = 0
        device = Virtio(path, memory)
        if device.queue(index, 0) == 0:
            continue
        for _, chain in chains(device):
            # A device that found something wrong is broken until it is reset.
            device = Virtio(path, memory)
            device.queue(index, 0)
            for number, descriptor in enumerate(chain):
                device.describe(number, *descriptor)
            device.offer()
            device.offer(0xFFFF)
            count += 1
        print(name, "queue", index, "chains", count, flush=True)
