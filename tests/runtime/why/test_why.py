"""Why, at any time: what was said then is said of then later on, whatever happened since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import InvalidInput
from runtime.project.loading import Loaded
from runtime.project.unrun import LeftOut
from runtime.why.definitions import Why, why
from runtime.why.proof import Part
from tests.runtime.databases import BOTH
from tests.runtime.engine.harness import PROJECT, World, compiled

CONDITIONS = (
    """
plan = trial
plan is missing
visits > 3
renewal within next 30 days
first_name starts with "A"
company.industry = "tea"
any deal (stage = won)
count(deal) >= 2
has clicked_email at least 2 times within 3 days
has never purchased
has acted within 2 days
in segment regulars
not in segment regulars
in static_segment
opted out of news
in sequence other
last(purchased).at within 2 days
sum(purchased.amount within 3 days) >= 1.00 EUR
avg(purchased.amount) < 2.00 EUR
count(clicked_email including machines) > count(clicked_email)
last(clicked_email).at between 4 days ago and 1 day ago
created_at in this week
renewal in this month
first_name matches "^A"
plan was ever trial
visits was ever in [2, 3]
plan changed within 2 days
company.industry changed
was ever in segment regulars
was ever in sequence other
has clicked_email since last(purchased)
count(deal (stage = won)) >= visits
plan = trial and (visits > 3 or has purchased within 2 days)
not (visits is known and visits > 3)
score(heat) >= 4
score(heat) fell by 2 within 2 days
""".replace("in static_segment", "in segment board")
    .strip()
    .splitlines()
)
CHUNKS = [CONDITIONS[n::4] for n in range(4)]
RULES = "\n".join(
    [
        "segment regulars of contact { visits > 3 and has clicked_email within 3 days }",
        "static segment board of contact",
        "score heat of contact { give 4 when clicked_email  give 1 when visits > 3  decay: half every 2 days }",
        "sequence other { when: plan = trial  sender: rep  exclusive: false  send intro  wait 2 days  send case }",
        *(
            f"workflow w{n} of contact {{ when: manually  only: ({') or ('.join(some)})  set visits = 1 }}"
            for n, some in enumerate(CHUNKS)
        ),
        'workflow began of contact { when: created  notify rep "x" }',
        "workflow changes of contact { when: plan becomes paid  suppress: visits > 100  set visits = 9 }",
    ]
)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    databases = request.getfixturevalue("databases") if request.param == "postgres" else None
    made = World(RULES, store=databases.store(compiled(RULES).schema) if databases is not None else None)
    made.contact("ann", at="03-02 08:00", plan="free", visits=5, renewal="2026-03-20", first_name="Ann")
    made.contact("bob", at="03-04 08:00", plan="trial", first_name="Bob").company("acme", "ann", industry="tea")
    made.deal("d1", "ann", "03-02 09:00", stage="proposal").member("ann", "board", at="03-02 09:00")
    made.event("ann", "clicked_email", at="03-03 09:00", template="intro", link_url="x")
    made.event("ann", "clicked_email", at="03-03 10:00", template="intro", link_url="x", class_="machine")
    made.event("ann", "clicked_email", at="03-04 09:00", template="intro", link_url="x")
    made.set("ann", at="03-04 12:00", plan="trial", visits=2, first_name="Bea")
    made.event("ann", "purchased", at="03-05 09:00", amount=100).consent("ann", "news", "opted_out", at="03-05 10:00")
    made.deal("d1", "ann", "03-06 09:00", stage="won").deal("d2", "ann", "03-06 10:00", stage="proposal")
    made.member("ann", "board", at="03-06 12:00", remove=True)
    made.record("company", "acme", "03-07 09:00", industry="coffee")
    made.set("ann", at="03-07 12:00", plan="paid", visits=7, renewal=None)
    yield made
    made.close()


TIMES = ("03-02 08:30", "03-03 12:00", "03-04 13:00", "03-05 11:00", "03-06 13:00", "03-07 13:00", "03-12 00:00")


def test_what_was_said_then_is_said_of_then(world: World) -> None:
    """`--at` of a time gone by equals what `why` said when the clock stood there."""
    said: dict[tuple[str, str, str], Why] = {}
    asked = [(person, f"w{n}") for person in ("ann", "bob") for n in range(len(CHUNKS))] + [("ann", "changes")]
    for at in TIMES:
        world.run_to(at)
        for person, name in asked:
            if person == "ann" or at >= "03-04":
                said[at, person, name] = ask(world, person, name)
    held = set()
    for (at, person, name), then in said.items():
        now = ask(world, person, name, f"2026-{at}")
        assert [told(s.parts) for s in now.settings] == [told(s.parts) for s in then.settings], (at, person, name)
        held |= {(part.words, part.holds) for s in then.settings if s.name == "only" for part in s.parts[0].parts}
    assert len(held) > 1.5 * len(CONDITIONS)  # most conditions were both true and false


def test_a_beginning_is_an_event_without_a_table(world: World) -> None:
    world.run_to("03-05 11:00")
    for person, at, said in (
        ("ann", None, "once, at 2026-03-02 08:00"), ("bob", None, "once, at 2026-03-04 08:00"),
        ("ann", "2026-03-03", "once, at 2026-03-02 08:00"),
    ):  # fmt: skip
        (when,) = next(s.parts for s in ask(world, person, "began", at).settings if s.name == "when")
        assert (when.because, when.holds) == (said, True)


def test_steps_and_enrollments_as_of_then(world: World) -> None:
    world.run_to("03-12 00:00")
    now = ask(world, "bob", "other")
    assert [s.name for s in now.enrollments[0].steps if s.outcome == "sent"] == ["intro", "case"]
    then = ask(world, "bob", "other", "2026-03-05")
    assert [s.name for s in then.enrollments[0].steps if s.outcome == "sent"] == ["intro"]
    assert (then.enrollments[0].status, then.enrollments[0].next) == ("inside", "")
    assert ask(world, "bob", "other", "2026-03-03").enrollments == ()


def test_a_time_to_come_is_judged_as_if_nothing_happened(world: World) -> None:
    world.run_to("03-05 11:00")
    assert part(world, "has acted within 2 days").holds
    assert not part(world, "has acted within 2 days", "+5 days").holds


def test_who_is_in_a_segment_at_a_time_to_come_follows_from_its_condition(world: World) -> None:
    world.run_to("03-03 12:00")
    assert part(world, "in segment regulars").holds
    then = part(world, "in segment regulars", "+5 days")
    assert (then.holds, then.because, then.parts[0].holds) == (False, "by then", False)
    assert part(world, "not in segment regulars", "+5 days").holds


def test_before_it_went_live_that_is_said(world: World) -> None:
    world.run_to("03-05 11:00")
    assert ask(world, "ann", "other", "2026-02-01").summary.startswith("not live then: it went live 2026-")


def test_the_smallest_part_that_decides(world: World) -> None:
    world.run_to("03-04 13:00")
    both = part(world, "plan = trial and (visits > 3 or has purchased within 2 days)")
    assert not both.holds and both.decisive.words == "visits > 3 or has purchased within 2 days"
    neither = part(world, "not (visits is known and visits > 3)")
    assert neither.holds and (neither.decisive.words, neither.decisive.because) == ("visits > 3", "visits is 2")
    assert part(world, "in segment regulars").decisive.words == "visits > 3"


def test_the_values_behind_values_out_of_events(world: World) -> None:
    world.run_to("03-12 00:00")
    assert because(world, "last(purchased).at within 2 days") == "last(purchased).at is 2026-03-05 09:00"
    assert (
        because(world, "sum(purchased.amount within 3 days) >= 1.00 EUR")
        == "sum(purchased.amount within 3 days) is 0.00 EUR without an event"
    )
    assert because(world, "avg(purchased.amount) < 2.00 EUR") == "avg(purchased.amount) is 100.00 EUR over 1 event"
    assert because(world, "count(deal (stage = won)) >= visits") == "count(deal (stage = won)) is 1, visits is 9"
    acts = "has acted within 2 days"
    assert because(world, acts, "2026-03-05 11:00") == "2 times, the last at 2026-03-05 09:00"
    since = "has clicked_email since last(purchased)"
    assert because(world, since) == "never, last(purchased).at is 2026-03-05 09:00"
    assert because(world, since, "2026-03-04 13:00") == "last(purchased).at is missing"


def test_x34_the_past_behind_was_ever_and_changed(world: World) -> None:
    world.run_to("03-12 00:00")
    assert (
        because(world, "plan was ever trial")
        == "plan is paid, was trial from 2026-03-04 12:00 to 2026-03-07 12:00, was free until 2026-03-04 12:00"
    )
    assert because(world, "plan changed within 2 days") == "2 times, the last at 2026-03-07 12:00 from trial to paid"
    assert because(world, "company.industry changed") == "once, at 2026-03-07 09:00 from tea to coffee"
    assert because(world, "was ever in segment regulars") == "from 2026-03-03 09:00 to 2026-03-04 12:00"
    assert because(world, "was ever in sequence other") == "from 2026-03-04 12:00 to 2026-03-06 12:00"


def because(world: World, words: str, at: str | None = None) -> str:
    return part(world, words, at).because


def test_a_definition_that_is_not_run_says_so(world: World) -> None:
    world.run_to("03-03 12:00")
    left_out = (LeftOut("workflow", "later", "holds `create`, which the engine does not run yet"),)
    with pytest.raises(InvalidInput, match="nobody is in it: workflow later holds `create`"):
        ask(world, "ann", "workflow later", left_out=left_out)


def ask(world: World, person: str, name: str, at: str | None = None, left_out: tuple[LeftOut, ...] = ()) -> Why:
    program = world.program
    loaded = Loaded(Path(), program.project, program.schema, program, left_out, (), {})
    with world.store.session() as session:
        return why(session, loaded, person, name, at)


def part(world: World, words: str, at: str | None = None) -> Part:
    """What is said of one of the conditions, about ann."""
    found = ask(world, "ann", f"w{CONDITIONS.index(words) % 4}", at)
    whole = next(s for s in found.settings if s.name == "only").parts[0]
    return next(p for p in whole.parts if p.words == words)


def told(parts: tuple[Part, ...]) -> list[object]:
    """Truth, words and evidence; a membership's end was not known then."""
    return [(p.words, p.holds, "" if "in segment" in p.words else p.because, told(p.parts)) for p in parts]


