"""Writes garbage to the configuration of every PCI device, and takes devices off the bus and finds them again."""
import random

from kit import PCI, attempt, os, write

random.seed(4)
print("writing", flush=True)
devices = sorted(os.listdir(PCI))
for _ in range(20):
    for name in devices:
        with open(f"{PCI}/{name}/config", "r+b", buffering=0) as config:
            for _ in range(40):
                config.seek(random.randrange(4, 256))
                attempt(config.write, random.randbytes(random.choice((1, 2, 4))))
print("written", flush=True)
for name in devices:
    attempt(write, f"{PCI}/{name}/remove", 1)
attempt(write, "/sys/bus/pci/rescan", 1)
print("rescanned")
