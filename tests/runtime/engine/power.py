"""A disk that loses its power: what a process did to its files, as strace tells it, and what is left of that when the
power goes after any of its calls.

What was synced is there. Of what was not, each write may be there, in part, or not at all, and each name may be there
or not; a file that was moved is never without a name.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

_CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,mkdir,rename,unlink"
_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (?!-1)\S+")
_TEXT = re.compile(r'"([^"]*)"')
_FILE = re.compile(r"\d+<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """`data` and `at` of a write; `at` is the size of a truncation; `to` the new name of a file that was moved."""

    what: str
    path: str
    data: bytes = b""
    at: int = 0
    to: str = ""


def traced(folder: Path, log: Path, command: Sequence[str]) -> list[Call]:
    """Run a command; what it did to the files in `folder`, but for those that no other process would miss."""
    trace = ["strace", "-f", "-y", "-xx", "-s", "10000000", "--seccomp-bpf", "-o", str(log), "-e", f"trace={_CALLS}"]
    subprocess.run([*trace, *command], check=True, timeout=120)
    found = [call for line in log.read_text().splitlines() for call in _read(line)]
    inside = [call for call in found if call.path == str(folder) or call.path.startswith(f"{folder}/")]
    return [call for call in inside if not call.path.endswith((".worker", "-shm"))]


def _read(line: str) -> Iterator[Call]:
    if (found := _LINE.fullmatch(line.strip())) is None:
        return
    what, given = found.groups()
    texts = [_plain(text) for text in _TEXT.findall(given)]
    file = _FILE.match(given)
    path = _plain(file.group(1)).decode() if file else ""
    match what:
        case "pwrite64":
            yield Call("write", path, texts[0], int(given.rpartition(", ")[2]))
        case "write":
            yield Call("append", path, texts[0])
        case "ftruncate":
            yield Call("truncate", path, at=int(given.rpartition(", ")[2]))
        case "fsync" | "fdatasync":
            yield Call("sync", path)
        case "openat" if "O_CREAT" in given:
            yield Call("create", texts[0].decode(), at="O_TRUNC" in given)
        case "mkdir" | "unlink":
            yield Call(what, texts[0].decode())
        case "rename":
            yield Call("rename", texts[0].decode(), to=texts[1].decode())


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _Inode:
    """A file or folder (`names`): what is surely on disk, and what was done since, not synced."""

    kept: bytearray = field(default_factory=bytearray)
    names: dict[str, _Inode] | None = None
    size: int = 0  # of the file as its process sees it
    open: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to that size
    named: list[tuple[str, _Inode | None, str]] = field(default_factory=list)  # None: gone; with it the other name


class Disk:
    """Begins with the files of a folder, all of them synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._now: dict[str, _Inode] = {str(folder): _Inode(names={})}
        for path in sorted(folder.rglob("*")):
            made = _Inode(names={}) if path.is_dir() else _Inode(bytearray(path.read_bytes()), size=path.stat().st_size)
            self._now[str(path)] = made
            names = self._now[str(path.parent)].names
            assert names is not None
            names[path.name] = made

    def play(self, calls: Sequence[Call]) -> None:
        for call in calls:
            self._play(call)

    def _play(self, call: Call) -> None:
        inode = self._now.get(call.path)
        match call.what:
            case "create" if inode is None:
                self._name(call.path, _Inode())
            case "mkdir":
                self._name(call.path, _Inode(names={}))
            case "unlink":
                self._name(call.path, None)
            case "rename":
                moved = self._now[call.path]
                self._name(call.to, moved)
                self._name(call.path, None, call.to)
            case _ if inode is None:
                return  # a file without a name
            case "create" if call.at:
                inode.open.append((0, None))
                inode.size = 0
            case "write":
                inode.open.append((call.at, call.data))
                inode.size = max(inode.size, call.at + len(call.data))
            case "append":
                inode.open.append((inode.size, call.data))
                inode.size += len(call.data)
            case "truncate":
                inode.open.append((call.at, None))
                inode.size = call.at
            case "sync":
                _sync(inode)

    def _name(self, path: str, inode: _Inode | None, other: str = "") -> None:
        folder, _, name = path.rpartition("/")
        self._now[folder].named.append((name, inode, other))
        if inode is None:
            del self._now[path]
        else:
            self._now[path] = inode

    def lose_power(self, into: Path, rng: Random, loss: float) -> None:
        """Write what is left into a new folder: each thing not synced is lost with the chance `loss`."""
        _write(self._now[str(self.folder)], into, rng, loss)


def _sync(inode: _Inode) -> None:
    for at, data in inode.open:
        _apply(inode.kept, at, data)
    inode.open.clear()
    if inode.names is not None:
        for name, named, _ in inode.named:
            _point(inode.names, name, named)
        inode.named.clear()


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
        return
    content.extend(bytes(max(at - len(content), 0)))
    content[at : at + len(data)] = data


def _point(names: dict[str, _Inode], name: str, inode: _Inode | None) -> None:
    if inode is None:
        names.pop(name, None)
    else:
        names[name] = inode


def _write(folder: _Inode, into: Path, rng: Random, loss: float) -> None:
    into.mkdir(exist_ok=True)
    assert folder.names is not None
    names = dict(folder.names)
    for name, inode, other in folder.named:
        moved = other and not (into.parent / Path(other).parent.name / Path(other).name).exists()
        if rng.random() >= loss and not moved:
            _point(names, name, inode)
    # `new` before `tmp`: whether a file has its new name is known before it may lose the old one.
    for name, inode in sorted(names.items()):
        if inode.names is not None:
            _write(inode, into / name, rng, loss)
            continue
        content = bytearray(inode.kept)
        for at, data in inode.open:
            if rng.random() >= loss:
                torn = data if data is None or rng.random() < 0.7 else data[: rng.randrange(len(data) + 1)]
                _apply(content, at, torn)
        (into / name).write_bytes(content)
