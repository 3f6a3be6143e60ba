"""What the engine does not run yet is left out whole, with all that names it, and said plainly."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest

from dsl.compile import compile_project
from dsl.program import blocks, conditions, definitions
from dsl.program.definitions import Program
from dsl.schema.model import Kind, Type
from dsl.source import Source
from runtime.query.conditions import predicate
from runtime.unrun import PARTS, lacking, runnable

PROJECT = """
name: x
teams: {closers: [ada]}
users: {ada: {name: Ada}}
channels: {slack: {"#leads": {env: SLACK_URL}}}
"""
TEMPLATES = """
template hello { topic: mail subject: "Hello" body: "Hello." }
"""
SCHEMA = """
extends: standard
objects: {contact: {properties: {visits: {type: number}, born: {type: date}}}}
topics: {mail: {label: Mail, kind: one_to_one}}
"""


def program(text: str) -> Program:
    compiled = compile_project(
        [Source("a.segue", text + TEMPLATES)], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT)
    )
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program


def told(text: str) -> dict[str, str]:
    """Why each declaration is left out, by kind and name."""
    return {f"{one.kind} {one.name}": one.why for one in runnable(program(text))[1]}


def test_what_runs_is_left_as_it_is() -> None:
    whole = program("""segment kept of contact { email is known }
        workflow w of contact { when: in segment kept send hello match country { jp { wait 1 day } else { exit "x" } }
          repeat up to 2 times every 1 day until has purchased { notify ada "x" } }""")
    kept, left_out = runnable(whole)
    assert left_out == () and kept == whole


def test_a_part_that_is_not_run_takes_its_definition_out() -> None:
    text = """workflow w of contact { when: manually slack "#leads" "x" assign owner round_robin team closers }
        workflow v of contact { when: manually send hello }"""
    assert told(text) == {"workflow w": "holds `slack` and `assign`, which the engine does not run yet"}
    kept, (one,) = runnable(program(text))
    assert list(kept.definitions) == [("workflow", "v")]
    assert (
        one.words == "workflow w holds `slack` and `assign`, which the engine does not run yet"
        and one.span.file == "a.segue"
    )


def test_what_names_something_left_out_goes_with_it() -> None:
    assert told("""segment a of contact { first_name was ever "Ann" }
        segment b of contact { was ever in segment a }
        workflow w of contact { when: in segment b send hello }
        workflow v of contact { when: manually enroll in workflow w }
        workflow u of contact { when: manually send hello }""") == {
        "segment a": "holds `was ever` of a text, which the engine does not run yet",
        "segment b": "names segment a, which is left out",
        "workflow w": "names segment b, which is left out",
        "workflow v": "names workflow w, which is left out",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("score s of contact { give 5 when purchased }", "score s"),
        ('workflow w of contact { when: manually if any deal (name was ever "x") { send hello } }', "workflow w"),
        ("workflow w of contact { when: manually only: last(purchased).at > born send hello }", "workflow w"),
        ("workflow w of contact { when: manually set visits = count(viewed_page) }", "workflow w"),
    ],
)
def test_every_place_of_a_program_is_looked_at(text: str, name: str) -> None:
    assert list(told(text)) == [name]


def test_every_block_the_engine_moves_is_run_and_no_other() -> None:
    """The list and the engine's own `match` say the same."""
    from runtime.engine import advance

    source = inspect.getsource(advance.Advance._move)
    for block in get_args(blocks.Block):
        assert (f"{block.__name__}(" in source) != (block in PARTS), block


def test_x4_every_kind_of_start_is_run() -> None:
    assert told("""workflow v of contact { when: every monday 09:00 only: email is known send hello }
        workflow w of contact { when: at born - 3 days send hello }""") == {}
    assert not set(get_args(definitions.Trigger)) & PARTS.keys()


def test_a_day_is_set_against_a_fixed_moment_only() -> None:
    assert told("segment a of contact { last(purchased).at >= born }") == {
        "segment a": "holds a day compared with a moment of another value, which the engine does not run yet"
    }
    assert told("segment a of contact { born < 2026-03-02 and created_at > 2026-03-02 and born >= 3 days ago }") == {}


def test_every_condition_is_run_or_listed() -> None:
    source = inspect.getsource(inspect.getmodule(predicate) or predicate)
    for condition in get_args(conditions.Condition):
        assert (f"case {condition.__name__}(" in source) != (condition in PARTS), condition


def test_a_deep_condition_is_no_trouble() -> None:
    deep: conditions.Condition = conditions.WasEver(conditions.Field((), "contact", "email", Type(Kind.TEXT)), ())
    for _ in range(50_000):
        deep = conditions.Not(deep)
    assert list(lacking(deep)) == ["`was ever` of a text"]
