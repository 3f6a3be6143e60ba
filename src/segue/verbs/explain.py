"""`segue explain`: a rule in plain English with its SQL, or the long story of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir

if TYPE_CHECKING:
    from dsl.diagnostics.code import Code
    from runtime.project.explaining import Explained


def explain(
    *words: Annotated[str, Parameter(help="A code such as unknown-property or SG101; or segment X, workflow Y, ..")],
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Tell a message, a lint rule or a rule of the project at length.

    For instance:
        segue explain unknown-property
        segue explain segment new_trials
    """
    from runtime.errors import InvalidInput
    from runtime.project.explaining import code_named

    from ..output import show_json

    if not words:
        raise InvalidInput("what is to be explained?", "name a message's code, or `segment X`, `workflow Y`, ..")
    code = code_named(words[0]) if len(words) == 1 else None
    if code is not None:
        show_json(code) if json else _code(code)
        return 0
    told, zone = _explained(words, project)
    show_json(told, zone) if json else _rule(told)
    return 0


def _explained(words: tuple[str, ...], project: ProjectDir) -> tuple[Explained, str]:
    import time

    from runtime.project.explaining import explained
    from runtime.project.loading import BrokenRules, compile_texts, read_texts

    from ..options import root_of

    compiled = compile_texts(read_texts(root_of(project)))
    program = compiled.program
    if program is None:
        raise BrokenRules(compiled)
    dialect = "postgresql" if program.project.store.startswith("postgresql") else "sqlite"
    now = time.time_ns() // 1000
    return explained(program, compiled.sources, words, dialect, now), program.project.account.time_zone


def _code(code: Code) -> None:
    from textwrap import fill

    from ..output import put, title

    title(f"{code.severity}[{code.name}]  {code.alias}")
    put(f"{code.title}.\n\n{fill(code.why, 100)}")
    for line in _examples(code.name):
        put(line)


def _examples(name: str) -> list[str]:
    """A lint rule shows what it finds and what it lets pass."""
    from dsl.lint.page import laid_out
    from dsl.lint.rules import RULES

    rule = next((r for r in RULES if r.name == name), None)
    if rule is None:
        return []
    found = [("Found", rule.bad), ("Not found", rule.good)]
    return [line for head, all_ in found for e in all_ for line in _example(head, e.title, laid_out(e).program)]


def _example(head: str, title: str, program: str) -> list[str]:
    return ["", f"{head}{f', {title}' if title else ''}:", "", *(f"  {line}" for line in program.strip().splitlines())]


def _rule(told: Explained) -> None:
    from textwrap import indent

    from dsl.english.lines import bulleted

    from ..output import put, title

    label = f' "{told.label}"' if told.label else ""
    title(f"{told.kind} {told.name}{label} of {told.object}  {told.place}")
    put("\n".join(bulleted(told.lines)))
    if told.named_by:
        put(f"\nNamed by: {', '.join(told.named_by)}")
    for what, words in told.costs:
        put(f"\nCost ({what}): {words}")
    for query in told.queries:
        put(f"\nSQL ({query.what}):\n{indent(query.sql, '  ')}")
        for name, value in query.values.items():
            put(f"  -- :{name} = {value}")
