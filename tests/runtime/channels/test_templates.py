"""X36: merge fields rendered in the account's locale."""

from __future__ import annotations

from datetime import date

import pytest

from dsl.program.filters import FILTERS
from dsl.schema.model import Account, Kind, Project, User
from runtime.channels import templates
from runtime.channels.templates import Renderer
from runtime.channels.values import TYPED_FILTERS, Formats
from runtime.errors import BlankValue

from .build import merge, text

TOKYO = Formats("ja", "Asia/Tokyo", "JPY", (("rep_1", "Tanaka Taro"),))
AN_INSTANT = 1_772_409_600_000_000  # 2026-03-02T00:00Z
THE_LAST = 253_402_300_799_000_000  # 9999-12-31T23:59:59Z, which exports write for "never"


def show(formats: Formats, value: object, *args: object, currency: str | None = None) -> str:
    return Renderer(formats).plain(text(merge("x", *args, currency=currency)), [(value,)])[0]


@pytest.mark.parametrize(
    ("locale", "kind", "value", "shown"),
    [
        ("en", Kind.DATE, "2026-03-02", "Mar 2, 2026"),
        ("en", Kind.DATE, date(2026, 3, 2), "Mar 2, 2026"),
        ("ja", Kind.DATE, "2026-03-02", "2026/03/02"),
        ("pl-PL", Kind.DATE, "2026-03-02", "2 mar 2026"),
        ("en", Kind.DATE, "9999-12-31", "Dec 31, 9999"),
        ("de", Kind.DATETIME, AN_INSTANT, "02.03.2026 09:00"),  # on Tokyo's clock
        ("de", Kind.DATETIME, THE_LAST, "31.12.9999 23:59"),  # where no calendar goes on
        ("ja", Kind.MONEY, 9800, "￥9,800"),
        ("de_DE", Kind.NUMBER, 1234.5, "1.234,5"),
        ("en", Kind.NUMBER, 3, "3"),
        ("en", Kind.PERCENT, 12.5, "12.5%"),
        ("ja", Kind.BOOL, 1, "はい"),
        ("en", Kind.MULTI_CHOICE, ";red;blue;", "red, blue"),
        ("en", Kind.USER, "rep_1", "Tanaka Taro"),
        ("en", Kind.USER, "gone", "gone"),
        ("en", Kind.CHOICE, "lead", "lead"),
        ("no-such-place", Kind.NUMBER, 1234, "1\xa0234"),  # the language alone: Norwegian
        ("xx", Kind.NUMBER, 1234, "1,234"),
    ],
)
def test_x36_values_in_the_accounts_locale(locale: str, kind: Kind, value: object, shown: str) -> None:
    formats = Formats(locale, "Asia/Tokyo", "JPY", TOKYO.users)
    assert show(formats, value, kind) == shown


def test_x32_money_is_minor_units_of_its_own_currency() -> None:
    assert show(Formats(), 1_234_550, Kind.MONEY, currency="USD") == "$12,345.50"
    assert show(Formats(), 1_234_550, Kind.MONEY, currency="KWD") == "KWD1,234.550"


@pytest.mark.parametrize("filters", [(), (("round", (2,)),), (("round", (12,)),)])
def test_x36_the_largest_number_is_written_too(filters: tuple[tuple[str, tuple[int, ...]], ...]) -> None:
    """It would stop the worker for one contact's sake."""
    assert show(Formats(), 1e30, Kind.NUMBER, None, *filters) == "1" + ",000" * 10
    assert len(show(Formats(), 1.7e308, Kind.NUMBER, None, *filters)) == 411
    assert show(Formats(), 1e-300, Kind.NUMBER, None, *filters) == "0"


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_x36_a_blank_value_gives_the_default(blank: object) -> None:
    assert show(Formats(), blank, Kind.TEXT, "there") == "there"


def test_x36_a_default_stands_for_values_of_every_kind() -> None:
    assert show(Formats(), None, Kind.DATE, "soon", ("date", ("long",))) == "soon"
    assert show(Formats(), 0, Kind.NUMBER, "none") == "0"


def test_s26_nothing_to_print_is_an_error_where_a_mail_depends_on_it() -> None:
    with pytest.raises(BlankValue, match="contact"):
        Renderer(Formats(), strict=True).plain(text("Hi ", merge()), [(None,)])
    assert Renderer(Formats()).plain(text("Hi ", merge()), [(None,)]) == ["Hi "]


