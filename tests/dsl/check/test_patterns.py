"""X31: a pattern that is taken means the same to Python and to PostgreSQL; what only one of them knows is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.check.patterns import DEEPEST, pattern_fault
from tests.examples import examples

LONGER = ("\\d", "\\w", "\\s", "\\D", "\\b", "\\1", "\\.", "\\", "{2}", "{1,3}", "(?:", "[^", "[a-c]")
PIECES = (*"ab1 .*+?|()[]^$-{},:=!<", *LONGER)
TEXTS = ("", *"ab1c- \\", "ab", "aab", "abab", "a1", "a b", "bbb", "a-b", "(a)", "a.b", "[a]", "{2}", "^a$")

patterns = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)


@examples(1000)
@given(patterns)
def test_what_is_taken_can_be_read(pattern: str) -> None:
    fault = pattern_fault(pattern)
    if fault is None:
        re.compile(pattern)
    else:
        assert 0 <= fault.start < fault.end <= len(pattern), fault


@pytest.fixture(scope="module")
def connection(postgres_server: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as opened:
        yield opened


@pytest.mark.postgres
@examples(400)
@given(patterns.filter(lambda pattern: pattern_fault(pattern) is None))
def test_what_is_taken_means_one_thing(connection: psycopg.Connection, pattern: str) -> None:
    python = [re.search(pattern, text) is not None for text in TEXTS]
    query = "select t ~ %s from unnest(%s::text[]) with ordinality u(t, n) order by n"
    assert [row[0] for row in connection.execute(query, (pattern, list(TEXTS)))] == python


@pytest.mark.parametrize(
    "pattern",
    [
        r"^A8\s*",
        "(a+b){2,3}",
        "(foo|bar)+b+",
        "様$",
        "^(?:van|von) ",
        r"\d{2,4}-\d+",
        "[A-Z][a-z]+",
        r"[\d_.-]+@",
        "[^@]+",
        r"\(株\)",
        "a|b",
        "(a|bc){2}",
        r"[\]]",
        r"(jpg|png)$",
        r"^(\d{3}-)?\d+$",
        r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$",
        r"^\w+@(\w+\.)+\w+$",
        r"^([^,]*,)*[^,]*$",
        r"^(\w+, )*\w+$",
        r"(\d{2,3}[- ]?){2,4}",
        r"(\d{1,3}\.)+x",
        r"^([A-Z][a-z]+ ?)+$",
        r"^((van|von|de) )*\w+$",
        r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}\d+$",
        "((a*)b){2,}",
        "(a?)+$",
        "(" + "|".join(f"code{n}" for n in range(600)) + ")+",
    ],
)
def test_what_people_write_is_taken(pattern: str) -> None:
    assert pattern_fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("", (0, 1)),
        ("(a+)+$", (4, 5)),
        ("^a(?=b)", (2, 5)),
        ("a(?<!b)", (1, 4)),
        ("(?P<x>a)", (0, 3)),
        ("(?i)a", (0, 3)),
        (r"(a)\1", (3, 5)),
        ("a*?", (2, 3)),
        ("a++", (2, 3)),
        ("a{2}{3}", (4, 7)),
        (r"\bvan", (0, 2)),
        (r"\pL", (0, 2)),
        ("[[:alpha:]]", (1, 2)),
        (r"[\W]", (1, 3)),
        ("[a", (0, 1)),
        ("[]", (0, 2)),
        ("(a", (0, 1)),
        ("a)", (1, 2)),
        ("()", (0, 2)),
        ("a|", (1, 2)),
        ("|a", (0, 1)),
        ("*a", (0, 1)),
        ("^*", (1, 2)),
        ("a{,3}", (1, 2)),
        ("a{3,2}", (1, 6)),
        ("a{256}", (1, 6)),
        ("a\\", (1, 2)),
        ("[z-a]", (1, 2)),
        ("(" * (DEEPEST + 1), (DEEPEST, DEEPEST + 1)),
    ],
)
def test_what_is_refused_and_where(pattern: str, place: tuple[int, int]) -> None:
    fault = pattern_fault(pattern)
    assert fault is not None and (fault.start, min(fault.end, max(len(pattern), 1))) == place


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("(a|aa)+$", (6, 7)),
        (r"(\w|\d)+", (7, 8)),
        ("(a?b?)+$", (6, 7)),
        ("(.*,)*$", (5, 6)),
        (r"(\w+\s?)+$", (8, 9)),
        ("(a|b|ab)+$", (8, 9)),
        ("(foo|foofoo){2,}$", (12, 16)),
        ("([a-z]+|[a-z0-9]+)*$", (18, 19)),
        (r"^((é|\D)+x)+$", (8, 9)),
        ("(x(a?|b?))+$", (10, 11)),
        ("(x(a?)*)+$", (8, 9)),
        ("(xa?(b?)+)+$", (10, 11)),
        ("(a?){30}b", (4, 8)),
        ("(a{1,50}){1,50}$", (9, 15)),
    ],
)
def test_a_repetition_that_fits_a_text_in_many_ways_is_refused(pattern: str, place: tuple[int, int]) -> None:
    """Python's search tries them all: `(a|aa)+$` takes billions of steps on sixty letters and one sign."""
    fault = pattern_fault(pattern)
    assert fault is not None and "many ways" in fault.message
    assert (fault.start, fault.end) == place


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        (r"(\w|\d)+", r"\w+"),
        (r"x(?:\d|[a-z]|\w){2,}$", r"\w{2,}"),
        ("(a|b|a)+", "(a|b)+"),
        ("(a+)+$", "a+"),
        ("^(?:a*)+$", "a*"),
        (r"(\.|.)*x", ".*"),
        ("(日|[一-龠])+", "[一-龠]+"),
    ],
)
def test_it_says_how_to_write_it_in_one_way(pattern: str, meant: str) -> None:
    fault = pattern_fault(pattern)
    assert fault is not None and fault.help.startswith(f"write `{meant}` for `(")
    assert pattern_fault(meant) is None


@pytest.mark.parametrize(
    "pattern", ["(a|aa)+", r"(\w+\s?)+", "(a?){30}b", "([ab]|[bc])+", "((a|b)+)+", "(x(a?)*)+", "([あ-と]|[た-ん])+"]
)
def test_where_it_is_not_plain_it_says_what_to_heed(pattern: str) -> None:
    fault = pattern_fault(pattern)
    assert fault is not None and fault.help.startswith("let no choice fit")
