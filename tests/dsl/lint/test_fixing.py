"""Fixes are applied until none is left, never two at one place, and never one that makes a file unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dsl.compile import compile_project
from dsl.diagnostics.catalogue import catalogue
from dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from dsl.diagnostics.order import fixable
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.lint.fixing import Texts, fix_texts
from dsl.source import Source, Span

SAFE, BOTH = {FixKind.SAFE}, {FixKind.SAFE, FixKind.UNSAFE}


def check(texts: Texts) -> Sequence[Diagnostic]:
    rules = [source for name, source in texts.items() if name.endswith(".segue")]
    return compile_project(rules, texts.get("schema.yaml"), texts.get("segue.yaml")).diagnostics


def project(**rules: str) -> dict[str, Source]:
    texts = {f"{name}.segue": text for name, text in rules.items()}
    texts |= {"schema.yaml": SCHEMA, "segue.yaml": SETTINGS}
    return {name: Source(name, text) for name, text in texts.items()}


def fixed(texts: dict[str, Source], kinds: set[FixKind] = SAFE) -> dict[str, str]:
    return {name: source.text for name, source in fix_texts(texts, check, kinds, lambda _: True).changed.items()}


def test_safe_fixes_alone_are_applied_without_being_asked_for_more() -> None:
    texts = project(a="segment a of contact { plan == free }\nsegment b of contact { plan = trail }\n")
    assert fixed(texts) == {"a.segue": "segment a of contact { plan = free }\nsegment b of contact { plan = trail }\n"}
    assert fixed(texts, BOTH)["a.segue"].endswith("{ plan = trial }\n")


def test_what_is_left_says_how_many_more_could_be_repaired() -> None:
    texts = project(a="segment a of contact { plan == free }\nsegment b of contact { plan = trail }\n")
    done = fix_texts(texts, check, SAFE, lambda _: True)
    assert (done.applied, fixable(done.left, FixKind.SAFE), fixable(done.left, FixKind.UNSAFE)) == (1, 0, 1)


def test_several_files_and_yaml_are_repaired_in_one_go() -> None:
    texts = project(a="segment a of contact { plan == free }\n", b="segment b of contact { plan == paid }\n")
    texts["segue.yaml"] = Source("segue.yaml", SETTINGS.replace("name: example", "name: 2026"))
    assert set(fixed(texts)) == {"a.segue", "b.segue", "segue.yaml"}


def test_only_what_is_wanted_is_repaired() -> None:
    texts = project(a="segment a of contact { plan == free }\n", b="segment b of contact { plan == paid }\n")
    done = fix_texts(texts, check, SAFE, lambda d: d.label.span.file == "b.segue")
    assert set(done.changed) == {"b.segue"}


def test_line_ends_stay_as_they_are() -> None:
    text = "segment a of contact {\r\n  plan == free\r\n}\r\n"
    assert fixed(project(a=text)) == {"a.segue": text.replace("==", "=")}


def test_a_new_line_ends_as_the_others_of_its_file() -> None:
    def once(texts: Texts) -> Sequence[Diagnostic]:
        return [_finding(5, 5, "x\ny\n")] if len(texts["a.segue"].text) < 11 else []

    done = fix_texts({"a.segue": Source("a.segue", "one\r\ntwo\r\n")}, once, SAFE, lambda _: True)
    assert done.changed["a.segue"].text == "one\r\nx\r\ny\r\ntwo\r\n"


def test_a_file_that_is_no_utf8_is_not_touched() -> None:
    assert fixed(project(a="# caf\udce9\nsegment a of contact { plan == free }\n")) == {}


def _finding(start: int, end: int, text: str, code: str = "made-up") -> Diagnostic:
    span = Span("a.segue", start, end)
    return Diagnostic(code, Severity.WARNING, "..", Label(span), fix=Fix(FixKind.SAFE, (Edit(span, text),)))


def test_a_fix_that_breaks_the_syntax_is_left_out_and_the_others_are_applied() -> None:
    good = "segment a of contact { plan == free }\n" * 3

    def made_up(texts: Texts) -> Sequence[Diagnostic]:
        real = list(check(texts))
        brace = texts["a.segue"].text.index("{")
        return [*real, _finding(brace, brace + 1, "(")]

    done = fix_texts(project(a=good), made_up, SAFE, lambda _: True)
    assert done.changed["a.segue"].text == good.replace("==", "=")
    assert done.applied == 3


def test_two_fixes_that_undo_each_other_come_to_an_end() -> None:
    def flip(texts: Texts) -> Sequence[Diagnostic]:
        now = texts["a.segue"].text[0]
        return [_finding(0, 1, "b" if now == "a" else "a", code=now)]

    assert fix_texts({"a.segue": Source("a.segue", "a")}, flip, SAFE, lambda _: True).applied == 1


def test_a_fix_that_does_not_help_is_left_out() -> None:
    """Applied again and again it would fill the file."""

    def stays(texts: Texts) -> Sequence[Diagnostic]:
        return [_finding(len(texts["a.segue"].text) - 1, len(texts["a.segue"].text) - 1, " more")]

    done = fix_texts({"a.segue": Source("a.segue", "no end.")}, stays, SAFE, lambda _: True)
    assert (done.changed, done.applied) == ({}, 0)


@given(some.lists(some.tuples(some.integers(0, 30), some.integers(0, 4), some.text("XYZ", max_size=2)), max_size=8))
def test_no_two_repairs_touch_one_place(edits: list[tuple[int, int, str]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123456789"
    asked = [_finding(start, start + length, new) for start, length, new in edits]
    rounds: list[Texts] = []

    def once(texts: Texts) -> Sequence[Diagnostic]:
        rounds.append(texts)
        return asked if texts["a.segue"].text == text else []

    after = fix_texts({"a.segue": Source("a.segue", text)}, once, SAFE, lambda _: True)
    result = after.changed["a.segue"].text if after.changed else text
    kept = [c for i, c in enumerate(text) if not any(s <= i < s + n for s, n, _ in edits)]
    assert [c for c in result if c in kept] == kept, "what no edit covers is still there, in its order"


@pytest.mark.parametrize("names", ["no-steps", "no-steps, unreachable-step"])
def test_an_unused_comment_is_taken_out(names: str) -> None:
    rule = "segment a of contact { plan = free }\n"
    assert fixed(project(a=f"# segue: ignore[{names}] why\n{rule}")) == {"a.segue": rule}


BROKEN = sorted((Path(__file__).parents[1] / "check/cases").rglob("*.segue"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_repairs_never_add_a_problem_of_syntax(path: Path) -> None:
    """Over all broken programs there are, with the unsafe fixes too; afterwards none is left that could be applied."""
    texts = {"a.segue": Source("a.segue", path.read_text(encoding="utf-8"))}
    done = fix_texts(texts, check, BOTH, lambda _: True)
    assert _syntax(done.left) <= _syntax(check(texts))
    assert fix_texts({**texts, **done.changed}, check, BOTH, lambda _: True).applied == 0


def _syntax(found: Sequence[Diagnostic]) -> int:
    return sum(catalogue()[d.code].alias.startswith("SG2") for d in found)
