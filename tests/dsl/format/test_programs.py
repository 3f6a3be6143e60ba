"""Whatever is written: the layout says the same, keeps every comment, and is its own layout."""

from hypothesis import given
from hypothesis import strategies as st

from dsl.format import format_range, format_source
from dsl.format.same import same
from dsl.source import Source
from dsl.syntax import parse
from tests.examples import examples

from ..pieces import BLOCKS
from ..programs import made, programs

_WORDS = [
    "segment",
    "a",
    "of",
    "contact",
    "{",
    "}",
    '"',
    '"""',
    "#",
    "(",
    ")",
    "[",
    "and",
    "if",
    ":",
    "=",
    "3 days",
    "\n",
]
_LINES_OF_TEXTS = {" " * n + line.lstrip() for block in BLOCKS for line in block.split("\n") for n in range(40)}


def formatted(text: str) -> str:
    done = format_source(Source("made.segue", text))
    assert done.safe, text
    assert done.problems == (), text
    return done.text


def agrees(text: str) -> None:
    after = formatted(text)
    before, now = parse(Source("made.segue", text)), parse(Source("made.segue", after))
    assert same(before.tree.declarations, now.tree.declarations)
    assert [c.text for c in before.comments] == [c.text for c in now.comments]
    assert formatted(after) == after
    assert not any(line.endswith((" ", "\t")) for line in after.split("\n") if line not in _LINES_OF_TEXTS)


def test_many_programs() -> None:
    for seed in range(1000, 1300):
        agrees(made(seed))


@examples(60)
@given(programs())
def test_any_program(text: str) -> None:
    agrees(text)


@examples(60)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(0, 20))
def test_a_range_says_the_same_and_leaves_other_lines_alone(seed: int, first: int, more: int) -> None:
    text = made(seed)
    done = format_range(Source("made.segue", text), first, first + more)
    assert done.safe and not done.problems
    before, now = (parse(Source("made.segue", t)).tree.declarations for t in (text, done.text))
    assert same(before, now)
    for old, new in zip(before, now, strict=True):
        lines = [Source("", text).position(at)[0] for at in (old.span.start, old.span.end)]
        if lines[1] < first or lines[0] > first + more:
            assert text[old.span.start : old.span.end] == done.text[new.span.start : new.span.end]


@examples(30)
@given(st.integers(0, 10_000))
def test_the_newlines_of_the_file_stay(seed: int) -> None:
    text = "# first\n" + made(seed)
    assert formatted(text.replace("\n", "\r\n")) == formatted(text).replace("\n", "\r\n")


@examples(200)
@given(st.text() | st.lists(st.sampled_from(_WORDS)).map(" ".join))
def test_any_text_has_an_answer(text: str) -> None:
    done = format_source(Source("any.segue", text))
    assert done.safe
    assert done.problems == () or done.text == text
