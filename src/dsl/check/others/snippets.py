"""Snippets: a text that a rep calls up by its shortcut (P6)."""

from __future__ import annotations

import re
from typing import cast

from ...diagnostics.diagnostic import FixKind
from ...diagnostics.suggest import perhaps
from ...program.others import Snippet
from ...syntax import nodes
from ..findings import Findings, choices, replace
from ..scope import Names, Scope
from ..texts import merge_text
from .checked import CheckedOther, label_of
from .settings import doubles, read_settings, text, values

LONGEST = 2_500
PLACES = ("note", "email", "chat")


def check_snippet(names: Names, findings: Findings, node: nodes.Snippet) -> CheckedOther:
    """The compiled snippet, or None in its place after a finding."""
    contact = names.schema.objects.get("contact")
    if contact is None:
        return CheckedOther(node, None)
    scope = Scope(names, findings, contact)
    fine = _shortcut_fine(findings, node.shortcut)
    read = read_settings(scope, "snippet", node.name, node.settings, READERS, ("use_in", "text"), bool(node.unread))
    written = cast("nodes.Text | None", read.get("text"))
    compiled = merge_text(scope, written) if written is not None else None
    if not fine or not read.whole or compiled is None or (written and not _short_enough(findings, written)):
        return CheckedOther(node, None)
    use_in = cast("tuple[str, ...]", read.get("use_in"))
    snippet = Snippet(node.shortcut.value, label_of(node), use_in, compiled, node.shortcut.span)
    return CheckedOther(node, snippet)


def _shortcut_fine(findings: Findings, shortcut: nodes.Text) -> bool:
    value = shortcut.value
    if value.startswith("#") and len(value) > 1 and not re.search(r"\s", value) and "#" not in value[1:]:
        return True
    better = "#" + re.sub(r"[\s#]+", "_", value.strip().lstrip("#").strip())
    if not value.startswith("#"):
        message, under = "a shortcut starts with `#`", "no `#`"
    else:
        message, under = "a shortcut is one word behind its `#`", "not one word"
    findings.error(
        "bad-shortcut",
        shortcut.span,
        message,
        under,
        help=f'write `"{better}"`' if len(better) > 1 else 'write a word, such as `"#note"`',
        fix=replace(shortcut.span, f'"{better}"', FixKind.UNSAFE) if len(better) > 1 else None,
    )
    return False


def _short_enough(findings: Findings, written: nodes.Text) -> bool:
    length = len(written.value)
    if length <= LONGEST:
        return True
    message = f"a snippet has at most {LONGEST:,} characters, this one has {length:,}"
    findings.error("snippet-too-long", written.span, message, "too long", help="make two of it")
    return False


def _use_in(scope: Scope, setting: nodes.Setting) -> tuple[str, ...] | None:
    found = []
    items = values(setting)
    doubles(scope, items, "the place")
    for item in items:
        if isinstance(item, nodes.Path) and item.text in PLACES:
            found.append(item.text)
        elif not isinstance(item, nodes.Bad):
            written = scope.findings.raw(item.span)
            help_ = perhaps(written, PLACES) or f"write {choices(PLACES)}"
            message = f"a snippet is not used in `{written}`"
            scope.findings.error("bad-setting", item.span, message, "no such place", help=help_)
    return tuple(dict.fromkeys(found)) if len(found) == len(items) else None


READERS = {"use_in": _use_in, "text": text}
