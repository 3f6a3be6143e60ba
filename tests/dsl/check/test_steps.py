"""What the statements of a body become: blocks of their own, or blocks that were there before."""

from __future__ import annotations

import pytest

from dsl.program.blocks import (
    Add,
    Assign,
    Clear,
    Create,
    Exit,
    Finish,
    Graph,
    If,
    JoinSegment,
    LeaveSegment,
    Link,
    LogNote,
    Merge,
    RecordRef,
    Send,
    SendTo,
    Set,
    Slack,
    Split,
    SplitArm,
    Subscribe,
    Task,
    Text,
    Unsubscribe,
    Wait,
    WaitClock,
    WaitCondition,
    WaitDate,
    WaitEvent,
    Webhook,
    following,
)
from dsl.program.codec import decode, encode
from dsl.program.conditions import AnyOf, Compare, Const, CreatedValue, Duration, Field, OneOf, Outcome, TaskDone, Unit
from dsl.schema.model import Kind, Type
from dsl.source import Source
from dsl.workspace import Workspace

from .test_cases import CASES, check
from .test_compiled import only

CONTACT = RecordRef((), "contact")


def graph(body: str, of: str = "contact", more: str = "") -> Graph:
    """The blocks of a workflow's body."""
    return only(f"{more}\nworkflow w of {of} {{ when: manually {body} }}").pinned.graph


def test_match_is_tried_case_by_case() -> None:
    blocks = graph('match plan { free, trial { exit "a" } paid { exit "b" } else { wait 1 day } }').blocks
    first = blocks[0]
    assert isinstance(first, If) and isinstance(first.condition, OneOf)
    assert [o.value for o in first.condition.options] == ["free", "trial"] and blocks[first.then] == Exit("a")
    second = blocks[first.otherwise]
    assert isinstance(second, If) and blocks[second.then] == Exit("b")
    assert isinstance(blocks[second.otherwise], Wait)


def test_match_of_what_is_true_or_false_compares() -> None:
    first = graph('match vip { true { exit "a" } }').blocks[0]
    assert isinstance(first, If) and isinstance(first.condition, Compare)


def test_x18_repeat_is_written_out() -> None:
    """A wait before each run, the first too; none after the last; C leaves from each of them."""
    blocks = graph('repeat up to 3 times every 7 days until nps > 3 { send offer } exit "over"').blocks
    waits = [b for b in blocks if isinstance(b, WaitCondition)]
    assert len(waits) == 3 and len(blocks) == 7
    assert blocks[0] == waits[0] and {b.up_to for b in waits} == {Duration(7, Unit.DAYS)}
    assert {blocks[b.next] for b in waits} == {Exit("over")}
    mails = [blocks[b.timeout] for b in waits]
    assert all(isinstance(m, Send) for m in mails)
    assert [blocks[following(m)[0]] for m in mails] == [waits[1], waits[2], Exit("over")]


def test_x18_repeat_in_repeat_and_without_until() -> None:
    blocks = graph("repeat up to 2 times every 1 day { repeat up to 3 times every 1 hour { add 1 to nps } }").blocks
    units = [b.length.unit for b in blocks if isinstance(b, Wait)]
    assert (units.count(Unit.DAYS), units.count(Unit.HOURS)) == (2, 6)
    assert sum(isinstance(b, Add) for b in blocks) == 6 and isinstance(blocks[-1], Finish)
    at, passed = 0, []
    while not isinstance(blocks[at], Finish):
        passed.append(type(blocks[at]))
        at = following(blocks[at])[0]
    assert passed == [Wait, Wait, Add, Wait, Add, Wait, Add] * 2


def test_x18_until_is_watched_while_the_steps_of_a_run_wait() -> None:
    blocks = graph("repeat up to 2 times every 7 days until nps > 3 { send offer wait 1 day send offer }").blocks
    waits = [b for b in blocks if isinstance(b, WaitCondition)]
    assert len(waits) == 4 and not any(isinstance(b, Wait) for b in blocks)
    assert {type(blocks[b.next]) for b in waits} == {Finish}
    assert all(isinstance(blocks[b.timeout], Send) for b in waits)


