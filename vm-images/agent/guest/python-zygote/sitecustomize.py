"""Python's half of the agent: a started interpreter that forks processes which wait for a program.

Python imports this module while it starts, before it opens the program's file. Here the process stops: it
preloads modules and then forks a waiting process for each line that the agent writes. A waiting process that
has got its program returns from this module and so goes on as any started interpreter: it opens the program's
file and runs it as its main module, and nothing of the program's behaviour differs.

Environment: that of programs, and CODELAND_UID, CODELAND_GID (their user) and PYTHONPATH, which are removed again.
Descriptor 3 brings orders, 4 takes answers; see `serve` and `wait_for_program`.
"""

import sys

import atexit
import collections
import ctypes
import gc
import importlib
import itertools
import json
import os
import random
import re
import time
import types
import uuid
import weakref

# What programs often import; loaded here once.
PRELOADED = """abc argparse array ast base64 bisect calendar collections collections.abc contextlib copy csv
dataclasses datetime decimal enum errno fractions functools glob hashlib heapq html inspect io itertools keyword
linecache locale logging math numbers operator pathlib pickle platform pprint queue re secrets select shlex
shutil signal statistics string struct subprocess tempfile textwrap threading token tokenize traceback types
typing unicodedata urllib.parse warnings weakref zlib zoneinfo"""

ORDERS = 3
ANSWERS = 4
PR_SET_DUMPABLE = 4
PAGE_BYTES = 4096
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MAP_PRIVATE_ANONYMOUS = 0x22
SIG_SETMASK = 2
CLONE_VM = 0x100
MADV_POPULATE_WRITE = 23
OPENSSL_INIT_NO_ATEXIT = 0x00080000
KEEPER_CODE = bytes.fromhex(
    "89fb bf01000000 be09000000 b89d000000 0f05"  # prctl(PR_SET_PDEATHSIG, SIGKILL)
    "b86e000000 0f05 31ff 39d8 7515"  # if (getppid() != parent) goto end
    "83ceff 31d2 b8b4010000 0f05"  # close_range(0, ~0, 0)
    "b822000000 0f05 ebf7"  # for (;;) pause()
    "b83c000000 0f05"  # end: exit(0)
)
# Machine code: a call, many calls that are each told of something else, and nothing, as long as a call.
CALL = re.compile(rb"\xe8(?=(....))", re.DOTALL)
MANY_CALLS = re.compile(rb"(?:(?:\xbf|\x48\x8d\x3d)....\xe8....){1000,}", re.DOTALL)
NO_OPERATION = bytes.fromhex("0f1f440000")
# What belongs to the program, what is taken apart last, and what leaves no trace.
NOT_KEPT = ("__main__", "builtins", "sys", "sitecustomize")
UID = int(os.environ.pop("CODELAND_UID"))
GID = int(os.environ.pop("CODELAND_GID"))
del os.environ["PYTHONPATH"]
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p


def read_line(fd, pending):
    """The next line of a pipe, or None when nobody will write one; `pending` keeps what came after it."""
    while b"\n" not in pending:
        chunk = os.read(fd, 65536)
        if not chunk:
            return None
        pending += chunk
    line, _, rest = bytes(pending).partition(b"\n")
    pending[:] = rest
    return line.decode("utf-8", "surrogatepass")


def answer(fd, text):
    os.write(fd, f"{text}\n".encode())


def serve():
    """Forks a waiting process for each order, until it is in one of them. An order is the join file of a
    control group and the agent's descriptors for the process: stdout, stderr, orders, answers."""
    agent = os.getppid()
    pending = bytearray()
    answer(ANSWERS, f"ready {os.getpid()}")
    while True:
        line = read_line(ORDERS, pending)
        if line is None:
            os._exit(0)
        join_file, *fds = json.loads(line)
        child = fork()
        if child:
            os.waitpid(child, 0)
            continue
        # The agent, not this process, is to be the parent that learns of the program's end.
        spare = fork()
        if spare:
            answer(ANSWERS, f"forked {spare}")
            os._exit(0)
        become_spare(agent, join_file, fds)
        return


def fork():
    """Forks as soon as programs leave room for it."""
    while True:
        try:
            return os.fork()
        except OSError:
            time.sleep(0.1)


