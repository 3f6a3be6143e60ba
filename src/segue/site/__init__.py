"""The documentation as a static site: `docs/` with the pages that are made, built by zensical."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import InvalidInput, SegueError

ROOT = Path(__file__).parents[3]
SETTINGS = "zensical.toml"
_SOURCES = (ROOT / "src", ROOT)
_OURS = "search.json"  # stands in a site and in no other folder


class SiteError(SegueError):
    """zensical found something wrong; `str()` has what it said."""


def build(out: Path) -> int:
    """Write the site into `out`, in place of an older one; the number of its pages.

    Raises InvalidInput where the documentation or zensical is not there, or `out` holds something else, and SiteError
    for a dead link. Then `out` is as it was."""
    _possible(out)
    with tempfile.TemporaryDirectory(prefix="segue-docs-") as folder:
        stage = Path(folder)
        prepare(stage)
        _built(stage)
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(stage / "site", out)
    return sum(1 for _ in out.rglob("*.html")) - 1  # the page for what is not there


def prepare(stage: Path) -> None:
    """Put into `stage` what the site is built from, with all that is made made anew."""
    from ..reference import made_pages

    shutil.copytree(ROOT / "docs", stage / "docs")
    shutil.copy(ROOT / SETTINGS, stage)
    for name, text in made_pages().items():
        (stage / "docs" / name).parent.mkdir(exist_ok=True)
        (stage / "docs" / name).write_text(text, "utf-8")


def _possible(out: Path) -> None:
    if not (ROOT / SETTINGS).is_file() or not (ROOT / "docs").is_dir():
        raise InvalidInput(
            "the documentation is not here: an installed Segue brings none",
            "clone Segue and run `./segue docs` there",
        )
    if find_spec("zensical") is None:
        raise InvalidInput("zensical, which builds the site, is not installed", "run `./segue docs` of the clone")
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / _OURS).is_file())):
        raise InvalidInput(f"{out} holds something else than an older site", "name another folder: `--out DIR`")


def _built(stage: Path) -> None:
    """In a process of its own, whose folder is the stage: zensical keeps what it learns where it stands."""
    command = [sys.executable, "-m", f"{__name__}.building"]
    done = subprocess.run(command, cwd=stage, capture_output=True, text=True, env=_surroundings())
    if done.returncode != 0 or not (stage / "site" / "index.html").is_file():
        raise SiteError(f"the site could not be built:\n{(done.stdout + done.stderr).strip()}", "put that right")


def _surroundings() -> dict[str, str]:
    """The sources are found from any folder; no colours in what is told."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, _SOURCES)), "NO_COLOR": "1"}