@pytest.mark.parametrize(
    ("filters", "value", "shown"),
    [
        ([("upcase", ())], "ann", "ANN"),
        ([("downcase", ())], "ANN", "ann"),
        ([("capitalize", ())], "ann LEE", "Ann lee"),
        ([("strip", ()), ("append", ("!",))], " ann ", "ann!"),
        ([("prepend", ("Ms ",))], "Lee", "Ms Lee"),
        ([("replace", ("a", "b"))], "banana", "bbnbnb"),
        ([("truncate", (6,))], "abcdefghij", "abc..."),
        ([("truncate", (6, "…"))], "abcdefghij", "abcde…"),
        ([("truncate", (10,))], "abcdefghij", "abcdefghij"),
        ([("truncatewords", (2,))], "one two three", "one two..."),
        ([("escape", ())], "<b>", "<b>"),
        ([("upcase", ())], None, "THERE"),  # filters change the default too, as in Liquid
    ],
)
def test_x36_filters_of_text(filters: list[tuple[str, tuple[str | int, ...]]], value: object, shown: str) -> None:
    assert show(Formats(), value, Kind.TEXT, "there", *filters) == shown


@pytest.mark.parametrize(
    ("kind", "value", "filter_", "shown"),
    [
        (Kind.DATE, "2026-03-02", ("date", ("long",)), "2 marca 2026"),
        (Kind.DATE, "2026-03-02", ("date", ("%-d %B %Y",)), "2 marca 2026"),
        (Kind.DATE, "2026-03-02", ("date", ("dd.MM.yyyy",)), "02.03.2026"),
        (Kind.DATETIME, AN_INSTANT, ("date", ("short",)), "2.03.2026"),
        (Kind.DATETIME, AN_INSTANT, ("date", ("%H:%M o'clock",)), "09:00 o'clock"),
        (Kind.DATETIME, AN_INSTANT, ("time", ()), "09:00"),
        (Kind.NUMBER, 1234.567, ("round", (1,)), "1\xa0234,6"),
        (Kind.NUMBER, 2.6, ("round", ()), "3"),
    ],
)
def test_x36_filters_of_days_and_numbers(
    kind: Kind, value: object, filter_: tuple[str, tuple[str | int, ...]], shown: str
) -> None:
    assert show(Formats("pl", "Asia/Tokyo"), value, kind, None, filter_) == shown


def test_every_filter_that_the_checker_knows_has_a_meaning() -> None:
    for name, known in FILTERS.items():
        arguments = tuple(3 if k is Kind.NUMBER else "x" for k in known.arguments)
        if name not in TYPED_FILTERS:
            assert isinstance(templates._change(name, arguments)("some text"), str)
    with pytest.raises(ValueError, match="shout"):
        templates._change("shout", ())


def test_x36_rows_are_in_the_order_of_the_merge_fields() -> None:
    skeleton = text(merge("a"), " and ", merge("b"), ".")
    assert Renderer(Formats()).plain(skeleton, [("1", "2"), ("3", "4")]) == ["1 and 2.", "3 and 4."]
    with pytest.raises(ValueError, match="argument"):
        Renderer(Formats()).plain(skeleton, [("1",)])


def test_x36_subjects_are_one_line() -> None:
    lines = Renderer(Formats()).line(text("Hi ", merge()), [("Ann\r\nBcc: all@example.com",), ("a\u2028b\x00c\x85d",)])
    assert lines == ["Hi Ann Bcc: all@example.com", "Hi a bc d"]


def test_control_characters_are_never_printed() -> None:
    assert show(Formats(), "a\x00b\x1b[31mc\ud800") == "ab[31mc"


def test_x36_markdown_in_values_is_text() -> None:
    from markdown_it import MarkdownIt

    nasty = "**b** [x](javascript:1) `c` <i> # _e_ 1. - | ~~s~~ &amp; \\ http://x.y"
    drafted = Renderer(Formats()).markdown(text("Hi ", merge(), "."), [(nasty,)])[0]
    shown = MarkdownIt("commonmark").render(drafted)
    assert "<strong>" not in shown and "<a" not in shown and "<i>" not in shown and "<em>" not in shown
    assert "&amp;amp; \\ http://x.y" in shown


def test_formats_come_from_the_project() -> None:
    account = Account(time_zone="Asia/Tokyo", currency="JPY", locale="ja")
    project = Project("p", account, users={"rep_1": User("rep_1", "Tanaka Taro")})
    assert Formats.of(project) == TOKYO
