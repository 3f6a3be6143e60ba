"""Workflows that move tickets, by the rules of pipelines (W18)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.compile import compile_project
from dsl.schema.moves import refused
from dsl.source import Source
from tests.examples import examples
from tests.runtime.engine.harness import PROJECT, MakeWorld, World

STAGES = ("new", "open", "waiting", "done", "spam")
SCHEMA = """
extends: standard
objects: {{ticket: {{properties: {{wanted: {{type: choice, options: [new, open, waiting, done, spam]}}}}}}}}
pipelines:
  ticket:
    inquiries:
      stages: [new, open, waiting, {{name: done, closed: true}}, {{name: spam, closed: true}}]
      rules: {{skip: {skip}, back: {back}}}
    free: {{stages: [new, {{name: done, closed: true}}]}}
"""
STRICT = SCHEMA.format(skip="false", back="false")
CLOSE = 'workflow w of ticket { when: priority becomes high  again: always  set stage = done  set kind = "seen" }'


def ticket(
    w: World, name: str = "t", stage: str = "new", pipeline: str = "inquiries", at: str = "03-02 08:00"
) -> World:
    return w.record("ticket", name, at, subject=name, pipeline=pipeline, stage=stage)


def stage(w: World, name: str = "t") -> object:
    return w.value(name, "stage", "ticket")


def test_w18_a_set_against_the_rules_is_skipped_and_the_workflow_goes_on(worlds: MakeWorld) -> None:
    w = ticket(worlds(CLOSE, schema=STRICT)).run_to("03-02 09:00").set("t", of="ticket", priority="high")
    w.run_to("03-02 09:05")
    assert (stage(w), w.value("t", "kind", "ticket")) == ("new", "seen")
    assert [s[1:] for s in w.steps("t", "w", "ticket")][1:3] == [
        ("set", "stage", "skipped(pipeline rule)"),
        ("set", "kind", "done"),
    ]


def test_w18_one_that_the_rules_allow_is_done(worlds: MakeWorld) -> None:
    w = ticket(ticket(worlds(CLOSE, schema=STRICT), stage="waiting"), "other", pipeline="free").run_to("03-02 09:00")
    w.set("t", of="ticket", priority="high").set("other", of="ticket", priority="high").run_to("03-02 09:05")
    assert (stage(w), stage(w, "other")) == ("done", "done")


def test_w18_a_set_to_a_stage_that_lacks_what_it_needs_is_skipped(worlds: MakeWorld) -> None:
    """What a step before it writes is there; another pipeline needs nothing; who stands there stays."""
    needs = "{name: done, closed: true, needs: [kind, owner]}"
    schema = STRICT.replace("{name: done, closed: true}", needs, 1)
    rules = """workflow w of ticket { when: priority becomes high  set stage = done  set owner = rep }
      workflow v of ticket { when: priority becomes low  set owner = rep  set kind = "k"  set stage = wanted }"""
    w = worlds(rules, schema=schema)
    for name, pipeline in (("t", "inquiries"), ("u", "inquiries"), ("f", "free")):
        ticket(w, name, stage="new" if pipeline == "free" else "waiting", pipeline=pipeline)
    ticket(w, "there", stage="done").run_to("03-02 09:00").set("u", of="ticket", wanted="done")
    for name, priority in (("t", "high"), ("u", "low"), ("f", "high"), ("there", "high")):
        w.set(name, of="ticket", priority=priority)
    w.run_to("03-02 09:05")
    assert [stage(w, name) for name in ("t", "u", "f", "there")] == ["waiting", "done", "done", "done"]
    outcomes = {n: next(s[3] for s in w.steps(n, "%", "ticket") if s[2] == "stage") for n in ("t", "u", "f", "there")}
    assert outcomes == {"t": "skipped(pipeline rule)", "u": "done", "f": "done", "there": "done"}


def test_w18_a_set_to_a_stage_that_needs_a_tie_is_skipped_until_there_is_one(worlds: MakeWorld) -> None:
    schema = STRICT.replace("{name: done, closed: true}", "{name: done, closed: true, needs: [kind, company]}", 1)
    w = worlds(CLOSE.replace('set kind = "seen"', ""), schema=schema).company("acme")
    for name in ("tied", "loose"):
        w.record("ticket", name, "03-02 08:00", subject=name, pipeline="inquiries", stage="waiting", kind="k")
    w.link("ticket", "tied", "company", "acme", "03-02 08:30").run_to("03-02 09:00")
    for name in ("tied", "loose"):
        w.set(name, of="ticket", priority="high")
    w.run_to("03-02 09:05")
    assert (stage(w, "tied"), stage(w, "loose")) == ("done", "waiting")
    w.link("company", "acme", "ticket", "loose", "03-02 09:06").set("loose", of="ticket", priority="low")
    w.run_to("03-02 09:07").set("loose", of="ticket", priority="high").run_to("03-02 09:08")
    assert stage(w, "loose") == "done"


def test_w18_of_another_record_too(worlds: MakeWorld) -> None:
    """The record at the end of a path, and a value that is each one's own."""
    rules = "workflow w of ticket { when: wanted is known  set stage = wanted }"
    w = worlds(rules, schema=STRICT)
    for name, now in (("a", "new"), ("b", "open")):
        ticket(w, name, now)
    w.run_to("03-02 09:00").set("a", of="ticket", wanted="waiting").set("b", of="ticket", wanted="waiting")
    w.run_to("03-02 09:05")
    assert (stage(w, "a"), stage(w, "b")) == ("new", "waiting")


