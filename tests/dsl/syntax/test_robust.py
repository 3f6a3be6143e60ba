"""Whatever is written: the parser answers, and what was sound stays sound."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.source import Source
from dsl.syntax import nodes, parse
from tests.examples import examples

from .outline import brief

HERE = Path(__file__).parent
_SPACED = """
    segment a of contact { } sequence workflow template when : = == ( ) [ ] , . and or not has never in any every
    within 5 JPY send wait until up to else if set task call notify enroll exit automated rep_led score test match
    split repeat create assign @ # - 09:00-17:00 2026-03-02 at least 2 times since enrollment is missing count 20% "x" "
    give take at most per fix review ask say on save for each given expect receives clock after .. -> half ago was ever
"""
_WORDS = [*_SPACED.split(), "3 days", "10 JPY", '"""', "\n", "\n}", "static segment"]
_PARTS = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|\w+|[^\w\s]')
PROGRAM = "\n".join(
    (HERE / "cases" / f"{name}.segue").read_text(encoding="utf-8")
    for name in ("conditions", "sequence", "values", "statements", "declarations", "tests")
)


def read(text: str) -> tuple[nodes.Declaration, ...]:
    source = Source("f.segue", text)
    parsed = parse(source)
    for d in parsed.diagnostics:
        for label in (d.label, *d.others):
            assert 0 <= label.span.start <= label.span.end <= len(text)
    return parsed.tree.declarations


@examples(200)
@given(st.lists(st.sampled_from(_WORDS), max_size=60))
def test_any_soup_of_words_is_answered(words: list[str]) -> None:
    read(" ".join(words))


@examples(100)
@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    read(text)
    read(f"segment a of contact {{ {text} }}")


@examples(60)
@given(st.data())
def test_a_mistake_harms_only_its_declaration(data: st.DataObject) -> None:
    """One word of one declaration is left out, said twice or replaced: all others read as before.

    (`static` alone is not among the words: at the end of a declaration it would make the next segment static.)"""
    sound = read(PROGRAM)
    chosen = data.draw(st.integers(0, len(sound) - 1))
    start, end = sound[chosen].span.start, sound[chosen].span.end
    part = data.draw(st.sampled_from(list(_PARTS.finditer(PROGRAM, start, end))))
    instead = data.draw(
        st.sampled_from(["", f"{part[0]} {part[0]}", *[w for w in _WORDS if w not in ('"', '"""', "#")]])
    )
    changed = read(PROGRAM[: part.start()] + instead + PROGRAM[part.end() :])
    left = [brief(d) for d in changed]
    for i, declaration in enumerate(sound):
        assert i == chosen or brief(declaration) in left


@pytest.mark.parametrize("forgotten", ["{", "}"])
def test_every_forgotten_brace_is_said_and_harms_one(forgotten: str) -> None:
    sound = read(PROGRAM)
    for place in [m.start() for m in re.finditer(re.escape(forgotten), PROGRAM)]:
        inside = next((i for i, d in enumerate(sound) if d.span.start <= place < d.span.end), None)
        if inside is None or "{{" in PROGRAM[place - 1 : place + 2] or "}}" in PROGRAM[place - 1 : place + 2]:
            continue
        left = [brief(d) for d in read(PROGRAM[:place] + PROGRAM[place + 1 :])]
        assert all(i == inside or brief(d) in left for i, d in enumerate(sound))


HUGE = {
    "parentheses": "segment a of contact { " + "(" * 20_000,
    "blocks": "sequence a { " + "if x { " * 5_000,
    "open lists": "segment a of contact { x in " + "[" * 20_000,
    "nots": "segment a of contact { " + "not " * 20_000 + "x }",
    "ands": "segment a of contact { x" + " and x" * 20_000 + " }",
    "statements": "sequence a { " + "send x\n" * 20_000 + "}",
    "mistakes": "segment a of contact { " + "x = = 3 and " * 3_000 + "}",
    "strays": "@" * 50_000,
    "closing braces": "}" * 20_000,
    "quotes": '"' * 20_001,
    "zeros": "\0" * 20_000,
    "digits": "segment a of contact { x = " + "9" * 10_000 + " }",
    "dots": "segment a of contact { x" + ".x" * 20_000 + " = 1 }",
    "heads": "segment " * 10_000,
    "rules": "score x { " * 3_000,
    "cases": "workflow a { " + "match x { a { " * 5_000,
    "else ifs": "workflow a { if x { }" + " else if x { }" * 10_000 + " }",
    "rows": 'test "a" of b { ' + "for each x in [a] { " * 5_000,
    "items": "playbook p for deal { " + "when x { " * 10_000,
    "functions": "segment a of contact { x = " + "lower(" * 10_000,
    "counts": "segment a of contact { " + "count(" * 10_000,
    "unfinished lines": "workflow a {" + "\n  if x" * 5_000,
    "missing braces": "workflow a {" + "\n  if x send b }" * 5_000,
    "words": "\nfoo bar" * 10_000,
    "elses": "else " * 20_000,
    "wide": "（" * 20_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_huge_input_neither_hangs_nor_raises(text: str) -> None:
    began = time.process_time()
    tail = "\nsegment after of contact { x = 1 }\n"
    left = read(text + tail)
    assert time.process_time() - began < 20
    if text.count('"') % 2 == 0:
        assert any(isinstance(d, nodes.Segment) and d.name.text == "after" for d in left)


def test_a_comment_that_hides_lines_behind_ends_of_another_kind_is_told() -> None:
    """Saved with U+000D at the end of lines, a file that begins with a comment would be one comment."""
    text = "# who\rsegment a of contact { vip }\r# why\rsegment b of contact { vip }\r"
    (told,) = parse(Source("f.segue", text)).diagnostics
    assert told.code == "unexpected-character" and "U+000D alone" in told.message
    assert told.fix is not None
    for edit in told.fix.edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert [brief(d) for d in read(text)] == [brief(d) for d in read(text.replace("\r", "\n"))]
    assert len(read(text)) == 2 and parse(Source("f.segue", text.replace("\n", "\r\n"))).diagnostics == ()
