"""The demo's project as a folder of the user's own."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from ..errors import InvalidInput

SHIPPED = Path(__file__).parent / "project"
MARK = ".segue-demo"  # names the files that the demo wrote, with their hashes
STORE = "crm.db"
MAIL = "outbox"
_MADE = (STORE, f"{STORE}-wal", f"{STORE}-shm", f"{STORE}.worker", MAIL, MARK)


def make_project(folder: Path) -> Path:
    """Write the demo's project into `folder`, which is made if need be, and give it back.

    A demo that stands there already is made anew: its store and its mails go. Raises InvalidInput for a folder that
    holds anything else, and for a demo whose files somebody has changed: their work is not ours to throw away."""
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is a file", "name a folder for the demo")
    _check_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _MADE:
        _remove(folder / name)
    shipped = _files(SHIPPED)
    for name in shipped:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SHIPPED / name, folder / name)
    lines = "".join(f"{hashed}  {name}\n" for name, hashed in shipped.items())
    (folder / MARK).write_text(lines, encoding="utf-8")
    return folder


def _check_ours(folder: Path) -> None:
    """Whether all that is in the folder was put there by a demo, and is as the demo left it."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / MARK).is_file():
        raise InvalidInput(f"{folder} holds something that is no demo of ours", "name another folder for it")
    lines = (folder / MARK).read_text(encoding="utf-8").splitlines()
    known = {name: hashed for hashed, _, name in (line.partition("  ") for line in lines)}
    for name, hashed in _files(folder).items():
        if known.get(name) != hashed:
            said = "was changed" if name in known else "was added"
            hint = f"name another folder for a new demo, or remove {folder}"
            raise InvalidInput(f"{folder / name} {said} since the demo made its folder", hint)


def _files(folder: Path) -> dict[str, str]:
    """Hashes of the files of a project by name, without what the demo itself makes."""
    found = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    ours = [path for path in found if path.parts[0] not in _MADE and "__pycache__" not in path.parts]
    return {path.as_posix(): sha256((folder / path).read_bytes()).hexdigest() for path in ours}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