@examples(20)
@given(st.booleans(), st.booleans(), st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(STAGES)), max_size=12))
def test_w18_every_change_of_stage_is_one_that_the_rules_allow(
    skip: bool, back: bool, wishes: list[tuple[str, str]]
) -> None:
    """What a plain walk over the wishes makes of it."""
    schema = SCHEMA.format(skip=str(skip).lower(), back=str(back).lower())
    w = World("workflow w of ticket { when: wanted is known  again: always  set stage = wanted  clear wanted }",
              schema=schema)  # fmt: skip
    pipeline = w.program.schema.pipelines["ticket", "inquiries"]
    walked = {name: ["new"] for name in "abc"}
    for name in walked:
        ticket(w, name)
    w.run_to("03-02 09:00")
    for minute, (name, to) in enumerate(wishes, 1):
        w.set(name, of="ticket", wanted=to).run_to(f"03-02 {9 + minute // 60:02}:{minute % 60:02}")
        if to != walked[name][-1] and not refused(pipeline, walked[name][-1], to):
            walked[name].append(to)
    for name, stages in walked.items():
        history = w._rows_of(
            "SELECT old, new FROM segue_property_history WHERE bucket = :b AND id = :id AND property = 'stage'"
            " ORDER BY at, seq", name, "ticket",
        )  # fmt: skip
        assert history == list(pairwise(stages))
    w.close()


@pytest.mark.parametrize(
    ("to", "back", "bad"), [("new", "false", True), ("new", "true", False), ("spam", "false", False)]
)
def test_w18_a_stage_that_no_stage_leads_to_is_no_stage_to_set(to: str, back: str, bad: bool) -> None:
    schema = SCHEMA.format(skip="true", back=back).replace(
        "    free: {stages: [new, {name: done, closed: true}]}\n", ""
    )
    rules = f"workflow w of ticket {{ when: priority becomes high  set stage = {to} }}"
    found = compile_project([Source("a.segue", rules)], Source("schema.yaml", schema), Source("segue.yaml", PROJECT))
    assert [d.code for d in found.diagnostics if d.code == "wrong-stage"] == (["wrong-stage"] if bad else [])


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ("stage = done", ["missing-property"]),
        ('stage = done kind = "k"', ["missing-property"]),
        ('stage = done kind = "k" owner = rep', []),
        ("", []),
    ],
)
def test_p8_a_record_is_not_created_in_a_stage_without_what_it_needs(fields: str, codes: list[str]) -> None:
    needs = "{name: done, closed: true, needs: [kind, owner]}"
    schema = STRICT.replace("{name: done, closed: true}", needs, 1)
    create = f'create ticket {{ subject = "x" pipeline = inquiries {fields} }}'
    rules = Source("a.segue", f"workflow w of contact {{ when: manually {create} }}")
    found = compile_project([rules], Source("schema.yaml", schema), Source("segue.yaml", PROJECT))
    assert [d.code for d in found.diagnostics if d.severity.value == "error"] == codes


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('create ticket { subject = "x" pipeline = free }', ["missing-link"]),
        ('create ticket { subject = "x" pipeline = free } as t', ["missing-link"]),
        ('create ticket { subject = "x" pipeline = free } as t link t to contact.company', []),
        ('create ticket { subject = "x" pipeline = free } as t link contact.company to t', []),
        ('create ticket { subject = "x" pipeline = free } as t wait 1 day if nps > 3 { link t to company }', []),
        ('create ticket { subject = "x" pipeline = free } as t link t to contact', ["missing-link"]),
        ('create ticket { subject = "x" pipeline = free } as t unlink t from contact.company', ["missing-link"]),
        ('create ticket { subject = "x" pipeline = free } as t create ticket { subject = "y" pipeline = free } as u'
         " link u to contact.company", ["missing-link"]),
        ('create ticket { subject = "x" pipeline = inquiries stage = open } as t link t to contact.company',
         ["missing-property"]),
    ],
)  # fmt: skip
def test_p9_a_record_that_must_be_tied_is_tied_where_it_is_made(body: str, codes: list[str]) -> None:
    schema = STRICT.replace("stages: [new, open", "stages: [new, {name: open, needs: [contact]}", 1)
    tied = "objects: {contact: {properties: {nps: {type: number}}}, ticket: {associations: {company: {to: company,"
    schema = schema.replace("objects: {ticket: {", tied + " inverse: ticket, many: true, required: error}}, ", 1)
    rules = Source("a.segue", f"workflow w of contact {{ when: manually {body} }}")
    found = compile_project([rules], Source("schema.yaml", schema), Source("segue.yaml", PROJECT))
    assert [d.code for d in found.diagnostics if d.severity.value == "error"] == codes
