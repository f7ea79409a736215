"""Speaks to the host in the agent's place, by the agent's own port. Argument: what."""
import sys
import time

from kit import (agent_port, attempt, control, exit_report, frame, os, send, steal_port, struct, virtio_devices, write, SERIAL)

# Of the first run on a guest. The host chooses it; a guest may guess.
RUN = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def garbage(port):
    while True:
        send(port, os.urandom(1 << 16))


def huge(port):
    send(port, struct.pack("<IB", 0xFFFFFFFF, 1) + b"x" * (1 << 16))


def half(port):
    """The beginning of a frame, and never its end; what the agent says becomes part of it."""
    send(port, struct.pack("<IB", 128 * 1024, 1) + b"x")
    os.kill(os.getpid(), 19)


def prepared(port):
    send(port, control(type="prepared", hostname="runner-1", machineId="0" * 32, mac="52:54:00:00:00:01",
                       address="10.0.0.1", nowMicros=1, draws={"kernel": "0" * 32}))


def hello(port):
    send(port, control(type="hello", protocol=1, agent="x" * 64, languages=["python"] * 64))


def other_exit(port):
    send(port, b"".join(exit_report(run) for run in range(1000, 2000)))


def other_output(port):
    send(port, frame(1, struct.pack("<I", 12345) + b"of somebody else"))


def output(port):
    """More output than the run may have, in frames that are right."""
    while True:
        send(port, frame(1, struct.pack("<I", RUN) + b"x" * 65536))


def empty(port):
    """Frames of output with nothing in them, without end."""
    while True:
        send(port, frame(1, struct.pack("<I", RUN)) * 4096)


def deep(port):
    send(port, frame(0, b"[" * (120 * 1024)))


def again(port):
    """Opens the port twice; then has the device found anew, and opens it in the agent's place, again and again."""
    name = os.readlink(f"/proc/1/fd/{agent_port()}")
    print("twice:", attempt(os.open, name, os.O_RDWR), flush=True)
    device = virtio_devices()[SERIAL]
    for _ in range(20):
        attempt(write, f"{device}/driver/unbind", os.path.basename(device))
        attempt(write, "/sys/bus/pci/drivers/virtio-pci/bind", os.path.basename(device))
        for port in os.listdir("/dev"):
            if port.startswith("vport"):
                fd = os.open(f"/dev/{port}", os.O_RDWR)
                os.write(fd, b"\x05")
                os.close(fd)


def own_exit(port):
    """Ends its own run by itself, with a lie: for this guest alone."""
    send(port, exit_report(RUN, code=77))


port = steal_port()
print("going", flush=True)
time.sleep(0.1)
globals()[sys.argv[1]](port)
time.sleep(3600)
