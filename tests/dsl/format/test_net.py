"""The net under the layout: a text that would say something else is refused, and the file stays as it is."""

import pytest

from dsl.format import format_source
from dsl.format.layout import Layout
from dsl.format.same import same
from dsl.source import Source
from dsl.syntax import parse

TEXT = """segment  a "A" of contact { plan = trial and nps > 1_000 }  # why"""


def trees_agree(one: str, other: str) -> bool:
    return same(*(parse(Source("f.segue", text)).tree.declarations for text in (one, other)))


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("segment  a", "segment b"),
        TEXT.replace('"A"', '"B"'),
        TEXT.replace('"A"', ""),
        TEXT.replace(" and ", " or "),
        TEXT.replace("1_000", "1_001"),
        TEXT.replace("plan = trial and ", ""),
        TEXT.replace("plan = trial", "plan = [trial]"),
        TEXT.replace("nps > 1_000", "not (nps > 1_000)"),
        f"{TEXT}\nstatic segment b of contact",
    ],
)
def test_a_difference_is_seen(changed: str) -> None:
    assert not trees_agree(TEXT, changed)


def test_places_and_spelling_are_no_difference() -> None:
    assert trees_agree(TEXT, TEXT.replace("  ", " ").replace("1_000", "1000").replace("{", "{\n"))
    assert trees_agree('template a { body: """x""" }', 'template a { body: """\n  x\n  """ }')


@pytest.mark.parametrize(
    "fault", ["segment b of contact { x }", "segment a of contact {", 'segment a "A" of contact { nps }']
)
def test_a_faulty_layout_is_refused(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layout, "lines", lambda *_: fault)
    done = format_source(Source("f.segue", TEXT))
    assert not done.safe
    assert done.text == TEXT


def test_a_lost_comment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "segment a of contact { # why\n x }"
    monkeypatch.setattr(Layout, "lines", lambda *_: "segment a of contact { x }")
    assert not format_source(Source("f.segue", text)).safe
