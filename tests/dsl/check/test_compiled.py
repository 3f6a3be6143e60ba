"""What comes out of the compiler: graphs, guards, triggers, texts."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.program.blocks import Exit, Finish, If, Merge, Send, Set, Task, Wait, WaitEvent
from dsl.program.codec import decode, encode
from dsl.program.conditions import (
    AnyOf,
    Compare,
    Const,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InSegment,
    Missing,
    OneOf,
    TriggerValue,
    Unit,
)
from dsl.program.definitions import Definition, Manually, OnChange, OnCondition, OnEvents, Program, Window
from dsl.schema.model import Kind, Type
from dsl.source import Source

from .test_cases import CASES, check, said

TEMPLATES = """
template hello { topic: news subject: "Hello" body: "Hello." }
template offer { topic: sales subject: "Offer" body: "Offer." }
"""


def program(text: str) -> Program:
    """The program of a text that is right."""
    compiled = check(text + TEMPLATES)
    assert compiled.program is not None, said(compiled)
    return compiled.program


def only(text: str) -> Definition:
    """The one sequence or workflow of a text."""
    (definition,) = program(text).definitions.values()
    return definition


def test_a_body_goes_on_after_both_ways_of_a_branch() -> None:
    """X17: else bodies and both ways go on with the next statement; every path ends."""
    graph = only("""sequence s {
        send hello
        wait until purchased up to 3 days else { send offer }
        if nps > 3 { exit "happy" } else { wait 2 business days }
        task call "Call" without waiting
    }""").pinned.graph
    assert graph.entry == 0
    match graph.blocks:
        case (Send("hello", 1), WaitEvent((EventMatch("purchased"),), _, 2, 7), If(_, 3, 4), Exit("happy"), *rest):
            assert rest[0] == Wait(Duration(2, Unit.BUSINESS_DAYS), 5)
            assert isinstance(rest[1], Task) and not rest[1].waits and rest[1].next == 6
            assert rest[2:] == [Finish(), Send("offer", 2)]
        case _:
            pytest.fail(str(graph.blocks))


def test_else_if_is_tried_in_order() -> None:
    graph = only(
        'workflow w of contact { when: manually if nps > 8 { exit "a" } else if nps > 3 { exit "b" } }'
    ).pinned.graph
    first = graph.blocks[0]
    assert isinstance(first, If) and graph.blocks[first.then] == Exit("a")
    second = graph.blocks[first.otherwise]
    assert isinstance(second, If) and graph.blocks[second.then] == Exit("b")
    assert graph.blocks[second.otherwise] == Finish()


def test_a_dynamic_sequence_has_two_entries_and_five_business_days_of_grace() -> None:
    """D1, D6, X11."""
    pinned = only("""sequence s {
        automated { send hello wait 1 day send offer }
        rep_led when clicked_email or opened_email at least 2 times { task call "Call" }
    }""").pinned
    assert pinned.graph.rep_led is not None
    assert isinstance(pinned.graph.blocks[pinned.graph.rep_led], Task)
    assert pinned.graph.blocks[pinned.graph.entry] == Send("hello", 1)
    assert pinned.engage == (EventMatch("clicked_email"), EventMatch("opened_email", at_least=2))
    assert pinned.grace == Duration(5, Unit.BUSINESS_DAYS)
    assert only("sequence s { send hello }").pinned.grace is None


def test_guards_hold_the_defaults_of_a_sequence() -> None:
    """X9: always unsubscribed, hard bounce and complaint; reply and meeting by default."""
    guards = only('sequence s { stop_on: viewed_page(path contains "x") send hello send offer }').guards
    topic = EventValue("topic", Type(Kind.TEXT))
    topics = tuple(Const(name, Type(Kind.TEXT)) for name in ("news", "sales"))
    by_reason = {reason: match for match, reason in guards.stop_on}
    assert list(by_reason) == ["unsubscribed", "bounce", "spam", "reply", "meeting", "viewed_page"]
    assert by_reason["unsubscribed"].filter == AnyOf((Missing(topic), OneOf(topic, topics)))
    assert isinstance(by_reason["bounce"].filter, Compare)


def test_guards_of_a_workflow_are_those_that_nobody_switches_off() -> None:
    guards = only("workflow w of contact { when: manually send hello }").guards
    assert [reason for _, reason in guards.stop_on] == ["unsubscribed", "bounce", "spam"]
    assert only('workflow w of deal { when: manually set name = "x" }').guards.stop_on == ()


def test_keep_on_takes_a_default_out() -> None:
    guards = only("sequence s { keep_on: replied send hello }").guards
    assert [reason for _, reason in guards.stop_on] == ["unsubscribed", "bounce", "spam", "meeting"]


@pytest.mark.parametrize(
    ("when", "trigger"),
    [
        ("manually", Manually()),
        ("purchased or replied", OnEvents((EventMatch("purchased"), EventMatch("replied")))),
        ("in segment a or in segment b", OnCondition(AnyOf((InSegment("a"), InSegment("b"))))),
        ("has purchased", OnCondition(Happened(EventMatch("purchased")))),
    ],
)
def test_kinds_of_when(when: str, trigger: object) -> None:
    """X4."""
    segments = "static segment a of contact static segment b of contact\n"
    assert only(f"{segments} workflow w of contact {{ when: {when} send hello }}").trigger == trigger


def test_becomes() -> None:
    """X3."""
    trigger = only("workflow w of contact { when: plan becomes paid send hello }").trigger
    assert isinstance(trigger, OnChange)
    assert (trigger.field.property, getattr(trigger.value, "value", None)) == ("plan", "paid")


def test_what_holds_where_nothing_is_written() -> None:
    sequence, workflow = only("sequence s { send hello }"), only("workflow w of contact { when: manually send hello }")
    assert isinstance(sequence.trigger, Manually)
    assert (sequence.exclusive, workflow.exclusive) == (True, False)
    assert (sequence.again.policy, sequence.priority, sequence.existing, sequence.late_engagement) == (
        "never",
        0,
        False,
        "log",
    )


def test_defaults_of_the_project_hold_where_nothing_is_written() -> None:
    """segue.yaml of the cases says `zone: contact`."""
    assert only("sequence s { send hello }").pinned.zone == "contact"
    assert only("sequence s { zone: sender send hello }").pinned.zone == "sender"


def test_a_wrong_default_is_told_where_it_stands() -> None:
    project = Source("segue.yaml", "name: x\ndefaults:\n  zone: everywhere\n  tasks_at: 3 days\n")
    compiled = compile_project([Source("a.segue", "sequence s { }")], None, project)
    places = [(d.code, compiled.sources["segue.yaml"].position(d.label.span.start)[0]) for d in compiled.diagnostics]
    assert ("bad-setting", 3) in places and ("bad-setting", 4) in places


def test_windows_are_minutes_of_the_day() -> None:
    """X16."""
    assert only("sequence s { window: 09:00-17:00 send hello }").pinned.window == Window(540, 1020)
    assert only("sequence s { window: every day 22:00-06:00 send hello }").pinned.window == Window(1320, 360, True)


def test_amounts_are_in_the_smallest_unit() -> None:
    """X32."""
    condition = program("segment a of contact { budget > 10.50 EUR }").segments["a"].condition
    assert isinstance(condition, Compare)
    assert condition.right == Const(1050, Type(Kind.MONEY, currency="EUR"))


def test_trigger_reads_the_event_that_started_it() -> None:
    graph = only(
        'workflow w of contact { when: abandoned_cart set budget = 3 EUR notify ada "{{ trigger.total }}" }'
    ).pinned.graph
    assert isinstance(graph.blocks[0], Set)
    merge = graph.blocks[1].text.parts[0]
    assert isinstance(merge, Merge)
    assert merge.value == TriggerValue(("abandoned_cart",), "total", Type(Kind.MONEY, currency="USD"))


def test_merge_fields_keep_default_and_filters_apart() -> None:
    """X36."""
    field = "{{ contact.first_name | default: 'you' | truncate: 5 | upcase }}"
    text = f'template t {{ topic: news subject: "{field}" body: "x" }}'
    (merge,) = program(text).templates["t"].subject.parts
    assert isinstance(merge, Merge)
    assert merge.value == Field((), "contact", "first_name", Type(Kind.TEXT))
    assert (merge.default, merge.filters) == ("you", (("truncate", (5,)), ("upcase", ())))


def test_links_carry_their_tags() -> None:
    body = "[a](https://a.example){topic=docs} ![i](i.png) [b](https://b.example)"
    text = f'template t {{ topic: news subject: "x" body: "{body}" }}'
    assert program(text).templates["t"].links == (
        ("https://a.example", (("topic", "docs"),)),
        ("https://b.example", ()),
    )


def test_the_compiled_form_goes_through_the_codec() -> None:
    compiled = check((CASES / "clean.segue").read_text(encoding="utf-8")).program
    assert compiled is not None
    for definition in compiled.definitions.values():
        assert decode(encode(definition.pinned)) == definition.pinned
        assert decode(encode(definition.guards)) == definition.guards


def test_labels_comments_and_layout_make_no_version() -> None:
    """X26."""
    plain = only("sequence s { send hello wait 1 day }")
    dressed = only('# a comment\nsequence s "A label" {\n\n  send hello # mail\n  wait 1 day\n}')
    assert plain.version == dressed.version
    assert plain.version != only("sequence s { send hello wait 2 days }").version


def test_a_thousand_segments_in_a_row_are_no_trouble() -> None:
    """Nothing here recurses along references between declarations."""
    rows = [f"segment s{i} of contact {{ in segment s{i + 1} and nps > 3 }}" for i in range(1000)]
    rows.append("segment s1000 of contact { has not acted within 3 days }")
    rows.append("workflow w of contact { when: in segment s0 send offer }")
    codes = [d.code for d in check("\n".join(rows) + TEMPLATES).diagnostics]
    assert codes == ["absence-counts-newcomers"]


def test_x26_a_definition_kept_by_an_older_version_can_be_read() -> None:
    """Stores written before a definition worked out its version when asked hold it as a field."""
    made = program("workflow w of contact { when: manually  set plan = paid }").definitions["workflow", "w"]
    older = encode(made).replace('"_":"Definition"', '"_":"Definition","version":"0123"', 1)
    assert decode(older) == decode(encode(made))
