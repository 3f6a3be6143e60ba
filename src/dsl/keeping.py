"""Values of the language as bytes and back, for what is kept between runs.

Reading makes nothing but values of the language's own classes: a file that somebody else wrote can be wrong, and can
do nothing.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from io import BytesIO
from typing import Any

_PLAIN = {("decimal", "Decimal"), ("builtins", "frozenset"), ("builtins", "set")}


class Unreadable(Exception):  # noqa: N818 - named for what is the matter
    """These bytes are none that `packed` wrote."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = _KNOWN.get((module, name))
        if found is None:
            found = super().find_class(module, name) if _may_be(module, name) else None
            if not isinstance(found, type) or not _is_value(module, found):
                raise Unreadable(f"{module}.{name} is no value")
            _KNOWN[module, name] = found
        return found


_KNOWN: dict[tuple[str, str], type] = {}  # what was looked up before: there is one reader for each file of a project


def _may_be(module: str, name: str) -> bool:
    return (module, name) in _PLAIN or module.startswith("dsl.")


def _is_value(module: str, found: type) -> bool:
    return not module.startswith("dsl.") or is_dataclass(found) or issubclass(found, Enum | tuple)


class _Ways(dict[type, Callable[[Any], Any]]):
    """How each class is written: dataclasses as a call with their fields, which is far quicker than Python's own way
    for those that are frozen and have slots."""

    def __missing__(self, cls: type) -> Callable[[Any], Any]:
        if issubclass(cls, Enum):
            return self.setdefault(cls, lambda value: (cls, (value.value,)))
        if not is_dataclass(cls):
            raise KeyError(cls)
        names = [field.name for field in fields(cls) if field.init]
        reads = ", ".join(f"value.{name}" for name in names)
        way: Callable[[Any], Any] = eval(f"lambda value: (cls, ({reads}{',' if names else ''}))", {"cls": cls})
        self[cls] = way
        return way


_WAYS = _Ways()


def packed(value: object) -> bytes:
    """Values of Python and of the language's dataclasses as bytes."""
    written = BytesIO()
    writer = pickle.Pickler(written, protocol=5)
    writer.dispatch_table = _WAYS
    writer.dump(value)
    return written.getvalue()


def unpacked(content: bytes) -> Any:
    """What `packed` wrote. Raises Unreadable."""
    collecting = gc.isenabled()
    gc.disable()  # it would look through all that is made again and again
    try:
        return _Reader(BytesIO(content)).load()
    except Unreadable:
        raise
    except Exception as error:  # a pickle that was cut short or made up raises whatever it comes upon
        raise Unreadable(str(error)) from None
    finally:
        if collecting:
            gc.enable()