def become_spare(agent, join_file, fds):
    os.setsid()
    with open(join_file, "w") as file:
        file.write("0")
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    modes = (os.O_WRONLY, os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
    for target, (fd, mode) in enumerate(zip(fds, modes), start=1):
        source = os.open(f"/proc/{agent}/fd/{fd}", mode | os.O_CLOEXEC)
        os.dup2(source, target)
        os.close(source)
    os.setgroups([])
    os.setresgid(GID, GID, GID)
    os.setresuid(UID, UID, UID)
    # A process that changed its user does not own its files in /proc otherwise.
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    start_keeper()
    own_memory()


def own_memory():
    """Copies what the fork shares and is written sooner or later: a count of references is part of each value. A
    program would wait for each of those pages."""
    for start, end in mappings("rw-p"):
        libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_POPULATE_WRITE)


def mappings(access):
    """Where this process's memory of that access begins and ends; see proc(5)."""
    with open("/proc/self/maps", encoding="ascii") as maps:
        for line in maps:
            addresses, found, *_ = line.split()
            if found == access:
                start, end = addresses.split("-")
                yield int(start, 16), int(end, 16)


def load_keeper_code():
    """The address of a page with what a keeper executes, given its parent's id, as in `guest/keeper.ts`, and one of
    stack."""
    page = libc.mmap(None, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
    ctypes.memmove(page, KEEPER_CODE, len(KEEPER_CODE))
    libc.mprotect(ctypes.c_void_p(page), PAGE_BYTES, PROT_READ | PROT_EXEC)
    return page


def start_keeper():
    """Takes the end of the program's memory out of its end; see `guest/keeper.ts`."""
    every = (ctypes.c_uint64 * 16)(*[0xFFFFFFFFFFFFFFFF] * 16)
    usual = (ctypes.c_uint64 * 16)()
    libc.sigprocmask(SIG_SETMASK, every, usual)
    stack = ctypes.c_void_p(keeper_code + 2 * PAGE_BYTES)
    libc.clone(ctypes.c_void_p(keeper_code), stack, CLONE_VM, ctypes.c_void_p(os.getpid()))
    libc.sigprocmask(SIG_SETMASK, usual, None)


def wait_for_program():
    """Answers `ready`, then obeys orders, one JSON object per line, until the program comes."""
    answer(ANSWERS, f"ready {os.getpid()}")
    pending = bytearray()
    while True:
        line = read_line(ORDERS, pending)
        if line is None:
            os._exit(0)
        order = json.loads(line)
        if order["do"] == "reseed":
            random.seed()
            draws = f"{random.getrandbits(128):032x}{os.urandom(16).hex()}{uuid.uuid4().hex}"
            random.seed()
            answer(ANSWERS, f"reseeded {draws}")
            continue
        os.close(ORDERS)
        os.close(ANSWERS)
        if order["stdin"] is not None:
            source = os.open(order["stdin"], os.O_RDONLY | os.O_CLOEXEC)
            os.dup2(source, 0)
            os.close(source)
        sys.argv.extend(order["args"])
        sys.orig_argv.extend(order["args"])
        os.environ.update(order["env"])
        if "TZ" in order["env"]:
            time.tzset()
        return


def keep_loaded(modules):
    """Leaves alone what was loaded before the program came: Python takes every module apart that it can find, which
    took a hello world ten times as long as all the rest. Registered first and so called last, when nothing of the
    program but destructors is to run."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(modules))
    collections.deque(map(sys.modules.pop, modules, itertools.repeat(None)), maxlen=0)
    last = types.ModuleType("last")
    last.check = ProgramCheck(modules)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(last))
    # Modules are taken apart from the last to the first.
    rest = dict(sys.modules)
    sys.modules.clear()
    sys.modules["last"] = last
    sys.modules.update(rest)


class ProgramCheck:
    """Looks, once all modules of a program are taken apart, whether its main module is gone, and all that it had
    destroyed. When something else has part of it, as `typing` has the classes that it was asked about, Python is to end
    as it does without all this."""

    def __init__(self, modules):
        self.modules = modules
        loader = sys.modules["__main__"].__dict__.get("__loader__")
        self.is_left = weakref.ref(loader) if loader else lambda: True

    def __del__(self):
        if not self.is_left():
            return
        write_code(release)
        # What this needs is in those modules.
        clear, reference, collect = ctypes.pythonapi._PyModule_Clear, ctypes.py_object, gc.collect
        modules = [weakref.ref(module) for module in self.modules.values() if isinstance(module, types.ModuleType)]
        self.modules.clear()
        gc.unfreeze()
        # As Python does: those that nobody has are gone with what is theirs, before others are taken apart.
        collect()
        for module in reversed(modules):
            if module():
                clear(reference(module()))


def skip_release():
    """Lets Python end without giving back all that it has allocated, for a process that is about to end: it would take
    two million instructions. By then exit handlers and destructors have run and all output is flushed, or else
    `ProgramCheck` has undone this. Only what nothing but a context variable has open is not closed.

    It is `finalize_interp_clear` in Py_FinalizeEx (CPython 3.11, Python/pylifecycle.c), and `finalize_interp_delete`,
    which follows and relies on it. Their names are not in the executable: the first one calls `_Py_Deepfreeze_Fini`, which
    is thousands of like calls in a row. A Python that is made otherwise is left as it is.

    Returns what to write to make it release all again."""
    finalize = ctypes.cast(ctypes.pythonapi.Py_FinalizeEx, ctypes.c_void_p).value
    base, end = next((start, end) for start, end in mappings("r-xp") if start <= finalize < end)
    code = ctypes.string_at(base, end - base)

    def calls(begin, size):
        for match in CALL.finditer(code, begin, begin + size):
            function = match.end() + 4 + int.from_bytes(match[1], "little", signed=True)
            # Any byte may look like the first one of a call.
            if 0 <= function < len(code):
                yield match.start(), function

    resets = [match.start() for match in MANY_CALLS.finditer(code)]
    sites = [*calls(finalize - base, 1024)]
    found = [
        index
        for index, (_, function) in enumerate(sites)
        if any(0 <= reset - callee < 16 for _, callee in calls(function, 4096) for reset in resets)
    ]
    if len(found) != 1:
        return []
    skipped = [site for site, _ in sites[found[0] : found[0] + 2]]
    write_code([(base + site, NO_OPERATION) for site in skipped])
    return [(base + site, code[site : site + len(NO_OPERATION)]) for site in skipped]


def write_code(pieces):
    """Changes what this process executes: at each address, these bytes."""
    memory = os.open("/proc/self/mem", os.O_WRONLY | os.O_CLOEXEC)
    for address, piece in pieces:
        os.pwrite(memory, piece, address)
    os.close(memory)


def freeze():
    """Keeps the garbage collector off what is loaded now, whose memory the forks share. Not off the main module:
    what is left in it at a program's end is found by the collector, for its destructors to run."""
    main = sys.modules["__main__"]
    own = [ctypes.py_object(value) for value in (main, main.__dict__) if gc.is_tracked(value)]
    for value in own:
        ctypes.pythonapi.PyObject_GC_UnTrack(value)
    gc.freeze()
    for value in own:
        ctypes.pythonapi.PyObject_GC_Track(value)


kept = {}
try:
    # Before OpenSSL starts: it would clean up at the end of a program, which takes longer than a hello world.
    ctypes.CDLL("libcrypto.so.3").OPENSSL_init_crypto(ctypes.c_uint64(OPENSSL_INIT_NO_ATEXIT), None)
    atexit.register(keep_loaded, kept)
    for module in PRELOADED.split():
        importlib.import_module(module)
    kept.update({name: module for name, module in sys.modules.items() if name not in NOT_KEPT})
    release = skip_release()
    keeper_code = load_keeper_code()
    gc.collect()
    freeze()
    serve()
    wait_for_program()
except BaseException:
    # Python would take no notice and run whatever program is there, perhaps as root.
    os._exit(1)
here = os.path.dirname(__file__)
sys.path[:] = [path for path in sys.path if path != here]
sys.path_importer_cache.pop(here, None)
# Python then takes this module for one that does not exist, which is silent and leaves no trace of it.
raise ImportError(name="sitecustomize")
