"""Files that are no text, too deep, too large when unfolded, or no files at all: every verb answers in words."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from .conftest import Segue

RULES, SCHEMA, SETTINGS = "b.segue", "schema.yaml", "segue.yaml"
VERBS = (("check",), ("check", "--format", "full"), ("fmt", "--check"), ("test",), ("explain", "segment", "a"))
_LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True))


def _write(name: str, content: str | bytes) -> Callable[[Path], None]:
    return lambda root: _put(root / name, content if isinstance(content, bytes) else content.encode())


def _put(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _pipe(name: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        os.mkfifo(root / name)

    return make


def _link(name: str, to: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(to)

    return make


def _folder(name: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).mkdir()

    return make


NOISE = Random(1).randbytes(3000)
# What is put into a project, and what `segue check` answers: its exit code and some of its words.
BAD: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "any bytes": (_write(RULES, NOISE), 1, "not-utf8"),
    "zeros": (_write(RULES, b"segment b of contact { \0\0 }"), 1, "U+0000"),
    "utf-16": (_write(RULES, "segment b of contact { vip }".encode("utf-16")), 1, "not-utf8"),
    "parentheses": (_write(RULES, "segment b of contact { " + "(" * 10_000), 1, "nested-too-deeply"),
    "blocks": (_write(RULES, "workflow b of contact { " + "if x { " * 10_000), 1, "nested-too-deeply"),
    "any bytes in YAML": (_write(SCHEMA, NOISE), 2, "is not UTF-8"),
    "YAML lists": (_write(SCHEMA, "objects: " + "[" * 10_000), 1, "yaml"),
    "YAML mappings": (_write(SCHEMA, "objects: " + "{a: " * 10_000 + "1" + "}" * 10_000), 1, "yaml"),
    "YAML blocks": (_write(SCHEMA, "".join(f"{' ' * n}a:\n" for n in range(1_000))), 1, "yaml"),
    "YAML dashes": (_write(SETTINGS, "name: " + "- " * 10_000 + "a"), 1, "yaml"),
    "YAML aliases": (_write(SCHEMA, _LAUGHS), 1, "yaml-alias"),
    "a folder for YAML": (_folder(SCHEMA), 2, "schema.yaml is a folder"),
    "a link to nowhere": (_link(RULES, "nowhere.segue"), 2, "b.segue cannot be read"),
    "a link to itself": (_link(RULES, RULES), 2, "b.segue cannot be read"),
    "a pipe": (_pipe(RULES), 2, "b.segue is no regular file"),
    "a pipe for YAML": (_pipe(SCHEMA), 2, "schema.yaml is no regular file"),
    "folders in a circle": (_link("inner", "."), 0, "no problems"),
    "nothing in a file": (_write(RULES, b""), 0, "no problems"),
}


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("name", BAD)
def test_every_verb_answers(
    segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, verb: tuple[str, ...]
) -> None:
    (tmp_path / SETTINGS).write_text("name: x\n")
    (tmp_path / SCHEMA).write_text("extends: standard\n")
    (tmp_path / "a.segue").write_text("segment a of contact { email is known }\n")
    spoil, code, words = BAD[name]
    spoil(tmp_path)
    monkeypatch.chdir(tmp_path)
    told = segue(*verb)
    assert told.code in (0, 1, 2)
    if verb == ("check",):
        assert (told.code, words in told.out + told.err) == (code, True), told.out + told.err
