"""The TextMate grammar of Segue, made of the same words as everything else: `python editors/textmate.py` writes it.

It colours by words and shapes before the language server has answered, and where there is none."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from dsl.syntax.highlighting import highlighting

FILE = Path(__file__).parent / "vscode" / "syntaxes" / "segue.tmLanguage.json"
_BEFORE, _AFTER = r"(?<![\p{L}\p{N}_.])", r"(?![\p{L}\p{N}_])"
_NAME = r"[\p{L}_][\p{L}\p{M}\p{N}_]*"


def grammar() -> dict[str, object]:
    """As Visual Studio Code reads it; Oniguruma's regular expressions."""
    h = highlighting()
    declared = rf"{_BEFORE}({'|'.join(sorted(h.declarations))})\s+({_NAME})"
    patterns: list[dict[str, object]] = [
        {"name": "comment.line.number-sign.segue", "match": "#.*$"},
        _text('"""', '"""', "block"),
        _text('"', r'"|$', "double", {"name": "constant.character.escape.segue", "match": r'\\["\\n]'}),
        *_numbers(h.numbers),
        {
            "match": declared,
            "captures": {
                "1": {"name": "storage.type.segue"},
                "2": {"name": "entity.name.type.segue"},
            },
        },
        {"name": "support.type.property-name.segue", "match": _either(h.settings, r"(?=\s*[:：])")},
        {"name": "storage.type.segue", "match": _either(h.declarations)},
        {"name": "keyword.control.segue", "match": _either(h.statements)},
        {"name": "keyword.operator.word.segue", "match": _either(h.operators)},
        {"name": "support.function.segue", "match": _either(h.functions, r"(?=\s*\()")},
        {"name": "constant.language.segue", "match": _either(h.constants)},
        {"name": "keyword.other.segue", "match": _either(h.others)},
        {"name": "keyword.operator.segue", "match": r"->|\.\.|==|!=|<=|>=|[=<>+-]"},
    ]
    return {
        "name": "Segue",
        "scopeName": "source.segue",
        "fileTypes": ["segue"],
        "patterns": patterns,
    }


def _numbers(shapes: Iterable[str]) -> list[dict[str, object]]:
    return [{"name": "constant.numeric.segue", "match": r"(?<![\p{L}\p{N}_])" + shape} for shape in shapes]


def _either(words: Collection[str], after: str = "") -> str:
    return f"{_BEFORE}(?:{'|'.join(sorted(words))}){_AFTER}{after}"


def _text(begin: str, end: str, kind: str, *inside: dict[str, object]) -> dict[str, object]:
    field = {"name": "variable.other.merge-field.segue", "match": r"\{\{.*?\}\}"}
    return {"name": f"string.quoted.{kind}.segue", "begin": begin, "end": end, "patterns": [field, *inside]}


def written() -> str:
    """The file as it is committed."""
    return json.dumps(grammar(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
