"""The functions of texts in fixes (P15): what they give; a beginning or end is what comparisons see (X31)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.hygiene.texts import applied, without_prefix, without_suffix
from runtime.store.names import folded


@pytest.mark.parametrize(
    ("function", "text", "arguments", "gives"),
    [
        ("trim", " \u3000Tanaka ", (), "Tanaka"),
        ("trim", " \u3000 ", (), None),
        ("lower", "ŁUKASZ", (), "łukasz"),
        ("upper", "straße", (), "STRASSE"),
        ("without_suffix", "田中様", ("様",), "田中"),
        ("without_suffix", "様", ("様",), None),
        ("without_suffix", "田中", ("様",), "田中"),
        ("without_prefix", "A8 Tanaka", ("a8 ",), "Tanaka"),
        ("without_prefix", "\uff21\uff18田中", ("A8",), "田中"),
        ("without_prefix", "Tanaka A8", ("A8",), "Tanaka A8"),
        ("without_suffix", "Tanaka SAN", ("san",), "Tanaka "),
        ("replace", "A8  Tanaka A8", (r"^A8\s*", ""), "Tanaka A8"),
        ("replace", "a.b", (r"\.", r"\1"), r"a\1b"),
        ("replace", "a\n", ("a$", "b"), "a\n"),
        ("lower", None, (), None),
    ],
)
def test_what_a_function_gives(function: str, text: str | None, arguments: tuple[str, ...], gives: str | None) -> None:
    assert applied(function, text, arguments) == gives


LETTERS = st.text("aAＡ8８ 様ｶﾞガßİﬁ-é", max_size=6)


@given(LETTERS, LETTERS)
def test_what_is_taken_off_is_what_the_condition_asked_for(text: str, part: str) -> None:
    """What is left and the part, put together, compare as the whole; nothing else is ever taken."""
    for left, joined in (
        (without_prefix(text, part), folded(part) + folded(without_prefix(text, part))),
        (without_suffix(text, part), folded(without_suffix(text, part)) + folded(part)),
    ):
        assert left == text or joined == folded(text)


@given(LETTERS.filter(bool), LETTERS)
def test_a_plain_beginning_is_always_taken_off(part: str, rest: str) -> None:
    """Unless the two flow into one another when they are compared."""
    if folded(part + rest) == folded(part) + folded(rest):
        assert folded(without_prefix(part + rest, part)) == folded(rest)
