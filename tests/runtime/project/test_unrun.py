"""What the engine does not run yet is left out whole, with all that names it, and said plainly."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import get_args

from dsl.compile import compile_project
from dsl.program import blocks, conditions, definitions
from dsl.program.definitions import Program
from dsl.schema.model import Kind, Type
from dsl.source import Source
from runtime.project.unrun import PARTS, lacking, runnable
from runtime.query.conditions import predicate

FUNCTION = conditions.Call("lower", (conditions.Const("X", Type(Kind.TEXT)),), Type(Kind.TEXT))
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


def holding_a_function(text: str, segment: str) -> Program:
    """The program with a condition that only hygiene and reports can judge."""
    whole = program(text)
    spoiled = replace(whole.segments[segment], condition=conditions.Missing(FUNCTION))
    return replace(whole, segments={**whole.segments, segment: spoiled})


def told(text: str) -> dict[str, str]:
    """Why each declaration is left out, by kind and name."""
    return {f"{one.kind} {one.name}": one.why for one in runnable(program(text))[1]}


def test_what_runs_is_left_as_it_is() -> None:
    whole = program("""segment kept of contact { email is known }
        workflow w of contact { when: in segment kept send hello match country { jp { wait 1 day } else { exit "x" } }
          repeat up to 2 times every 1 day until has purchased { notify ada "x" } }""")
    kept, left_out = runnable(whole)
    assert left_out == () and kept == whole


def test_a_part_that_is_not_run_takes_its_declaration_out() -> None:
    text = "segment a of contact { email is known } workflow v of contact { when: manually send hello }"
    kept, (one,) = runnable(holding_a_function(text, "a"))
    assert list(kept.definitions) == [("workflow", "v")] and not kept.segments
    assert one.words == "segment a holds a function, which the engine does not run yet" and one.span.file == "a.segue"


def test_what_names_something_left_out_goes_with_it() -> None:
    text = """segment a of contact { email is known }
        segment b of contact { was ever in segment a }
        score s of contact { give 5 when in segment b  give 1 when purchased }
        segment c of contact { score(s) > 4 }
        workflow w of contact { when: in segment c send hello }
        workflow v of contact { when: manually enroll in workflow w }
        workflow u of contact { when: manually send hello }"""
    left_out = runnable(holding_a_function(text, "a"))[1]
    assert {f"{one.kind} {one.name}": one.why for one in left_out} == {
        "segment a": "holds a function, which the engine does not run yet",
        "segment b": "names segment a, which is left out",
        "score s": "names segment b, which is left out",
        "segment c": "names score s, which is left out",
        "workflow w": "names segment c, which is left out",
        "workflow v": "names workflow w, which is left out",
    }


def test_conditions_that_were_left_out_once_are_run() -> None:
    assert (
        told("""score s of contact { give 5 when first_name was ever "x"  give 1 when purchased }
        segment a of contact { any deal (name was ever "x") or last(purchased).at > born or score(s) > visits }
        segment b of contact { score(s) fell by 3 within 2 days and born between created_at and last(purchased).at }
    """)
        == {}
    )


def test_every_block_the_engine_moves_is_run_and_no_other() -> None:
    """The list and the engine's own `match` say the same."""
    from runtime.engine.blocks import advance

    waits = inspect.getsource(advance.Advance._move).partition("case _ if")[0]
    source = waits + inspect.getsource(advance.Advance._reach) + inspect.getsource(advance.Advance._write)
    for block in get_args(blocks.Block):
        assert (f"{block.__name__}(" in source) != (block in PARTS), block


def test_x4_every_kind_of_start_is_run() -> None:
    assert (
        told("""workflow v of contact { when: every monday 09:00 only: email is known send hello }
        workflow w of contact { when: at born - 3 days send hello }""")
        == {}
    )
    assert not set(get_args(definitions.Trigger)) & PARTS.keys()


def test_every_condition_is_run_or_listed() -> None:
    source = inspect.getsource(inspect.getmodule(predicate) or predicate)
    for condition in get_args(conditions.Condition):
        assert (f"case {condition.__name__}(" in source) != (condition in PARTS), condition


def test_a_deep_condition_is_no_trouble() -> None:
    deep: conditions.Condition = conditions.Missing(FUNCTION)
    for _ in range(50_000):
        deep = conditions.Not(deep)
    assert list(lacking(deep)) == ["a function"]


def test_a_playbook_that_names_what_is_left_out_goes_with_it() -> None:
    text = """segment a of contact { email is known }
        playbook p for contact { ask n "N?": number on save { if in segment a { task todo "Ring" } } }
        playbook q for contact { ask n "N?": number on save { if answers.n > 1 { task todo "Ring" } } }"""
    kept, left_out = runnable(holding_a_function(text, "a"))
    assert [one.words for one in left_out][1:] == ["playbook p names segment a, which is left out"]
    assert list(kept.conversations) == [("playbook", "q")]
