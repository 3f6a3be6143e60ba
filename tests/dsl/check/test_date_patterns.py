"""X36: what `date` and `time` may be asked for is what babel can write; nothing else passes the checker."""

from __future__ import annotations

from string import ascii_letters

import pytest

from dsl.program.date_patterns import STYLES, misread
from dsl.schema.model import Kind, Type
from runtime.channels.values import Formats

from .test_cases import check

MOMENT, DAY = 1_772_000_000_000_000, "2026-03-02"
WRITTEN = (
    "d MMMM yyyy",
    "EEEE, d. MMM",
    "HH:mm",
    "d 'of' MMMM",
    "h 'o''clock' a",
    "%d.%m.%Y",
    "%H:%M",
    "%A %Q",
    *STYLES,
)


def written(style: str, kind: Kind) -> str | None:
    """None where babel cannot."""
    try:
        return Formats().writer(Type(kind), (("date", (style,)),))(MOMENT if kind is Kind.DATETIME else DAY)
    except (ValueError, KeyError, AttributeError):
        return None


@pytest.mark.parametrize("letter", ascii_letters)
def test_x36_each_letter_as_often_as_babel_writes_it(letter: str) -> None:
    for times in range(1, 9):
        run = letter * times
        assert (misread(run, with_clock=True) is None) == (written(run, Kind.DATETIME) is not None), run
        if misread(run, with_clock=False) is None:
            assert written(run, Kind.DATE) is not None, run


@pytest.mark.parametrize("style", WRITTEN)
def test_x36_patterns_people_write_can_be_written(style: str) -> None:
    assert misread(style, with_clock=True) is None and written(style, Kind.DATETIME)


@pytest.mark.parametrize("style", ["HH:mm", "%H:%M", "d MMMM h a"])
def test_x36_a_day_has_no_clock(style: str) -> None:
    assert misread(style, with_clock=False) is not None


@pytest.mark.parametrize(
    "field",
    [
        "contact.created_at | date: 'dddd'",
        "contact.created_at | time: 'HHHH'",
        "contact.renewal_on | date: 'd MMMM, HH:mm' | default: '-'",
        "contact.nps | round: 30 | default: '-'",
        "contact.nps | round: -1 | default: '-'",
    ],
)
def test_x36_what_cannot_be_written_does_not_pass(field: str) -> None:
    body = f'template t {{ topic: sales subject: "A" body: """{{{{ {field} }}}}""" }}'
    assert [found.code for found in check(body).diagnostics] == ["wrong-filter"]
