import abc
import contextlib
import enum
import inspect
import traceback
from typing import Generic, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")


class Level(enum.IntEnum):
    LOW = enum.auto()
    HIGH = enum.auto()


class Access(enum.Flag):
    READ = 1
    WRITE = 2


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


class Plugin(abc.ABC):
    known: dict = {}

    def __init_subclass__(cls, *, level=Level.LOW, **kwargs):
        super().__init_subclass__(**kwargs)
        Plugin.known[cls.__name__.lower()] = (level, cls)

    @abc.abstractmethod
    def act(self, text): ...

    @property
    def doc(self):
        return inspect.getdoc(self) or "nothing"


class Shout(Plugin, level=Level.HIGH):
    """Makes it loud."""

    def act(self, text):
        return text.upper() + "!"

    def close(self):
        self.closed = True


class Twice(Plugin):
    __slots__ = ("times",)

    def act(self, text):
        return " ".join([text] * 2)


class Typed(Generic[T]):
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name, None)

    def __set__(self, instance, value):
        if not isinstance(value, int):
            raise TypeError(f"{self.name[1:]} wants int, not {type(value).__name__}")
        setattr(instance, self.name, value)


class Box:
    width = Typed()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        print("leaving with", kind and kind.__name__, len(traceback.extract_tb(trace)))
        return kind is TypeError


for name, (level, cls) in sorted(Plugin.known.items(), key=lambda item: -item[1][0]):
    plugin = cls()
    print(level.name, name, plugin.act("hey"), plugin.doc, isinstance(plugin, Closes))
with contextlib.suppress(TypeError):
    Plugin()
with Box() as box:
    box.width = 4
    box.width = "wide"
print(box.width, Access.READ | Access.WRITE, Access.READ in Access(3), inspect.signature(Shout.act))
with contextlib.ExitStack() as stack:
    for part in "xyz":
        stack.callback(print, "undo", part)
