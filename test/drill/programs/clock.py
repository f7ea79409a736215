"""Sends every clock of the machine to its ends and back."""
import fcntl
import time

from kit import OUT, attempt, ctypes, libc, open_ports, os, struct

RTC_SET_TIME = 0x4024700A
ADJ_TICK, ADJ_FREQUENCY = 0x4000, 2


def set_rtc(year):
    fd = os.open("/dev/rtc0", os.O_RDONLY)
    fcntl.ioctl(fd, RTC_SET_TIME, struct.pack("<9i", 59, 59, 23, 31, 11, year - 1900, 0, 0, 0))
    os.close(fd)


def adjust(mode, frequency, tick):
    timex = bytearray(208)
    struct.pack_into("<I4xqq", timex, 0, mode, 0, frequency)
    struct.pack_into("<q", timex, 88, tick)
    libc.adjtimex(ctypes.create_string_buffer(bytes(timex), len(timex)))


open_ports()
for seconds in (1, 2**31, 2**32 + 7, 8_000_000_000, 0):
    print(seconds, attempt(time.clock_settime, time.CLOCK_REALTIME, seconds))
for year in (1970, 2069, 2000):
    print(year, attempt(set_rtc, year))
adjust(ADJ_TICK | ADJ_FREQUENCY, 500 << 16, 11_000)
# The real-time clock's registers, then the interval timer: every mode, shortest and longest period.
for register in range(128):
    for value in (0xFF, 0x00, 0x7A):
        OUT[1](0x70, register)
        OUT[1](0x71, value)
for mode in range(0, 256, 2):
    OUT[1](0x43, mode)
    for port in (0x40, 0x41, 0x42):
        for value in (1, 0, 0xFF, 0xFF):
            OUT[1](port, value)
print("it is", time.strftime("%Y"))