def test_x18_a_wait_for_something_else_asks_when_it_is_over() -> None:
    blocks = graph(
        "repeat up to 1 times every 7 days until nps > 3"
        " { wait until purchased up to 1 day wait until vip up to 1 day wait until 09:00 send offer }"
    ).blocks
    event = next(b for b in blocks if isinstance(b, WaitEvent))
    assert isinstance(blocks[0], WaitCondition) and blocks[blocks[0].timeout] == event
    for way in (event.next, event.timeout):
        asked = blocks[way]
        assert isinstance(asked, If) and isinstance(blocks[asked.then], Finish)
    inner = next(b for b in blocks if isinstance(b, WaitCondition) and isinstance(b.condition, AnyOf))
    assert isinstance(blocks[inner.next], If) and isinstance(blocks[inner.timeout], WaitClock)
    clock = next(b for b in blocks if isinstance(b, WaitClock))
    assert isinstance(blocks[clock.next], If)


def test_a_mistake_in_a_repeated_step_is_told_once_and_its_effects_count_once() -> None:
    found = check("workflow w of contact { when: manually repeat up to 5 times every 1 day { send no_such } }")
    assert [d.code for d in found.diagnostics] == ["unknown-template"]


def test_x19_splits_with_the_same_arms_are_numbered_in_writing_order() -> None:
    blocks = graph("""
        split { 50% a { wait 1 day } 50% b { split { 10% x { } 90% y { } } } }
        split { 50% a { } 50% b { } }
        repeat up to 2 times every 1 day { split { 50% a { } 50% b { } } }""").blocks
    splits = [b for b in blocks if isinstance(b, Split)]
    assert sorted((s.arms[0].name, s.number) for s in splits) == [("a", 0), ("a", 1), ("a", 2), ("a", 2), ("x", 0)]
    assert blocks[0] == splits[0] and splits[0].number == 0


def test_x19_shares_have_two_digits_behind_the_point() -> None:
    first = graph("split { 33.33% a { } 66.67% b { } }").blocks[0]
    assert first == Split((SplitArm("a", 3_333, 1), SplitArm("b", 6_667, 1)))


def test_clear_and_add() -> None:
    blocks = graph("clear plan clear company.industry add 3 to nps add 2.50 EUR to budget").blocks
    assert blocks[0] == Clear((), "contact", "plan", 1)
    assert blocks[1] == Clear(("company",), "company", "industry", 2)
    assert blocks[2] == Add((), "contact", "nps", Const(3, Type(Kind.NUMBER)), 3)
    assert blocks[3] == Add((), "contact", "budget", Const(250, Type(Kind.MONEY, currency="EUR")), 4)


def test_segments_and_consent() -> None:
    blocks = graph(
        'add to segment s remove from segment s subscribe to news because "asked" unsubscribe from news'
        " unsubscribe from all",
        more="static segment s of contact",
    ).blocks
    asked = Subscribe("news", Text(("asked",)), 3)
    assert blocks[:5] == (
        JoinSegment("s", 1),
        LeaveSegment("s", 2),
        asked,
        Unsubscribe("news", 4),
        Unsubscribe(None, 5),
    )


def test_a_created_record_has_a_name_and_its_first_stage() -> None:
    """A pipeline says where its records begin; the name is known to what follows."""
    blocks = graph("""create deal { name = "Deal of {{ contact.full_name }}" pipeline = renewals amount = 5 USD } as won
        link won to contact assign won.owner round_robin team closers replace
        notify ada "{{ won.name }} {{ won.stage }}" if won.amount > 3 USD { exit "x" }""").blocks
    first = blocks[0]
    assert isinstance(first, Create) and (first.object, first.name) == ("deal", "won")
    assert [name for name, _ in first.fields] == ["name", "pipeline", "amount", "stage"]
    assert first.fields[3][1] == Const("offer", first.fields[3][1].type)
    assert blocks[1] == Link(RecordRef((), "deal", "won"), CONTACT, "contact", 2)
    assert blocks[2] == Assign(RecordRef((), "deal", "won"), "owner", "closers", 3, True)
    text = blocks[3].text
    assert [m.value for m in text.parts if isinstance(m, Merge)] == [
        CreatedValue("won", "deal", "name", Type(Kind.TEXT)),
        CreatedValue("won", "deal", "stage", first.fields[3][1].type),
    ]


