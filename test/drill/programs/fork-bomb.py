"""Forks without end, outside of the limits that the agent sets."""
from kit import leave_limits, os

leave_limits()
print("forking", flush=True)
while True:
    try:
        os.fork()
    except OSError:
        pass
