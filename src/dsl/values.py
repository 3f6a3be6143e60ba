"""`dataclass(frozen=True, slots=True)` as the standard library has it, made and filled in less than half the time.

The language is hundreds of small classes, and a project checked is millions of their values: see decision 0014.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """What cannot change has slots and is one of ours; all else is as ever."""
        return _made if frozen and slots else dataclasses.dataclass(frozen=frozen, slots=slots)

    def replace(value: Any, /, **changes: Any) -> Any:
        """The same with other fields."""
        cls = value.__class__
        if cls not in _FIELDS:
            return dataclasses.replace(value, **changes)
        names, read = _FIELDS[cls]
        return cls(**(dict(zip(names, read(value), strict=True)) | changes))


_Read = Callable[[Any], tuple[Any, ...]]
_FIELDS: dict[type, tuple[tuple[str, ...], _Read]] = {}  # of our classes, for `replace`
_NOT_TAKEN_OVER = ("__dict__", "__weakref__")


def _made(written: type) -> type:
    """Two classes of the same layout: a draft whose fields can be set, which is quick, and the value it turns into."""
    written.__doc__ = written.__doc__ or written.__name__  # else the next line works out a signature for it
    dataclasses.dataclass(init=False, repr=False, eq=False)(written)
    every = dataclasses.fields(written)
    names = tuple(field.name for field in every)
    draft = type(written.__name__, (), {"__slots__": names, "__module__": written.__module__})
    bases = draft, *(base for base in written.__bases__ if base is not object)  # Generic
    body = {name: one for name, one in vars(written).items() if name not in names and name not in _NOT_TAKEN_OVER}
    read = _reader(names)
    own = _behaviour(names, read, _reader(tuple(field.name for field in every if field.compare)))
    made = type(written.__name__, bases, {**own, **body, "__slots__": (), "__qualname__": written.__qualname__})
    made.__new__ = _first(draft)  # type: ignore[method-assign]  # set, not overridden: it is of this class
    _FIELDS[made] = names, read
    return made


def _reader(names: tuple[str, ...]) -> _Read:
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda value: (getattr(value, names[0]),)) if names else lambda value: ()


def _behaviour(names: tuple[str, ...], read: _Read, compared: _Read) -> dict[str, Any]:
    def equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def shown(self: Any) -> str:
        fields = (f"{name}={one!r}" for name, one in zip(names, read(self), strict=True))
        return f"{type(self).__qualname__}({', '.join(fields)})"

    def taken_apart(self: Any) -> tuple[type, tuple[Any, ...]]:
        return type(self), read(self)

    return {
        "__eq__": equal,
        "__hash__": lambda self: hash(compared(self)),
        "__repr__": shown,
        "__reduce__": taken_apart,
        "__setattr__": _not_set,
        "__delattr__": _not_deleted,
    }


def _not_set(value: Any, name: str, new: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(value: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _first(draft: type) -> Callable[..., Any]:
    """Most classes are never used in a run: the function that fills one is compiled for its first value."""

    def filled(cls: Any, *given: Any, **named: Any) -> Any:
        cls.__new__ = _filling(cls, draft)
        return cls(*given, **named)

    return filled


def _filling(made: Any, draft: type) -> Any:
    """The names between the lines are none that a field can have."""
    known: dict[str, Any] = {"new__": object.__new__, "draft__": draft, "made__": made}
    known["missing__"] = dataclasses.MISSING
    parameters, lines = [], []
    for field in dataclasses.fields(made):
        name, given = field.name, field.name
        if field.default is not dataclasses.MISSING:
            known[f"{name}__"], name = field.default, f"{name}={name}__"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"{name}__"], name = field.default_factory, f"{name}=missing__"
            given = f"{given}__() if {given} is missing__ else {given}"
        parameters.append(name)
        lines.append(f"value__.{field.name} = {given}")
    head = f"def __new__(cls__, {', '.join(parameters)}):\n value__ = new__(draft__)\n "
    exec(head + "\n ".join([*lines, "value__.__class__ = made__", "return value__"]), known)
    return known["__new__"]