def test_the_only_pipeline_need_not_be_named() -> None:
    first = graph('create ticket { subject = "x" }').blocks[0]
    assert isinstance(first, Create) and [name for name, _ in first.fields] == ["subject", "stage"]


def test_links_go_by_the_association_between_two_objects() -> None:
    blocks = graph("unlink contact from company").blocks
    assert blocks[0] == Link(CONTACT, RecordRef(("company",), "company"), "company", 1, False)


def test_assign_to_the_record_itself() -> None:
    assert graph("assign owner round_robin team closers").blocks[0] == Assign(CONTACT, "owner", "closers", 1)


def test_x20_mail_to_others() -> None:
    blocks = graph("send offer to every contact (nps > 3) send offer to every contact", of="deal").blocks
    first, second = blocks[:2]
    assert isinstance(first, SendTo) and isinstance(first.condition, Compare)
    assert (first.template, first.path, first.every) == ("offer", ("contact",), True)
    assert second == SendTo("offer", ("contact",), 2, True)


def test_x17_waiting_for_a_date_or_a_time() -> None:
    blocks = graph("""wait until renewal_on at 09:00 else { exit "none" } wait until created_at
        wait until 2026-05-01 09:00 wait until 08:30 wait until friday 17:00""").blocks
    day = Field((), "contact", "renewal_on", Type(Kind.DATE))
    assert blocks[0] == WaitDate(day, 1, 6, 540) and blocks[6] == Exit("none")
    assert isinstance(blocks[1], WaitDate) and (blocks[1].next, blocks[1].timeout) == (2, 2)
    assert blocks[2] == WaitDate(Const("2026-05-01T09:00", Type(Kind.DATETIME)), 3, 3)
    assert blocks[3:5] == (WaitClock(510, 4), WaitClock(1_020, 5, 4))


def test_x17_a_date_may_be_moved() -> None:
    """Back or forth, in any unit; then an instant can be given a time too: that of the day it is moved to."""
    blocks = graph("""wait until renewal_on - 1 day at 9:00 else { }
        wait until created_at + 2 weeks  wait until created_at + 5 months at 09:00
        wait until renewal_on - 3 business days else { exit "late" }""").blocks
    assert isinstance(blocks[0], WaitDate) and isinstance(blocks[3], WaitDate)
    assert [(w.moved, w.at) for w in blocks if isinstance(w, WaitDate)] == [
        (Duration(-1, Unit.DAYS), 540),
        (Duration(2, Unit.WEEKS), None),
        (Duration(5, Unit.MONTHS), 540),
        (Duration(-3, Unit.BUSINESS_DAYS), None),
    ]
    assert blocks[0].next == blocks[0].timeout == 1 and blocks[blocks[3].timeout] == Exit("late")


def test_x22_a_task_is_waited_for_by_name() -> None:
    blocks = graph('task call "Call" as ring wait until ring.done up to 3 days if ring.done { exit "x" }').blocks
    assert isinstance(blocks[0], Task) and blocks[0].name == "ring"
    assert isinstance(blocks[1], WaitCondition) and blocks[1].condition == TaskDone("ring")
    assert isinstance(blocks[2], If) and blocks[2].condition == TaskDone("ring")


def test_x24_what_became_of_a_mail() -> None:
    blocks = graph('send offer if refused { exit "x" } else if sent { wait 1 day }').blocks
    assert [b.condition for b in blocks if isinstance(b, If)] == [Outcome("refused"), Outcome("sent")]


