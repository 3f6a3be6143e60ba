"""Coverage-guided fuzzing of the parser, the checker, the formatter and the readers of both YAML files, by atheris.

    timeout 600 python -m tests.fuzz.fuzz_segue FOLDER

FOLDER holds the corpus between runs and is filled with the cases of `tests/cases` at first; a text that breaks
something is left beside it as `FOLDER-crash-..` (an exception) or `FOLDER-timeout-..` (longer than ten seconds).
Options of libFuzzer may follow.
The first byte of an input says what the rest is: a rule file, schema.yaml or segue.yaml.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dsl", "grammar"]):
    from dsl.syntax.machine import machine

    from .judged import CASES, RULES, SCHEMA, SETTINGS, judge

_PLACES = (RULES, SCHEMA, SETTINGS, *(RULES,) * 13)  # YAML is slow to read, and the smaller half


def answer(content: bytes) -> None:
    """One input. What is no UTF-8 stays in a rule file, as it does when it is read from a disk."""
    place = _PLACES[content[0] % len(_PLACES)] if content else RULES
    text = content[1:].decode("utf-8", "surrogateescape" if place == RULES else "replace")
    judge(text, place)


def seed(folder: Path) -> None:
    """The cases as first inputs."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in CASES.rglob("*"):
        if path.suffix in (".segue", ".yaml"):
            place = 0 if path.suffix == ".segue" else 1 if path.name.endswith("schema.yaml") else 2
            name = path.relative_to(CASES).as_posix().replace("/", "-")
            (folder / name).write_bytes(bytes([place]) + path.read_bytes())


def dictionary(folder: Path) -> Path:
    """The words of the language for libFuzzer to put in."""
    path = folder.with_suffix(".dict")
    path.write_text("".join(f'"{word} "\n' for word in sorted(machine(None).lexer.words)), encoding="utf-8")
    return path


def main() -> None:
    folder, *options = sys.argv[1:] or ["fuzz-corpus"]
    seed(Path(folder))
    words = f"-dict={dictionary(Path(folder))}"
    limits = ("-timeout=10", "-max_len=3000", "-len_control=0")
    atheris.Setup([sys.argv[0], *limits, words, f"-artifact_prefix={folder}-", *options, folder], answer)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
