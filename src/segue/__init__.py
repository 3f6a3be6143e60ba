"""Segue: segments, sequences and workflows over a CRM, declared in text and run by a machine.

The public Python API. Names are imported when they are first used, so that `import segue` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dsl.compile import Compiled, compile_project
    from dsl.source import Source
    from runtime.channels.maildir import MaildirChannel
    from runtime.channels.memory import MemoryChannel
    from runtime.engine.tick import Engine
    from runtime.errors import SegueError
    from runtime.project.layout import find_root
    from runtime.project.loading import Loaded, load, open_store
    from runtime.store.store import Store

__version__ = "0.1.0"

_WHERE = {
    "Compiled": "dsl.compile",
    "Engine": "runtime.engine.tick",
    "Loaded": "runtime.project.loading",
    "MaildirChannel": "runtime.channels.maildir",
    "MemoryChannel": "runtime.channels.memory",
    "SegueError": "runtime.errors",
    "Source": "dsl.source",
    "Store": "runtime.store.store",
    "compile_project": "dsl.compile",
    "find_root": "runtime.project.layout",
    "load": "runtime.project.loading",
    "open_store": "runtime.project.loading",
}

__all__ = [
    "Compiled",
    "Engine",
    "Loaded",
    "MaildirChannel",
    "MemoryChannel",
    "SegueError",
    "Source",
    "Store",
    "__version__",
    "compile_project",
    "find_root",
    "load",
    "open_store",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"segue has no `{name}`")
    return getattr(import_module(_WHERE[name]), name)
