"""The figures of surveys beside the same in plain Python (P10, P11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.conversations import Scale
from runtime.errors import InvalidInput
from runtime.reports.asking import Reports
from runtime.store.ids import record_id
from runtime.surveys.figures import figures
from tests.examples import examples
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.surveys.conftest import ask, reply, token, told

RULES = """
survey nps { scale: 0..10 }
survey easy { kind: ces scale: 1..7 polarity: high }
survey effort { kind: ces scale: 1..7 polarity: low }
survey happy { kind: csat scale: 1..5 }
survey plain { scale: 1..3 polarity: high }
segment paying of contact { plan = paid }
"""


def begun(worlds: MakeWorld) -> World:
    world = worlds(RULES)
    for name in ("ann", "bob", "eve"):
        world.contact(name, plan="free" if name == "eve" else "paid")
    return world.run_to("03-02 09:00")


def test_p10_p11_each_kind_by_its_own_rule() -> None:
    nps = figures(Scale(0, 10, kind="nps"), {0: 1, 6: 1, 7: 1, 8: 2, 9: 1, 10: 4, 11: 5, -1: 1, 9.5: 2})
    assert (nps.value, nps.answers, nps.off_scale) == (30.0, 10, 8)
    assert nps.parts == {"promoters": 5, "passives": 3, "detractors": 2}
    given = {1: 4, 3: 1, 4: 2, 5: 1, 7: 2}
    high, low = (figures(Scale(1, 7, polarity=p, kind="ces"), given) for p in ("high", "low"))
    assert high.parts == {"easy": 3, "neither": 2, "hard": 5} and low.parts == {"easy": 5, "neither": 2, "hard": 3}
    assert high.value == low.value == 3.4
    assert figures(Scale(1, 5, kind="csat"), {5: 1, 4: 1, 3: 1, 1: 1}).value == 50.0
    assert figures(Scale(1, 7, kind="csat"), {7: 1, 6: 1, 5: 2}).value == 50.0
    assert figures(Scale(1, 3), {1: 1, 3: 2}).figure == "mean"
    assert figures(Scale(0, 10, kind="nps"), {}).value is None


def test_p10_who_did_not_answer_is_in_the_rate_alone(worlds: MakeWorld) -> None:
    world = begun(worlds)
    asked = ask(world, "nps", "ann", "bob", "eve").invited
    reply(world, asked[0].token, score=10)
    world.event("eve", "submitted_survey", survey="nps", score=0)  # elsewhere, without an invitation
    world.event("eve", "submitted_survey", survey="nps", score=99)
    world.event("eve", "submitted_survey", survey="happy", score=1)
    for _ in range(2):  # before the answer's event has come, and after
        (one,) = told(world, "nps")
        assert (one.invited, one.responded, one.response_rate) == (3, 1, 1 / 3)
        world.run_to("03-02 09:05")
    assert (one.figures.value, one.figures.answers) in {(100.0, 1), (0.0, 2)}
    (one,) = told(world, "nps")
    assert (one.figures.value, one.figures.answers, one.figures.off_scale) == (0.0, 2, 1)
    assert told(world, "plain")[0].figures.value is None and told(world, "plain", "month") == []
    with pytest.raises(InvalidInput, match="not by `week`"):
        told(world, "nps", "week")


def test_p10_month_by_month_on_the_accounts_clock(worlds: MakeWorld) -> None:
    world = begun(worlds)
    first = token(world, "nps", "ann")
    world.run_to("03-31 23:58")
    reply(world, first, score=10)
    world.run_to("04-01 00:01")
    reply(world, token(world, "nps", "bob"), score=2)
    ask(world, "nps", "eve")
    world.run_to("05-02 09:00")
    found = told(world, "nps", "month")
    assert [(r.group, r.invited, r.responded, r.figures.value) for r in found] == [
        ("2026-03", 1, 1, 100.0),
        ("2026-04", 2, 1, -100.0),
    ]


def test_p10_by_segment(worlds: MakeWorld) -> None:
    world = begun(worlds)
    for name, score in (("ann", 10), ("bob", 7), ("eve", 0)):
        reply(world, token(world, "nps", name), score=score)
    ((paying),) = told(world, "nps", "segment")
    assert (paying.group, paying.invited, paying.figures.value) == ("paying", 2, 50.0)
    world.set("eve", plan="paid").run_to("03-02 09:05")
    ((paying),) = told(world, "nps", "segment")
    assert (paying.invited, paying.figures.answers, paying.figures.value) == (3, 3, 0.0)


def test_p10_a_report_tells_the_same_figure(worlds: MakeWorld) -> None:
    world = worlds(RULES + "report r of survey_answer { measure: nps, count  by: survey }")
    world.contact("ann").contact("bob").run_to("03-02 09:00")
    for who, score in (("ann", 10), ("bob", 8)):
        reply(world, token(world, "nps", who), score=score)
    world.event("bob", "submitted_survey", survey="nps", score=1)
    world.event("bob", "submitted_survey", survey="nps", score=11)
    world.run_to("03-02 09:05")
    rows = Reports(world.engine.session, world.program, world.now).run("r").rows
    assert [[cell.value for cell in row.cells] for row in rows] == [[0, 4]]
    (one,) = told(world, "nps")
    assert (one.figures.value, one.figures.answers, one.figures.off_scale) == (0.0, 3, 1)


SURVEYS = {"nps": range(11), "easy": range(1, 8), "effort": range(1, 8), "happy": range(1, 6)}
PEOPLE = ("ann", "bob", "eve")


def expected(survey: str, scores: list[int]) -> Fraction | None:
    """P10, P11 in plain Python."""
    if not scores:
        return None
    n = len(scores)
    match survey:
        case "nps":
            return Fraction(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)), n)
        case "happy":
            return Fraction(100 * sum(s >= 4 for s in scores), n)
    return Fraction(sum(scores), n)


ACTS = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(tuple(SURVEYS)),
    st.none() | st.integers(0, 10),
    st.booleans(),
    st.booleans(),
)


@examples(15)
@given(st.lists(ACTS, min_size=1, max_size=12))
def test_p10_p11_as_counted_in_plain_python(acts: list[tuple]) -> None:
    """Who is asked what, answers what (or not), with or without an invitation, half a month going by or not."""
    world = begun(lambda *a, **k: World(*a, **k))
    answers: dict[tuple[str, str], list[int]] = {}
    asked: dict[tuple[str, str], list[bool]] = {}
    day = 2
    for who, survey, answer, invited, later in acts:
        month = f"2026-{3 + (day - 1) // 28:02}"
        score = None if answer is None else SURVEYS[survey][answer % len(SURVEYS[survey])]
        if invited:
            mine = token(world, survey, who)
            asked.setdefault((survey, month), []).append(score is not None)
            if score is not None:
                reply(world, mine, score=score)
        elif score is not None:
            world.event(who, "submitted_survey", survey=survey, score=score)
        if score is not None:
            answers.setdefault((survey, month), []).append(score)
        if later:
            day += 14
            world.run_to(f"{3 + (day - 1) // 28:02}-{(day - 1) % 28 + 1:02} 09:00")
    world.run_to("12-31 09:00")
    for survey in SURVEYS:
        months = sorted({m for s, m in (*answers, *asked) if s == survey})
        found = told(world, survey, "month")
        assert [r.group for r in found] == months
        for one in found:
            scores, replies = answers.get((survey, one.group), []), asked.get((survey, one.group), [])
            value = expected(survey, scores)
            assert one.figures.answers == len(scores) and (one.invited, one.responded) == (len(replies), sum(replies))
            assert (one.figures.value is None) == (value is None)
            assert value is None or abs(Fraction(one.figures.value) - value) < Fraction(1, 10**9)
        everything = [s for (of, _), scores in answers.items() if of == survey for s in scores]
        (whole,) = told(world, survey)
        assert whole.figures.answers == len(everything) and sum(whole.figures.scores.values()) == len(everything)
    world.close()


def test_m24_an_answer_stays_in_the_figures_of_who_was_deleted(worlds: MakeWorld) -> None:
    from runtime.store import inbox

    world = begun(worlds)
    reply(world, token(world, "nps", "ann"), score=10)
    world.run_to("03-02 09:05")
    world._put(inbox.delete_row("contact", record_id("contact", "ann"), at=world.now + 1)).run_to("03-02 09:10")
    (one,) = told(world, "nps")
    assert (one.figures.value, one.responded) == (100.0, 1)
