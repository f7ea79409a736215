"""Fills the memory file systems without end, once their bound is gone."""
from kit import checked, leave_limits, libc

MS_REMOUNT = 32
leave_limits()
checked(libc.mount(None, b"/tmp", None, MS_REMOUNT, b"size=1T"))
print("filling", flush=True)
with open("/tmp/fill", "wb", buffering=0) as file:
    while True:
        try:
            file.write(b"\xff" * (1 << 20))
        except OSError:
            pass
