"""The project `segue init` makes: the files beside this one."""

from __future__ import annotations

import re
from pathlib import Path

from runtime.errors import InvalidInput

_FILES = Path(__file__).parent / "files"
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")


def make_project(folder: Path, part: str = "") -> list[Path]:
    """Copy the files into `folder`, or `part` of the rule library; the paths made. Raises InvalidInput where one of
    them is there already, or there is no such part."""
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is no folder")
    texts = _from_library(part, _name(folder)) if part else _first_steps(_name(folder))
    if there := [str(folder / path) for path in texts if (folder / path).exists()]:
        raise InvalidInput(
            f"there is a project already: {', '.join(there)}", "name another folder: `segue init FOLDER`"
        )
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return [folder / path for path in texts]


def _first_steps(name: str) -> dict[Path, str]:
    """The files beside this one."""
    found = (path.relative_to(_FILES) for path in sorted(_FILES.rglob("*")) if path.is_file())
    return {_target(path): (_FILES / path).read_text("utf-8").replace("$NAME", name) for path in found}


def _from_library(part: str, name: str) -> dict[Path, str]:
    from .library import copied  # reads rules: more than a first start needs

    texts = {Path(path): text for path, text in copied(part, name).items()}
    ignored = Path("gitignore")
    return {_target(ignored): (_FILES / ignored).read_text("utf-8")} | texts


def _target(path: Path) -> Path:
    """`gitignore` goes by its real name only where it is to work."""
    return path.with_name(".gitignore") if path.name == "gitignore" else path


def _name(folder: Path) -> str:
    name = folder.resolve().name.lower().replace("_", "-").replace(" ", "-")
    return name if _NAME.match(name) else "my-project"
