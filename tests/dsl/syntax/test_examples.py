"""The design's programs: the good ones parse without a word, the broken one says what is wrong with its syntax."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.source import Source
from dsl.syntax import nodes, parse
from dsl.syntax.vocabulary import DECLARATIONS

HERE = Path(__file__).parent
KEYWORDS = tuple(DECLARATIONS)
EXAMPLES = sorted((HERE / "examples").glob("*.segue"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_example_parses(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    parsed = parse(source)
    assert parsed.diagnostics == ()
    for declaration in parsed.tree.declarations:
        written = source.text[declaration.span.start : declaration.span.end]
        assert written.startswith(KEYWORDS)
        assert written.endswith(("}", "of contact"))


def test_broken_example_says_three_things() -> None:
    text = (HERE / "cases" / "design_broken.segue").read_text(encoding="utf-8")
    source = Source("broken.segue", text)
    parsed = parse(source)
    assert [(d.code, source.position(d.label.span.start)[0]) for d in parsed.diagnostics] == [
        ("mixed-and-or", 5),
        ("missing-up-to", 14),
        ("unclosed-block", 16),
    ]
    assert len(parsed.tree.declarations) == 15
    assert not any(isinstance(d, nodes.Bad) for d in parsed.tree.declarations)


def test_comments_are_kept_with_their_places() -> None:
    source = Source("a.segue", '# one\nsegment a of contact { x = "#no" } # two\n')
    comments = parse(source).comments
    assert [(c.text, c.own_line, c.span.start) for c in comments] == [("# one", True, 0), ("# two", False, 41)]


def test_text_places_point_into_the_file() -> None:
    source = Source(
        "a.segue",
        'template t {\n  body: """\n    Hi\n      {{ first }}, {{ last }}\n    """ subject: "a\\"{{ b }}"\n}\n',
    )
    (template,) = parse(source).tree.declarations
    assert isinstance(template, nodes.Template)
    for setting, field in zip(template.settings, ("last", "b"), strict=True):
        assert isinstance(setting.value, nodes.Text)
        start = setting.value.value.index(field)
        span = setting.value.place(start, start + len(field))
        assert source.text[span.start : span.end] == field


def test_names_are_compared_in_nfc() -> None:
    written = "segment cafe\u0301 of contact { in segment か\u3099 }"
    (segment,) = parse(Source("a.segue", written)).tree.declarations
    assert isinstance(segment, nodes.Segment) and isinstance(segment.condition, nodes.Member)
    assert (segment.name.text, segment.condition.name.text) == ("café", "が")


def test_a_cached_table_reads_the_same(tmp_path: Path) -> None:
    """Written once, read again; a file that is no table is replaced, a folder that is not there is no error."""
    sources = [Source(p.name, p.read_text(encoding="utf-8")) for p in EXAMPLES]
    plain = [parse(s) for s in sources]
    table, spoilt = tmp_path / "table", tmp_path / "spoilt"
    spoilt.write_bytes(b"no table")
    for cache in (table, spoilt):
        assert [parse(s, cache) for s in sources] == plain
    assert table.stat().st_size > 1000
    assert [parse(s, tmp_path / "nowhere" / "table") for s in sources] == plain
