"""Turns against the agent, the first process of the guest. Argument: how."""
import sys
import time

from kit import checked, libc, os, write

SIGKILL, SIGSTOP = 9, 19
PTRACE_ATTACH = 16


def kill():
    """The kernel keeps these from the first process."""
    os.kill(1, SIGKILL)
    os.kill(1, SIGSTOP)


def signal():
    for number in range(1, 65):
        os.kill(1, number)


def overwrite():
    """Puts an instruction that it may not execute where it goes on."""
    with open("/proc/1/syscall") as place:
        program_counter = int(place.read().split()[-1], 16)
    with open("/proc/1/mem", "r+b", buffering=0) as memory:
        memory.seek(program_counter)
        memory.write(b"\xf4" * 64)


def trace():
    """Stops it where it is, and never lets it go on."""
    checked(libc.ptrace(PTRACE_ATTACH, 1, None, None))
    time.sleep(3600)


def freeze():
    os.mkdir("/sys/fs/cgroup/cold")
    write("/sys/fs/cgroup/cold/cgroup.procs", 1)
    write("/sys/fs/cgroup/cold/cgroup.freeze", 1)
    time.sleep(3600)


def crash():
    write("/proc/sys/kernel/sysrq", 1)
    write("/proc/sysrq-trigger", "c")


def starve():
    """Takes the processor from it: the agent has a real-time priority, this has a higher one."""
    write("/proc/sys/kernel/sched_rt_runtime_us", -1)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
    while True:
        pass


print("going", flush=True)
time.sleep(0.1)
{"kill": kill, "signal": signal, "overwrite": overwrite, "trace": trace, "freeze": freeze, "crash": crash, "starve": starve}[sys.argv[1]]()
print("gone")
