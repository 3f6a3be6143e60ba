"""What must hold of any text whatever: it is answered. Used by the made-up programs and by the fuzzer.

A text is checked beside the schema, the settings and the rules that the cases of `tests/cases` share; what is said must
lie in the text, be of a known code and be shown in every format; the layout must be sound; the safe fixes must come to
an end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from dsl.diagnostics import Diagnostic, FixKind, as_json, in_order, render_concise, render_full, render_json
from dsl.diagnostics.catalogue import catalogue
from dsl.diagnostics.regions import Places
from dsl.diagnostics.render_github import render_github
from dsl.diagnostics.render_gitlab import render_gitlab
from dsl.diagnostics.render_junit import render_junit
from dsl.diagnostics.render_sarif import render_sarif
from dsl.format import format_source
from dsl.lint.fixing import fix_texts
from dsl.source import Source
from dsl.workspace import Workspace

CASES = Path(__file__).parent.parent / "cases"
SCHEMA, SETTINGS, SHARED = "schema.yaml", "segue.yaml", "shared.segue"
RULES = "case.segue"
_Texts = Mapping[str, Source]


@cache
def _shared() -> dict[str, Source]:
    return {name: Source(name, (CASES / name).read_text(encoding="utf-8")) for name in (SCHEMA, SETTINGS, SHARED)}


_workspace = Workspace()  # one for all texts: what is shared is checked once, and so ten times as many are judged


def found_in(texts: _Texts) -> Sequence[Diagnostic]:
    _workspace.configure(texts[SCHEMA], texts[SETTINGS])
    if RULES not in texts:
        _workspace.remove(RULES)
    for name, source in texts.items():
        if name.endswith(".segue"):
            _workspace.update(source)
    return _workspace.check()


def judge(text: str, name: str = RULES) -> None:
    """Asserts all of it for a text in the place of the file `name`: a rule file, schema.yaml or segue.yaml."""
    texts = {**_shared(), name: Source(name, text)}
    found = found_in(texts)
    for one in found:
        _judge_finding(one, texts)
    _judge_formats(found, texts)
    if any(one.fix and one.fix.kind is FixKind.SAFE for one in found):
        fix_texts(texts, found_in, {FixKind.SAFE}, lambda _: True)
    if name.endswith(".segue"):
        _judge_layout(texts[name])


def _judge_finding(one: Diagnostic, texts: _Texts) -> None:
    assert one.code in catalogue(), one.code
    spans = [label.span for label in (one.label, *one.others)]
    spans += [edit.span for edit in one.fix.edits] if one.fix else []
    for span in spans:
        assert span.file in texts, one
        assert 0 <= span.start <= span.end <= len(texts[span.file].text), one


def _judge_formats(found: Sequence[Diagnostic], texts: _Texts) -> None:
    places = Places(texts, "")
    for one in in_order(found):
        assert render_full(one, texts)
        assert "\n" not in render_concise(one, texts)
        assert "\n" not in render_github(one, places)
        as_json(one, texts)
    json.loads(render_json(found, texts))
    json.loads(render_gitlab(found, places))
    json.loads(render_sarif(found, places, catalogue(), "0"))
    render_junit(found, places, texts)


def _judge_layout(source: Source) -> None:
    done = format_source(source)
    assert done.safe
    if not done.problems:
        again = format_source(Source(source.name, done.text))
        assert again.safe
        assert again.text == done.text