def test_words_to_others() -> None:
    blocks = graph("""log note "Hello" slack "#leads" "{{ contact.full_name }}"
        webhook "orders" { total = nps name = "{{ contact.full_name }}" big = 3 USD }""").blocks
    assert blocks[0] == LogNote(Text(("Hello",)), 1)
    assert isinstance(blocks[1], Slack) and blocks[1].channel == "#leads"
    hook = blocks[2]
    assert isinstance(hook, Webhook) and [name for name, _ in hook.fields] == ["total", "name", "big"]
    assert hook.fields[2][1] == Const(300, Type(Kind.MONEY, currency="USD"))


@pytest.mark.parametrize(
    "inside", ["if nps > 3 { BODY }", "split { 50% a { BODY } 50% b { } }", "match plan { free { BODY } else { } }"]
)
def test_what_is_created_in_a_block_is_known_there_and_not_behind_it(inside: str) -> None:
    made = 'create ticket { subject = "x" } as inner'
    text = "workflow w of contact {{ when: manually {} }}"
    assert not check(text.format(inside.replace("BODY", f"{made} link inner to contact"))).diagnostics
    behind = check(text.format(inside.replace("BODY", made) + " link inner to contact"))
    assert [d.code for d in behind.diagnostics] == ["unknown-record"]


def test_every_block_goes_through_the_codec() -> None:
    """Versions are kept as JSON (X26)."""
    of_contact = graph(
        """create ticket { subject = "x" } as made link made to contact assign made.owner round_robin team closers
        clear plan add 1 to nps split { 50% a { } 50% b { } } wait until 09:00 wait until created_at
        repeat up to 2 times every 1 day { log note "x" slack "#leads" "y" } webhook "orders" { a = nps }
        subscribe to news because "z" unsubscribe from all add to segment s remove from segment s
        match plan { free { set plan = trial } else { } } send offer if sent { exit "x" }""",
        more="static segment s of contact",
    )
    for one in (of_contact, graph("send offer to every contact (nps > 3)", of="deal")):
        assert decode(encode(one)) == one
    assert isinstance(of_contact.blocks[0], Create) and any(isinstance(b, Set) for b in of_contact.blocks)


def test_every_name_is_noted_where_it_stands() -> None:
    """What renaming and "unused" read."""
    text = """workflow w of contact { when: manually sender: ada calendar: warsaw
        subscribe to news because "x" add to segment s assign owner round_robin team closers slack "#leads" "x"
        create ticket { subject = "x" } as made link made to contact notify ada "{{ made.subject }}"
        task call "x" as ring wait until ring.done up to 3 days clear plan enroll in workflow w send t }
        static segment s of contact
        template t { topic: sales subject: "x" body: "x" }"""
    yaml = [Source(file, (CASES / file).read_text(encoding="utf-8")) for file in ("schema.yaml", "segue.yaml")]
    space = Workspace()
    space.configure(*yaml)
    space.update(Source("a.segue", text))
    space.check()
    found = [r for outcome in space.outcomes("a.segue") for r in outcome.facts.references]
    noted = {(r.kind, r.name, text[r.span.start : r.span.end]) for r in found}
    assert noted >= {
        ("user", "ada", "ada"),
        ("calendar", "warsaw", "warsaw"),
        ("topic", "news", "news"),
        ("topic", "sales", "sales"),
        ("segment", "s", "s"),
        ("team", "closers", "closers"),
        ("channel", "slack #leads", '"#leads"'),
        ("object", "ticket", "ticket"),
        ("object", "contact", "contact"),
        ("property", "ticket.subject", "subject"),
        ("property", "contact.plan", "plan"),
        ("property", "contact.owner", "owner"),
        ("created", "made", "made"),
        ("association", "ticket.contact", "link made to contact"),
        ("task", "ring", "ring"),
        ("workflow", "w", "w"),
        ("template", "t", "t"),
    }
