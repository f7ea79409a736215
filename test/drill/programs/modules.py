"""Loads modules that are none, and takes away those that the machine stands on."""
from kit import attempt, checked, ctypes, libc, os

INIT_MODULE, DELETE_MODULE = 175, 176
with open("/proc/modules") as file:
    names = [line.split()[0] for line in file]


def load(image):
    checked(libc.syscall(INIT_MODULE, image, ctypes.c_ulong(len(image)), b""))


def remove(name):
    checked(libc.syscall(DELETE_MODULE, name.encode(), os.O_NONBLOCK | os.O_TRUNC))


print("garbage:", attempt(load, b"\x7fELF" + os.urandom(4096)))
# What the agent's own device needs goes last.
for name in sorted(names, key=lambda name: name == "virtio_pci"):
    print(f"{name}:", attempt(remove, name), flush=True)