def test_x16_what_is_held_back_says_by_what() -> None:
    made = World(
        """
workflow letter of contact { when: purchased  send intro  wait 1 hour  notify rep "x" }
workflow office of contact { when: purchased  window: 09:00-17:00  send case }
""",
        project=PROJECT + "limits: {quiet_hours: 21:00-08:00}\n",
    )
    try:
        made.contact("ann", at="03-02 10:00").event("ann", "purchased", at="03-02 22:00", amount=1)
        made.run_to("03-02 22:30")
        said = {name: ask(made, "ann", name).enrollments[0].held for name in ("letter", "office")}
        assert said == {"letter": "quiet hours until then", "office": "outside its window until then"}
        made.run_to("03-03 08:30")
        assert ask(made, "ann", "letter").enrollments[0].held == ""  # a wait like any other
    finally:
        made.close()


def test_x4_what_starts_by_the_clock_says_when() -> None:
    w = World("""
        workflow weekly of contact { when: every monday 09:00  only: plan = trial  set visits = 1 }
        workflow ahead of contact { when: at renewal - 3 days  set visits = 2 }
        workflow yearly of contact { when: every year on renewal at 09:00  only: email is known  set visits = 3 }""")
    w.contact("ann", renewal="2026-03-20").contact("bob").run_to("03-10 12:00")
    weekly, ahead, yearly = (f"workflow {name}" for name in ("weekly", "ahead", "yearly"))
    assert ask(w, "ann", weekly).summary == "not enrolled: `every monday 09:00`, next at 2026-03-16 09:00"
    assert ask(w, "ann", ahead).summary == (
        "not enrolled: `at renewal - 3 days`, renewal is 2026-03-20: at 2026-03-17 00:00"
    )
    assert ask(w, "ann", yearly).summary.endswith("renewal is 2026-03-20: next at 2026-03-20 09:00")
    assert ask(w, "bob", ahead).summary == "not enrolled: `at renewal - 3 days`, renewal is missing"
    w.close()


def test_x9_what_ends_everything_and_is_written_once_more_is_told_once() -> None:
    w = World("sequence drip { when: manually  stop_on: marked_spam, purchased  sender: rep  send intro }")
    w.contact("ann").run_to("03-03 12:00")
    (stops,) = [s for s in ask(w, "ann", "sequence drip").settings if s.name == "stop_on"]
    words = [part.words for part in stops.parts]
    assert words.count("has marked_spam") == words.count("has purchased") == 1
    w.close()


def test_what_no_condition_starts_says_what_does() -> None:
    w = World("""
        sequence drip { when: manually  sender: rep  send intro }
        playbook chat "Chat" for contact { ask why "Why?": text  on save { notify rep "x" } }""")
    w.contact("ann").run_to("03-03 12:00")
    assert ask(w, "ann", "sequence drip").summary == (
        "not enrolled: only `segue enroll` or another definition starts it"
    )
    assert ask(w, "ann", "playbook chat").summary == "not enrolled: only a playbook `chat` that is saved starts it"
    w.close()
