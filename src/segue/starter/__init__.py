"""The project `segue init` makes: the files beside this one."""

from __future__ import annotations

import re
from pathlib import Path

from runtime.errors import InvalidInput

_FILES = Path(__file__).parent / "files"
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")


def make_project(folder: Path) -> list[Path]:
    """Copy the files into `folder`; the paths made. Raises InvalidInput where one of them is there already."""
    wanted = [path.relative_to(_FILES) for path in sorted(_FILES.rglob("*")) if path.is_file()]
    if there := [str(folder / _target(path)) for path in wanted if (folder / _target(path)).exists()]:
        raise InvalidInput(
            f"there is a project already: {', '.join(there)}", "name another folder: `segue init FOLDER`"
        )
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is no folder")
    made = []
    for path in wanted:
        target = folder / _target(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((_FILES / path).read_text("utf-8").replace("$NAME", _name(folder)), "utf-8")
        made.append(target)
    return made


def _target(path: Path) -> Path:
    """`gitignore` goes by its real name only where it is to work."""
    return path.with_name(".gitignore") if path.name == "gitignore" else path


def _name(folder: Path) -> str:
    name = folder.resolve().name.lower().replace("_", "-").replace(" ", "-")
    return name if _NAME.match(name) else "my-project"
