"""Takes all memory, outside of the limits that the agent sets, and holds it so that nothing else fits."""
from kit import leave_limits, mmap

leave_limits()
print("taking", flush=True)
held = []
size = 16 << 20
while True:
    try:
        block = mmap.mmap(-1, size)
        for page in range(0, size, mmap.PAGESIZE):
            block[page] = 1
        held.append(block)
    except (OSError, MemoryError):
        size = max(size // 2, mmap.PAGESIZE)
