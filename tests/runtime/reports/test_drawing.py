"""Reports as text: as wide as asked, whatever the figures and the script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.diagnostics.columns import width
from dsl.schema.model import Kind, Type
from runtime.reports.drawing import drawn, text_of
from runtime.reports.pieces import cut
from runtime.reports.results import Cell, Column, Key, Progress, Result, Row

MONEY = Column("sum(amount)", "sum(amount)", Type(Kind.MONEY, currency="EUR"))
COUNT = Column("count", "count", Type(Kind.NUMBER))
OWNER = Column("owner", "owner", Type(Kind.USER))
MONTH = Column("month(created_at)", "created", Type(Kind.DATE), "month")
DAY = Column("day(created_at)", "created", Type(Kind.DATE), "day")
SHARE = Column("reply_rate", "reply rate", Type(Kind.PERCENT), of="contacts enrolled")


def result(
    rows: Sequence[tuple[tuple[Key, ...], tuple[int | None, ...]]],
    show: str,
    groups: tuple[Column, ...] = (OWNER,),
    measures: tuple[Column, ...] = (COUNT,),
    progress: tuple[Progress, ...] = (),
) -> Result:
    made = tuple(Row(keys, tuple(Cell(v) for v in values)) for keys, values in rows)
    return Result("r", "", "deal", show, 0, "UTC", groups, measures, made, "month" if progress else None, progress)


def lines(of: Result, columns: int = 40, height: int = 5) -> list[str]:
    return [text_of(line) for line in drawn(of, columns, height)]


def test_bars_are_as_long_as_their_figures() -> None:
    assert lines(result([(("ada",), (8,)), (("bo",), (4,)), (("cy",), (0,))], "bars"), 20) == [
        "ada █████████████  8",
        "bo  ██████▌        4",
        "cy                 0",
    ]


def test_bars_below_nought_go_to_the_left() -> None:
    drawing = lines(result([(("ada",), (10,)), (("bo",), (-10,))], "bars"), 24)
    assert drawing == ["ada         ███████   10", "bo  ████████         -10"]


def test_a_missing_group_and_a_missing_figure_are_named() -> None:
    drawing = lines(result([((None,), (3,)), (("ada",), (None,))], "bars"))
    assert drawing[0].startswith("(no owner)") and drawing[1].endswith("–")


def test_japanese_labels_stand_in_their_columns() -> None:
    drawing = lines(result([(("田中太郎",), (2,)), (("Łukasz",), (1,))], "table"))
    assert drawing == ["owner     count", "田中太郎      2", "Łukasz        1"]


@pytest.mark.parametrize("columns", [20, 33, 80, 200])
@pytest.mark.parametrize("show", ["table", "bars", "line"])
def test_no_line_is_wider_than_asked(show: str, columns: int) -> None:
    rows = [
        ((f"2026-{m:02}-01", owner), (m * 10**n * 100, None if m == 3 else m))
        for m in range(1, 13)
        for n, owner in enumerate(("田中太郎 株式会社アルファベット", "Łucja Wiśniewska-Kowalczyk", None, "x" * 90))
    ]
    progress = (Progress("2026-01-01", Cell(50_000), 120_000), Progress("2026-02-01", Cell(None), 120_000))
    of = result(rows, show, (MONTH, OWNER), (MONEY, COUNT), progress)
    assert max(width(line) for line in lines(of, columns)) <= columns


def test_money_is_written_as_the_account_does() -> None:
    assert lines(result([((), (123_456_789,))], "number", (), (MONEY,))) == ["sum(amount)  1,234,567.89 EUR"]


def test_a_share_says_of_how_many() -> None:
    of = result([], "number", (), (SHARE,))
    of = replace(of, rows=(Row((), (Cell(25.0, 3, 12),)),))
    assert lines(of, 60) == ["reply_rate  25.0%  3 of 12 contacts enrolled"]


def test_a_number_shows_the_way_to_its_target() -> None:
    of = result([((), (90,))], "number", (), (COUNT,), (Progress(None, Cell(90), 120),))
    assert lines(of, 50) == ["count  90", "90 of 120, 75.0%  ████████████████████████········"]


def test_a_target_that_is_passed_is_full_and_no_more() -> None:
    of = result([((), (300,))], "number", (), (COUNT,), (Progress(None, Cell(300), 120),))
    assert "250.0%" in lines(of, 50)[1] and width(lines(of, 50)[1]) == 50


def test_a_line_goes_up_from_left_to_right() -> None:
    rows = [((f"2026-0{m}-01",), (m,)) for m in (1, 2, 3)]
    assert lines(result(rows, "line", (MONTH,)), 34, 6) == [
        "4 ┤",
        "  │                  ⣀⣀⣀⠤⠤⠤⠒•",
        "2 ┤       ⢀⣀⡠⠤⠤⠒•⠒⠉⠉⠉",
        "  │ •⠔⠒⠒⠉⠉⠁",
        "0 ┤",
        "  └──────────────────────────",
        "    2026-01  2026-02     2026-03",
    ]


def test_a_line_has_a_mark_for_each_series() -> None:
    rows = [((f"2026-0{m}-01", owner), (m * n,)) for m in (1, 2) for n, owner in enumerate(("ada", "bo"), 1)]
    drawing = lines(result(rows, "line", (MONTH, OWNER)))
    assert drawing[-1] == "• bo   + ada"
    field = "".join(drawing[:-1])
    assert field.count("•") == field.count("+") == 2


def test_what_fits_beside_no_other_name_goes_to_the_next_line() -> None:
    rows = [((f"2026-0{m}-01", owner), (m,)) for m in (1, 2) for owner in ("Łucja Wiśniewska", "田中太郎", "ada")]
    drawing = lines(result(rows, "line", (MONTH, OWNER)), 30)
    assert drawing[-2:] == ["• ada   + Łucja Wiśniewska", "× 田中太郎"]


def test_a_line_is_broken_where_a_figure_is_missing() -> None:
    rows = [((f"2026-0{m}-01",), (None if m == 3 else 4,)) for m in range(1, 6)]
    top = lines(result(rows, "line", (MONTH,)), 30, 4)[0]
    assert top == "4 ┤ •⠉⠉⠉⠉⠉•            •⠉⠉⠉⠉⠉•"


@pytest.mark.parametrize("height", [3, 4, 8, 13, 24])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 7), (-3, 8), (0, 99), (-1_000_000, -1), (12, 12_345_678)])
def test_the_scale_is_of_round_figures_and_holds_all(low: int, high: int, height: int) -> None:
    rows = [((f"2026-0{m}-01",), (value,)) for m, value in ((1, low), (2, high))]
    drawing = lines(result(rows, "line", (MONTH,)), 60, height)
    told = [int(line.split("┤")[0].replace(",", "")) for line in drawing if "┤" in line]
    assert told == sorted(told, reverse=True) and told[-1] <= min(low, 0) and told[0] >= max(high, 0)
    steps = {above - below for above, below in pairwise(told)}
    assert len(steps) == 1 and str(steps.pop()).rstrip("0") in ("1", "2", "5")
    at = [y for y, line in enumerate(drawing) if "┤" in line]
    assert at[0] == 0 and len({below - above for above, below in pairwise(at)}) == 1, "as many rows from each to each"
    assert high <= 0 or "•" in "".join(drawing[: height // 2 + 1]), "no half of the field is left over"


@given(
    st.lists(st.none() | st.integers(-1_000, 1_000), min_size=1, max_size=90), st.integers(20, 120), st.integers(3, 30)
)
def test_every_figure_is_seen_within_the_field(values: list[int | None], columns: int, height: int) -> None:
    days = [(date(2026, 1, 1) + timedelta(n)).isoformat() for n in range(len(values))]
    drawing = lines(
        result([((day,), (value,)) for day, value in zip(days, values, strict=True)], "line", (DAY,)), columns, height
    )
    if all(value is None for value in values):
        assert drawing == ["nothing to show"]
        return
    assert max(map(width, drawing)) <= columns and 2 * height / 3 <= len(drawing) - 2 <= height
    assert any(c == "•" or "⠀" < c <= "⣿" for c in "".join(drawing))


def test_nothing_is_said_so() -> None:
    assert lines(result([], "bars")) == ["nothing to show"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in "".join(lines(result([(("\x1b[31mred",), (1,))], "table")))


@pytest.mark.parametrize(
    ("text", "columns", "expected"), [("田中太郎", 5, "田中…"), ("田中太郎", 4, "田…"), ("ab", 2, "ab")]
)
def test_cutting_never_halves_a_glyph(text: str, columns: int, expected: str) -> None:
    assert cut(text, columns) == expected
