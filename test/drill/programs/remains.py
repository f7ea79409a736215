"""Prepares the working directory for the run that comes next. Argument: how."""
import os
import stat
import sys

from kit import checked, libc

MS_BIND, MS_RDONLY, MS_REMOUNT = 4096, 1, 32


def nodes():
    """Where the next run's files go: a disk, the agent's port, a pipe that nobody reads, links to the outside."""
    for name in ("main.py", "input.txt"):
        if os.path.lexists(name):
            os.unlink(name)
    os.mkfifo("main.py")
    os.mknod("input.txt", stat.S_IFBLK | 0o666, os.stat("/dev/vda").st_rdev)
    port = next(name for name in os.listdir("/dev") if name.startswith("vport"))
    os.mknod("port.txt", stat.S_IFCHR | 0o666, os.stat(f"/dev/{port}").st_rdev)
    os.symlink("/proc/1/mem", "memory.txt")
    os.symlink("/etc", "folder")
    os.symlink("/proc/1/root/../../../../..", "up")


def read_only():
    checked(libc.mount(b"/usr", b"/home/runner", None, MS_BIND, None))


def pipes():
    """Pipes in place of all that the agent keeps for itself."""
    for folder, _, names in os.walk("/run/codeland"):
        for name in names:
            os.unlink(f"{folder}/{name}")
            os.mkfifo(f"{folder}/{name}")
        libc.mount(b"/home/runner", folder.encode(), None, MS_BIND, None)


globals()[sys.argv[1]]()
print("prepared")
