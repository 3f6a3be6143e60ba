"""`segue demo`: a made-up shop and 60 of its days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, at_least, called

if TYPE_CHECKING:
    from runtime.demo import DemoResult


def demo(
    folder: Annotated[Path, Parameter(help="Where the project is made; an earlier demo there is made anew.")] = Path(
        "segue-demo"
    ),
    /,
    *,
    contacts: Annotated[int, Parameter(help="How many people.", validator=at_least(1))] = 5000,
    days: Annotated[int, Parameter(help="How many days.", validator=at_least(1))] = 60,
    seed: Annotated[int, Parameter(help="The same seed makes the same people and the same figures.")] = 7,
    json: Json = False,
) -> int:
    """Make a project with sequences, workflows, segments and letters, fill its store with made-up people, and run it.

    People open, click, reply, bounce and buy by a model of their own; the engine is the one that runs your rules.

    For instance:
        segue demo
        segue demo shop --contacts 500 --days 14
    """
    from runtime.demo import run_demo

    from ..output import show_json
    from ..progress import progress

    with progress("demo") as begin:
        result = run_demo(
            folder, contacts, days, seed, lambda done, total: begin(total)(done, f"day {done} of {total}")
        )
    result = replace(result, next_steps=tuple((f"{called()} {verb}", why) for verb, why in result.next_steps))
    if json:
        show_json(result)
    else:
        _show(result)
    return 0


def _show(result: DemoResult) -> None:
    from ..output import say, table
    from .report import show_figures

    print(
        f"{result.began} to {result.ended}: {result.days} days, {result.instants:,} instants, {result.seconds:.1f} s\n"
    )
    table(("what", "how many"), result.counts.items(), ("how many",))
    print()
    show_figures(result.sequences)
    print()
    table(("workflow", "label", "enrollments"), result.workflows, ("enrollments",))
    print()
    table(("segment", "label", "members"), result.segments, ("members",))
    say("\nType next:")
    width = max(len(command) for command, _ in result.next_steps)
    for command, words in result.next_steps:
        say(f"  {command:<{width}}  # {words}")
