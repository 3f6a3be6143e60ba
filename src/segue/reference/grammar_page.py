"""The grammar by construct, from `grammar/segue.lark`."""

from __future__ import annotations

import re
from importlib import resources

from .markdown import code, fenced, table
from .markdown import page as joined

_TITLES = {
    "declarations": "Declarations",
    "settings": "Settings",
    "statements": "Statements",
    "tests": "Rule tests",
    "conditions": "Conditions",
    "values": "Values",
}
_WORD = re.compile(r'^([A-Z_]+): "(\w+|\W+)"$', re.MULTILINE)
_PATTERN = re.compile(r"^([A-Z_]+): /(.+)/(?:\s+//.*)?$", re.MULTILINE)
_PARTS = re.compile(r"^// --- (\w+).*$", re.MULTILINE)
# Read by a pattern, written by people as these words.
_SPOKEN = {"AT_LEAST": '"at least"', "AT_MOST": '"at most"'}
_MEANT = {
    "COMMENT": "`# to the end of the line`",
    "TEXT": '`"one line"`, `"""several lines"""`',
    "DATETIME": "`2026-03-02 09:00`",
    "DATE": "`2026-03-02`",
    "CLOCK_RANGE": "`09:00-17:00`",
    "CLOCK": "`09:00`",
    "DURATION": "`30 minutes`, `3 business days`, `1 year`",
    "MONEY": "`100 USD`",
    "PERCENT": "`20%`",
    "NUMBER": "`3`, `1_000`, `12.5`",
    "ZONE": "`Asia/Tokyo`",
    "NAME": "`warm_leads`, `休眠顧客`",
}


def page() -> str:
    text = resources.files("grammar").joinpath("segue.lark").read_text("utf-8")
    head, *parts = _PARTS.split(text)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    words = {**{name: f'"{word}"' for name, word in _WORD.findall(text)}, **_SPOKEN}
    start = [fenced("text", _readable(rule, words)) for rule in _rules(head) if rule.startswith("file:")]
    shown = [part for name, title in _TITLES.items() for part in _section(title, sections[name], words)]
    return joined(
        "# The grammar",
        '`"word"` stands as it is, `CAPITALS` are [written values](#what-a-value-looks-like), `[ ]` may be left out, '
        "`|` is or, `*` and `+` repeat. Line breaks and spaces separate words and mean nothing else. What the parts "
        "mean is told in [the language](../language.md).",
        "## A file",
        *start,
        *shown,
        "## What a value looks like",
        table(("name", "written"), [(code(name), words) for name, words in _values(text)]),
        "## Words",
        "Taken everywhere, a name only after a dot or as a value:",
        _listed(_reserved(text)),
        "Words of the language where one is due, names elsewhere:",
        _listed(sorted(set(_keywords(text)) - set(_reserved(text)))),
    )


def _section(title: str, text: str, words: dict[str, str]) -> list[str]:
    """A heading and one block a rule, each under a heading of its own so that it can be linked to."""
    parts = [f"## {title}"]
    for rule in _rules(text):
        parts += [f"### {rule.partition(':')[0].strip('_').replace('_', ' ')}", fenced("text", _readable(rule, words))]
    return parts


def _rules(text: str) -> list[str]:
    """The rules of a part of the grammar, each with the lines that continue it."""
    plain = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return [
        rule.strip() for rule in re.split(r"^(?=_?[a-z]\w*:)", plain, flags=re.MULTILINE) if re.match(r"_?[a-z]", rule)
    ]


def _readable(rule: str, words: dict[str, str]) -> str:
    """With words for the names of tokens, and without what stands for mistakes."""
    spoken = re.sub(r"\b[A-Z][A-Z_]+\b", lambda found: words.get(found[0], found[0]), rule)
    spoken = re.sub(r"\((\w+) \| bad\)|\(([^()]*) \| bad\)", lambda found: found[1] or f"({found[2]})", spoken)
    spoken = re.sub(r"\s*\| bad\b", "", spoken).replace('("=" | "==")', '"="')  # `==` is a finding
    return re.sub(r"\b_(?=[a-z])", "", spoken)


def _values(text: str) -> list[tuple[str, str]]:
    return [(name, _MEANT[name]) for name, _ in _PATTERN.findall(text) if name in _MEANT]


def _reserved(text: str) -> list[str]:
    taken = text.partition("// Reserved everywhere")[2].partition("// Keywords")[0]
    return [word for _, word in _WORD.findall(taken)]


def _keywords(text: str) -> list[str]:
    return [word for _, word in _WORD.findall(text) if word[0].isalpha()]


def _listed(words: list[str]) -> str:
    return ", ".join(code(word) for word in words)
