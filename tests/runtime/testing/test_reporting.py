"""Many tests at once, what they have seen, and how they are told to other programs."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from dsl.diagnostics.regions import Places
from dsl.source import Source
from runtime.testing import Outcome, run_tests
from runtime.testing.coverage import coverage, ways_of
from runtime.testing.junit import junit
from runtime.testing.told_json import as_plain

from .play import ANN, RULES, play_all, program, written

GOOD = written("expect ann receives intro", title="good")
BAD = written("expect ann receives story\n  expect ann { plan = paid }", title="bad <&>")


def timeless(outcomes: list[Outcome]) -> list[Outcome]:
    return [replace(o, seconds=0.0) for o in outcomes]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_results_are_the_same_however_many_work_on_them(jobs: int) -> None:
    tests = "".join(written(f"expect ann receives {('intro', 'story')[i % 2]}", title=str(i)) for i in range(60))
    made = program(RULES + tests)
    outcomes = list(run_tests(made, made.tests, jobs))
    assert [o.test.title for o in outcomes] == [str(i) for i in range(60)]
    assert [o.passed for o in outcomes] == [i % 2 == 0 for i in range(60)]
    assert timeless(outcomes) == timeless(list(run_tests(made, made.tests, 1)))


def test_no_tests_are_no_trouble() -> None:
    assert list(run_tests(program(RULES), ())) == []


# --- coverage ---------------------------------------------------------------------------------

BRANCHES = """
# a workflow with every kind of way
workflow w of contact {
  when: purchased
  again: always
  stop_when: plan = free
  suppress: opted out of news
  if vip { set visits = 1 } else if visits > 3 { set visits = 2 }
  wait until replied up to 2 days else { set visits = 9 }
}
"""
HEAD = RULES.split("sequence trial")[0]


def missing(*tests: str, given: str = 'given contact ann { email = "a@x.example"  vip = true }') -> list[str]:
    text = BRANCHES + "".join(written(test, "w", given) for test in tests)
    made = program(text)
    found = coverage(made, run_tests(made, made.tests, 1))
    source = Source("t.segue", text)
    assert found.covered + len(found.missing) == found.ways
    return [f"{source.position(way.span.start)[0]} {way.words}" for way in found.missing]


EVERY = [
    "3 nobody enters",
    "6 nobody is ended by `stop_when`",
    "7 nobody is ended by `suppress`",
    "8 is never true",
    "8 is never false",
    "8 is never true",
    "8 is never false",
    "9 never comes true",
    "9 never runs into its limit",
]


def test_without_tests_nothing_is_seen() -> None:
    assert missing() == EVERY


def test_each_way_is_seen_by_the_test_that_goes_it() -> None:
    assert missing("ann purchased") == [*EVERY[1:3], *EVERY[4:]]
    assert missing("ann purchased\n  after 2 days") == [*EVERY[1:3], *EVERY[4:8]]
    assert missing("ann purchased\n  after 1 day\n  ann replied") == [*EVERY[1:3], *EVERY[4:7], EVERY[8]]
    assert missing("ann purchased\n  set ann.plan = free") == [EVERY[2], *EVERY[4:]]
    given = "given contact ann { vip = false  visits = 4 }"
    assert missing("ann purchased", given=given) == [*EVERY[1:4], EVERY[6], *EVERY[7:]]


def test_all_ways_together_are_all() -> None:
    given = 'given contact ann { email = "a@x.example"  vip = false  visits = 4 }'
    tests = "".join(
        (
            written("ann purchased\n  after 2 days", "w", given),
            written("ann purchased\n  ann replied", "w", given.replace("false", "true")),
            written("ann purchased\n  set ann.plan = free", "w", given.replace("4", "1")),
            written("ann purchased\n  ann unsubscribed(topic = news)", "w", given),
        )
    )
    made = program(BRANCHES + tests)
    found = coverage(made, run_tests(made, made.tests, 1))
    assert (found.missing, found.percent) == ((), 100.0)


@pytest.mark.parametrize(
    ("given", "body", "left"),
    [
        ("vip = false", "expect ann not in segment vips", ["nobody is in it"]),
        ("vip = true", "expect ann in segment vips", ["nobody is outside"]),
        ("vip = true", "set ann.vip = false  expect ann not in segment vips", []),
        ("vip = false", "set ann.vip = true  expect ann in segment vips", []),
        ("vip = true", "expect ann not in segment board", ["nobody is in it", "nobody is outside"]),
    ],
)
def test_a_segment_is_seen_from_both_sides(given: str, body: str, left: list[str]) -> None:
    rules = "segment vips of contact { vip }\nstatic segment board of contact\n"
    made = program(rules + written(body, "vips, board", f"given contact ann {{ {given} }}"))
    assert [way.words for way in coverage(made, run_tests(made, made.tests, 1)).missing] == left
    assert [way.words for way in coverage(made, ()).missing] == ["nobody is in it", "nobody is outside"]


def test_the_runs_of_a_repeat_are_one_line() -> None:
    made = program(
        "workflow w of contact { when: purchased\n repeat up to 5 times every 1 day until vip { set visits = 1 } }"
    )
    (d,) = made.definitions.values()
    assert [way.words for way in ways_of(d)] == ["nobody enters", "never comes true", "never runs into its limit"]


def test_a_bounce_that_ends_every_sequence_counts_where_it_is_written_down() -> None:
    made = program(
        "sequence s of contact { when: vip = true  sender: rep\n"
        " stop_on: bounced, submitted_form  send intro  wait 3 days }\n"
        'template intro { topic: sales  subject: "x"  body: "y" }\n'
        'test "t" of s { clock 2026-03-02 10:00  given contact ann { email = "a@x.example"  vip = true }\n'
        "  ann bounced(kind = hard)  expect ann unenrolled from s because bounce }"
    )
    outcomes = list(run_tests(made, made.tests, 1))
    assert [outcome.passed for outcome in outcomes] == [True]
    assert [way.words for way in coverage(made, outcomes).missing] == ["nobody is stopped by `submitted_form`"]


def test_a_dynamic_sequence_counts_the_switch() -> None:
    made = program(
        "sequence d of contact { when: manually  sender: rep\n automated { send intro }\n"
        ' rep_led when clicked_email { task call "Call" } }\n'
        'template intro { topic: sales  subject: "x"  body: "y" }'
    )
    (d,) = made.definitions.values()
    assert [way.words for way in ways_of(d)] == ["nobody enters", "nobody is handed to the rep"]


# --- other programs ---------------------------------------------------------------------------


def places(text: str) -> Places:
    return Places({"t.segue": Source("t.segue", text)}, "crm")


def test_junit_has_the_shape_that_readers_expect() -> None:
    text = RULES + GOOD + BAD
    root = fromstring(junit(play_all(GOOD + BAD), places(text)))
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "2", "1", "0")
    (suite,) = root
    assert (suite.tag, suite.get("name"), suite.get("tests")) == ("testsuite", "crm/t.segue", "2")
    assert float(suite.get("time") or "x") >= 0
    good, bad = suite
    assert (good.tag, good.get("name"), good.get("classname"), len(good)) == ("testcase", "good", "crm/t.segue", 0)
    assert bad.get("name") == "bad <&>"
    (failure,) = bad
    assert (failure.tag, failure.get("type")) == ("failure", "expectation-failed")
    assert failure.get("message") == "`ann` has not received `story`"
    assert "it is `trial`" in (failure.text or "") and "send intro: sent" in (failure.text or "")


def test_json_says_all_of_it() -> None:
    text = RULES + GOOD + BAD
    outcomes = play_all(GOOD + BAD)
    said = as_plain(outcomes, coverage(program(text), outcomes), places(text), 1.0)
    assert (said["passed"], said["failed"]) == (1, 1)
    bad = said["tests"][1]
    assert (bad["title"], bad["passed"], bad["trouble"]) == ("bad <&>", False, "")
    assert bad["failures"][0]["instead"] == "received `intro` instead"
    assert bad["failures"][0]["line"] == text.splitlines().index("  expect ann receives story") + 1
    assert bad["failures"][0]["log"][0]["lines"][0] == {
        "when": "2026-03-02 10:00",
        "definition": "sequence trial",
        "what": "enrolled",
    }


def test_a_test_that_cannot_be_run_says_why() -> None:
    crowd = "\n  ".join(
        f'given contact p{i} {{ email = "p{i}@x.example"  plan = trial  owner = rep }}' for i in range(501)
    )
    (outcome,) = play_all(written("expect ann receives intro", "trial", f"{ANN}\n  {crowd}"))
    assert not outcome.passed
    assert outcome.trouble == "sequence `trial` would enroll 502 records at once; the limit is 500"


def test_each_arm_of_a_split_is_a_way() -> None:
    rules = HEAD_OF_SPLIT + "".join(
        written(
            "ann purchased", "w", f'given contact ann {{ email = "{n}@x.example" }}'.replace("ann", f"p{n}")
        ).replace("ann purchased", f"p{n} purchased")
        for n in range(12)
    )
    made = program(rules)
    (d,) = made.definitions.values()
    assert [way.words for way in ways_of(d)] == ["nobody enters", "nobody goes to `a`", "nobody goes to `b`"]
    outcomes = list(run_tests(made, made.tests, 1))
    assert coverage(made, outcomes).missing == ()
    assert len(coverage(made, outcomes[:1]).missing) == 1


HEAD_OF_SPLIT = (
    "workflow w of contact { when: purchased  split { 50% a { set visits = 1 } 50% b { set visits = 2 } } }\n"
)
