"""The other answers, without a server: symbols, folds, lenses, hints, colours, actions, tests."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.diagnostics.diagnostic import Edit
from dsl.source import Source, Span
from lsp.actions import actions, fix_all
from lsp.coloring import colored
from lsp.folding import folds
from lsp.hints import hints
from lsp.lenses import lenses
from lsp.outline import Symbol, matching, outline
from lsp.project import Project
from lsp.selecting import around
from lsp.trying import Played, Ready, play, ready
from tests.examples import examples

from .projects import CARE, FILES, TESTS, find, opened, with_cursor


def source_of(project: Project, name: str) -> Source:
    return find(project, name, "")[0]


def written(symbols: list[Symbol]) -> list[str]:
    return [f"{s.kind} {s.name}" + "".join(f" > {p.kind} {p.name}" for p in s.parts) for s in symbols]


def edited(text: str, edits: tuple[Edit, ...] | list[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: -e.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


# --- symbols ----------------------------------------------------------------------------------


def test_symbols_of_a_file(project: Project) -> None:
    assert written(outline(project, source_of(project, "segments.segue"))) == ["segment trials", "segment 休眠顧客"]
    assert written(outline(project, source_of(project, "tests/care.segue"))) == ["test a trial is written to"]
    assert "object contact > property plan > property nps > property 誕生日" in written(
        outline(project, source_of(project, "schema.yaml"))
    )


def test_parts_of_a_dynamic_sequence_and_of_a_half_written_file() -> None:
    text = "sequence x {\n automated { wait 1 day }\n rep_led when replied { exit 'x' }\n}\nsegment y {"
    project = opened({**FILES, "x.segue": text})
    found = outline(project, source_of(project, "x.segue"))
    assert written(found)[0] == "sequence x > automated automated > rep_led rep_led"
    assert all(s.span.start <= s.name_span.start and s.name_span.end <= s.span.end for s in found)


@pytest.mark.parametrize(
    ("query", "first"), [("tri", "trials"), ("hlo", "hello"), ("休眠", "休眠顧客"), ("ctct.nps", "contact.nps")]
)
def test_search_over_the_project(project: Project, query: str, first: str) -> None:
    project.check()
    assert matching(project, query)[0].thing.name == first


def test_nothing_fits(project: Project) -> None:
    assert matching(project, "xyzzy") == []


# --- folds ------------------------------------------------------------------------------------


def test_blocks_texts_and_comments_fold() -> None:
    text = '# one\n# two\n\n# alone\nsequence x {\n  if a {\n  }\n}\ntemplate t { body: """\n  x\n  """ }\n'
    found = [text[f.start : f.end].split("\n")[0] for f in folds(Source("x.segue", text))]
    assert sorted(found) == sorted(["{", "{", '"""', "# one", '{ body: """'])


# --- lenses and tests -------------------------------------------------------------------------


def test_lenses(project: Project) -> None:
    counts = {"trials": 1}.get
    found = lenses(project, source_of(project, "segments.segue"), counts)
    assert [lens.words for lens in found] == ["1 member"]
    (run,) = lenses(project, source_of(project, "tests/care.segue"), counts)
    assert (run.words, run.test) == ("run test", "a trial is written to")


def played(project: Project, title: str = "a trial is written to") -> Played:
    given_ = ready(project, "tests/care.segue", title)
    assert isinstance(given_, Ready)
    return play(given_)


def test_a_test_is_played_with_the_texts_of_the_editor(project: Project) -> None:
    assert played(project) == Played(True, '"a trial is written to" passed')
    failing = opened({**FILES, "tests/care.segue": TESTS.replace("receives hello", "does not receive hello")})
    result = played(failing)
    assert not result.passed and "failed" in result.summary
    assert any("care" in line for line in result.lines)


def test_a_test_that_cannot_be_played_says_why(project: Project) -> None:
    assert ready(project, "tests/care.segue", "gone") == 'there is no test "gone" any more'
    broken = opened({**FILES, "x.segue": "segment x of contact { plan = trail }"})
    assert ready(broken, "tests/care.segue", "a trial is written to") == "the project has 1 error; put that right first"


# --- hints ------------------------------------------------------------------------------------


def test_hints_tell_weekdays_the_object_and_defaults() -> None:
    settings_ = FILES["segue.yaml"] + "defaults:\n  window: 09:00-17:00\n  sender: mia\n"
    project = opened({**FILES, "segue.yaml": settings_})
    source = source_of(project, "tests/care.segue")
    assert [(source.text[: h.offset].split()[-1], h.words) for h in hints(project, source, 0, 999)] == [
        ("2026-03-02", "Mon"),
        ("2026-03-01", "Sun"),
    ]
    source = source_of(project, "care.segue")
    assert [h.words for h in hints(project, source, 0, 40)] == ["of contact", "window: 09:00-17:00"]
    assert hints(project, source, 100, 110) == []


# --- colours ----------------------------------------------------------------------------------


def colours(project: Project, name: str) -> dict[str, str]:
    source = source_of(project, name)
    return {source.text[part.start : part.end]: part.type for part in colored(project, source)}


def test_colours_go_by_what_a_word_means(project: Project) -> None:
    found = colours(project, "care.segue") | colours(project, "mails.segue") | colours(project, "segments.segue")
    wanted = {
        "sequence": "keyword", "care": "function", "when": "decorator", "trials": "class", "hello": "macro",
        "news": "namespace", "mia": "variable", "purchased": "event", "amount": "parameter", "10 USD": "number",
        "3 business days": "number", "plan": "property", "paid": "enumMember", "休眠顧客": "class", "=": "operator",
        "company": "property",
    }  # fmt: skip
    assert {word: found.get(word) for word in wanted} == wanted
    assert found["first_name"] == "property"  # inside a text


def test_no_colour_overlaps_or_crosses_a_line(project: Project) -> None:
    for name in project.files:
        source, end = source_of(project, name), 0
        for part in colored(project, source):
            assert part.start >= end and part.end > part.start
            assert "\n" not in source.text[part.start : part.end]
            end = part.end


def test_a_part_is_coloured_as_in_the_whole(project: Project) -> None:
    source = source_of(project, "care.segue")
    whole = colored(project, source)
    assert colored(project, source, 30, 80) == [p for p in whole if p.end > 30 and p.start < 80]


# --- actions ----------------------------------------------------------------------------------


def test_the_fix_of_a_finding() -> None:
    project, source, at = with_cursor(FILES, "x.segue", "segment x of contact { plan |== trial }\n")
    (action,) = actions(project, Span("x.segue", at, at))
    assert action.preferred and action.title == "Write `=` for `==`"
    assert edited(source.text, action.edits) == "segment x of contact { plan = trial }\n"


def test_an_unsafe_fix_says_so() -> None:
    project, _, at = with_cursor(FILES, "x.segue", "segment x of contact { plan = |trail }\n")
    (action,) = actions(project, Span("x.segue", at, at))
    assert not action.preferred and action.title == "Write `trial` for `trail` (may change what the rule does)"


def test_a_finding_is_hidden_by_a_comment_that_works() -> None:
    text = CARE.replace("sequence care", "sequence other").replace("  if plan", "  if cont|act.plan")
    project, source, at = with_cursor(FILES, "x.segue", text)
    offered = actions(project, Span("x.segue", at, at))
    hide = next(action for action in offered if action.title.startswith("Hide"))
    after = edited(source.text, hide.edits)
    assert f"  # segue: ignore[{hide.finding.code}] say why\n  if contact.plan" in after
    again = opened({**FILES, "x.segue": after})
    assert hide.finding.code not in {d.code for d in again.check() if d.label.span.file == "x.segue"}
    assert "unused-ignore" not in {d.code for d in again.check()}


def test_an_error_cannot_be_hidden() -> None:
    project, _, at = with_cursor(FILES, "x.segue", "segment x of contact { |nonsense = 1 }\n")
    assert not any("Hide" in action.title for action in actions(project, Span("x.segue", at, at)))


def test_all_safe_fixes_of_one_file_leave_the_project_as_it_was() -> None:
    text = "segment x of contact { plan == trial and nps == 3 }\n"
    project = opened({**FILES, "x.segue": text, "y.segue": text.replace("x", "y")})
    before = project.check()
    assert edited(text, fix_all(project, "x.segue")) == text.replace("==", "=")
    assert project.workspace.check() == before
    assert fix_all(project, "care.segue") == []


# --- selections -------------------------------------------------------------------------------


def test_a_selection_grows_by_what_belongs_together(project: Project) -> None:
    source, offset = find(project, "segments.segue", "plan")
    texts = [source.text[span.start : span.end] for span in around(project, source, offset)]
    assert texts[:3] == ["plan", "plan = trial", "plan = trial and created_at within 14 days"]
    assert texts[-2].startswith("segment trials") and texts[-1] == source.text
    assert all(inner in outer for inner, outer in pairwise(texts))


# --- whatever is asked ------------------------------------------------------------------------


@examples(60)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_edit_at_any_place_is_answered(name: str, data: st.DataObject) -> None:
    from lsp.hovering import hover
    from lsp.members import nobody_knows
    from lsp.names import named_at, uses
    from lsp.renaming import Impossible, renamed

    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    new = data.draw(
        st.sampled_from(
            ["", "{", "}", '"', '"""', "{{", "🎉", "[", "(", ": ", "\ud800", "\x00", "segment ", "\r", "- "]
        )
    )
    project = opened({**FILES, name: text[:start] + new + text[end:]})
    source = source_of(project, name)
    at = data.draw(st.integers(0, len(source.text)))
    hover(project, source, at, nobody_knows)
    uses(project, [use.thing for use in named_at(project, name, at)])
    with_errors = [*outline(project, source), *lenses(project, source, nobody_knows), *folds(source)]
    assert all(item is not None for item in with_errors)
    colored(project, source)
    hints(project, source, 0, len(source.text))
    assert around(project, source, at)
    for action in actions(project, Span(name, 0, len(source.text))):
        assert action.title
    fix_all(project, name)
    try:
        renamed(project, source, at, "fresh_name")
    except Impossible as reason:
        assert str(reason)
