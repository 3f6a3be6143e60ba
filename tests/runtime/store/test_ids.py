"""Ids as people write them."""

from __future__ import annotations

import pytest

from runtime.store.ids import id_in, step_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#123", 123),
        (" 123 ", 123),
        ("4611686018427387904", 1 << 62),
        (str((1 << 63) - 1), (1 << 63) - 1),
        (str(1 << 63), None),
        ("9" * 5_000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("１２", None),
        ("²", None),
    ],
)
def test_an_id_is_digits_of_63_bits(text: str, found: int | None) -> None:
    assert id_in(text) == found


def test_a_step_is_named_by_the_last_three_numbers() -> None:
    assert step_in("121.2.5") == step_in("welcome.121.2.5") == (121, 2, 5)
    for text in ("", "121.2", "121.2.", "a.b.c", "121.2.x", f"1.{1 << 63}.1"):
        assert step_in(text) is None, text
