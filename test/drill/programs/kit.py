"""What root of a guest has at hand: I/O ports, physical memory, devices without their drivers, the agent's own link
to the host, and code of its own in the kernel's place."""

import ctypes
import json
import mmap
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
PIDFD_OPEN, PIDFD_GETFD, KEXEC_LOAD = 434, 438, 246
REBOOT_MAGIC, REBOOT_MAGIC_2, REBOOT_KEXEC = 0xFEE1DEAD, 672274793, 0x45584543
PAGE = 4096


def checked(result):
    """The result of a system call. Raises OSError when it is an error."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else str(content).encode())


def attempt(what, *args):
    """Calls it. Returns what came of it, as a word."""
    try:
        what(*args)
        return "done"
    except OSError as error:
        return error.strerror


def leave_limits():
    """Leaves the control group that the agent has put the run in, and is the last that the kernel would kill."""
    write("/sys/fs/cgroup/cgroup.procs", os.getpid())
    write("/proc/self/oom_score_adj", -1000)


# --- I/O ports ----------------------------------------------------------------------------------------------------

kept = []


def machine_code(text, result, *arguments):
    page = mmap.mmap(-1, PAGE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex(text))
    kept.append(page)
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.addressof(ctypes.c_char.from_buffer(page)))


u16, u32 = ctypes.c_uint16, ctypes.c_uint32
OUT = {1: machine_code("89fa89f0eec3", None, u32, u32), 2: machine_code("89fa89f066efc3", None, u32, u32),
       4: machine_code("89fa89f0efc3", None, u32, u32)}
IN = {1: machine_code("89fa31c0ecc3", u32, u32), 2: machine_code("89fa31c066edc3", u32, u32),
      4: machine_code("89faedc3", u32, u32)}


def open_ports():
    checked(libc.iopl(3))


# --- physical memory ----------------------------------------------------------------------------------------------


class Physical:
    """Two MiB of this process that follow one another in the machine's memory too."""

    def __init__(self):
        write("/proc/sys/vm/compact_memory", 1)
        write("/proc/sys/vm/nr_hugepages", 1)
        huge = 0x40000
        self.bytes = mmap.mmap(-1, 2 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | huge)
        self.bytes[0] = 0
        virtual = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes))
        with open("/proc/self/pagemap", "rb") as pagemap:
            pagemap.seek(virtual // PAGE * 8)
            self.address = (struct.unpack("<Q", pagemap.read(8))[0] & ((1 << 55) - 1)) * PAGE


def kernel_memory():
    """All of the guest's RAM, as (offset in /proc/kcore, length)."""
    with open("/proc/kcore", "rb") as core:
        header = core.read(64)
        start, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        core.seek(start)
        table = core.read(size * count)
    for index in range(count):
        kind, _, offset, virtual, physical, length, _, _ = struct.unpack_from("<IIQQQQQQ", table, index * size)
        if kind == 1 and physical < 1 << 40 and virtual < 0xFFFFFFFF80000000:
            yield offset, length


# --- PCI and virtio -----------------------------------------------------------------------------------------------

PCI = "/sys/bus/pci/devices"


def virtio_devices():
    """Paths of the guest's virtio devices, by what they are."""
    found = {}
    for name in sorted(os.listdir(PCI)):
        with open(f"{PCI}/{name}/config", "rb") as config:
            vendor, device = struct.unpack("<HH", config.read(4))
        if vendor == 0x1AF4:
            found[device] = f"{PCI}/{name}"
    return found


def port_of(path):
    """First of a device's I/O ports."""
    with open(f"{path}/resource") as resources:
        return int(resources.readline().split()[0], 16)


NET, BLOCK, BALLOON, SERIAL = 0x1000, 0x1001, 0x1002, 0x1003
HAS_NEXT, DEVICE_WRITES, INDIRECT = 1, 2, 4


class Virtio:
    """A virtio device of the old interface ("legacy", virtio 1.1 § 4.1.4.8), driven by hand."""

    def __init__(self, path, memory):
        self.memory = memory
        if os.path.exists(f"{path}/driver"):
            write(f"{path}/driver/unbind", os.path.basename(path))
        with open(f"{path}/config", "r+b", buffering=0) as config:
            config.seek(4)
            config.write(struct.pack("<H", 7))
        self.base = port_of(path)
        for status in (0, 1, 3, 7):
            OUT[1](self.base + 18, status)

    def queue(self, index, place):
        """Sets a queue up at a page of the memory. Returns its number of descriptors."""
        self.index, self.place, self.head = index, place * PAGE, 0
        OUT[2](self.base + 14, index)
        self.size = IN[2](self.base + 12)
        OUT[4](self.base + 8, (self.memory.address + self.place) // PAGE)
        return self.size

    def describe(self, number, address, length, flags=0, following=0):
        struct.pack_into("<QIHH", self.memory.bytes, self.place + 16 * number, address, length, flags, following)

    def offer(self, head=0):
        """Makes one chain of descriptors available and tells the device."""
        ring = self.place + 16 * self.size
        struct.pack_into("<H", self.memory.bytes, ring + 4 + 2 * (self.head % self.size), head)
        self.head += 1
        struct.pack_into("<HH", self.memory.bytes, ring, 0, self.head & 0xFFFF)
        OUT[2](self.base + 16, self.index)

    def taken(self):
        """How many chains the device has given back."""
        ring = self.place + (16 * self.size + 6 + 2 * self.size + PAGE - 1) // PAGE * PAGE
        return struct.unpack_from("<H", self.memory.bytes, ring + 2)[0]


# --- the agent's link ---------------------------------------------------------------------------------------------


def agent_port():
    """Number of the agent's own descriptor of its port."""
    for name in os.listdir("/proc/1/fd"):
        if "vport" in os.readlink(f"/proc/1/fd/{name}"):
            return int(name)
    raise RuntimeError("the agent has no port")


def steal_port():
    """The agent's own open port, for this process to use as well."""
    pidfd = checked(libc.syscall(PIDFD_OPEN, 1, 0))
    fd = checked(libc.syscall(PIDFD_GETFD, pidfd, agent_port(), 0))
    os.set_blocking(fd, True)
    return fd


def frame(kind, payload):
    return struct.pack("<IB", len(payload), kind) + payload


def control(**message):
    return frame(0, json.dumps(message).encode())


def exit_report(run, **more):
    return control(**{"type": "exit", "id": run, "code": 0, "signal": None, "timedOut": False, "truncated": False,
                      "outOfMemory": False, "wallMs": 1, "cpuMs": 1, "peakMemoryBytes": None, **more})


def send(fd, data):
    while data:
        data = data[os.write(fd, data):]


# --- the processor ------------------------------------------------------------------------------------------------


def become(text):
    """Runs machine code in place of the kernel: 64 bits, every right, memory as it is, no way back."""
    code = bytes.fromhex(text).ljust(PAGE, b"\xf4")
    source = ctypes.create_string_buffer(code, PAGE)
    place = 32 << 20
    segment = struct.pack("<QQQQ", ctypes.addressof(source), PAGE, place, PAGE)
    segments = ctypes.create_string_buffer(segment, len(segment))
    checked(libc.syscall(KEXEC_LOAD, ctypes.c_ulong(place), ctypes.c_ulong(1), segments, ctypes.c_ulong(62 << 16)))
    checked(libc.syscall(169, ctypes.c_ulong(REBOOT_MAGIC), ctypes.c_ulong(REBOOT_MAGIC_2), ctypes.c_ulong(REBOOT_KEXEC), None))
