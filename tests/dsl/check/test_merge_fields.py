"""X36: the merge fields that are read without python-liquid mean what it makes of them."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from dsl.check import liquid_text, texts
from dsl.lint import printed

_WORDS = st.sampled_from(["a", "b_1", "first", "size", "A", "default", *sorted(liquid_text._NO_NAMES), "1", "é", ""])
_BLANKS = st.sampled_from(["", " ", "\n", "\t", "\v", "\x0c", "\x1c", "\u00a0"])
_QUOTED = st.sampled_from(["'x'", '"x y"', "''", '"it\'s"', "'a}}'", "'{{'", "'{%'", "'a\\'", "'a\nb'", "x", "1", ""])


@st.composite
def _fields(draw: st.DrawFn) -> str:
    path = ".".join(draw(st.lists(_WORDS, min_size=1, max_size=3)))
    fallback = draw(st.sampled_from(["", "|", "| default:", "| default :", "| DEFAULT:", "| upcase", "|default:"]))
    text = draw(_QUOTED) if fallback else ""
    blanks = [draw(_BLANKS) for _ in range(4)]
    return f"{{{{{blanks[0]}{path}{blanks[1]}{fallback}{blanks[2]}{text}{blanks[3]}}}}}"


@given(_fields())
@example("{{ contact.first_name }}")
@example("{{ contact.first_name | default: 'there' }}")
@example("{{ a.true }}")
def test_x36_a_plain_merge_field_is_what_the_parser_makes_of_it(source: str) -> None:
    from liquid.exceptions import LiquidError

    plain = liquid_text._plain(source, 7)
    if plain is None:
        return
    try:
        parsed = liquid_text._output(source, 7)
    except LiquidError:
        parsed = None
    assert plain == parsed


def test_x36_the_usual_merge_fields_are_plain() -> None:
    for source in ("{{ contact.first_name }}", "{{contact.company.name|default:'your company'}}"):
        assert liquid_text._plain(source, 0) is not None


_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{", re.DOTALL)


@given(st.lists(st.sampled_from(["{", "}", "%", "a", "\n", "{{", "}}", "{%", "%}"]), max_size=14).map("".join))
@example("{% {{ %} }}")
@example("{{ a {% b %}")
def test_a_mark_reaches_to_the_next_sign_that_closes_it(text: str) -> None:
    assert list(liquid_text._marked(text)) == [found.span() for found in _PIECE.finditer(text)]


def test_marks_that_nothing_closes_are_not_looked_for_to_the_end_each() -> None:
    """A text of 300,000 signs took more than a minute."""
    pieces = list(liquid_text.pieces("{{ " * 400_000))
    assert len(pieces) == 800_000 and isinstance(pieces[0], liquid_text.Broken)


def test_a_path_without_an_end_is_read_once() -> None:
    """A text of 300,000 signs took minutes."""
    for text in ("{{ a" + ".b" * 200_000, "{{ a." + "b" * 400_000):
        assert not list(printed._FIELD.finditer(text))
        assert not list(texts._SINGLE.finditer(text))
