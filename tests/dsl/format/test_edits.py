"""What an editor is told to change, and what a range touches."""

from dsl.format import format_range, format_source
from dsl.source import Source

THREE = (
    "segment  a of contact { x }\n\n# about b\nsegment  b of contact { y }  # beside\n   segment  c of contact { z }\n"
)


def test_one_edit_of_the_lines_that_change() -> None:
    source = Source("f.segue", "segment a of contact { x }\nsegment   b of contact { y }\nsegment c of contact { z }\n")
    done = format_source(source)
    (edit,) = done.edits
    assert source.text[edit.span.start : edit.span.end] == "segment   b of contact { y }\n"
    assert edit.text == "segment b of contact { y }\n"


def test_no_edit_where_nothing_changes() -> None:
    assert format_source(Source("f.segue", "segment a of contact { x }\n")).edits == ()
    assert format_source(Source("f.segue", "")).edits == ()


def test_the_edit_makes_the_text() -> None:
    source = Source("f.segue", THREE)
    done = format_source(source)
    (edit,) = done.edits
    assert THREE[: edit.span.start] + edit.text + THREE[edit.span.end :] == done.text


def test_a_range_formats_the_declarations_it_touches() -> None:
    assert format_range(Source("f.segue", THREE), 4, 4).text == THREE.replace("segment  b", "segment b")
    assert format_range(Source("f.segue", THREE), 5, 5).text == THREE.replace("   segment  c", "segment c")
    assert format_range(Source("f.segue", THREE), 2, 3).text == THREE


def test_what_cannot_be_read_stays_and_says_why() -> None:
    done = format_source(Source("f.segue", "segment   a of contact { x"))
    assert done.text == "segment   a of contact { x"
    assert [d.code for d in done.problems] == ["unclosed-block"]
