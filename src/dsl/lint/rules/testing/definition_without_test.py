"""A sequence or workflow that no rule test plays through."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    for definition in overview.of("sequence", "workflow"):
        if not any(by.kind == "test" for by in overview.named_by(definition)):
            yield Found(
                definition.span,
                f"no test plays through the {definition.kind} `{definition.name}`",
                "untested",
                help=f'write a `test ".." of {definition.name} {{ .. }}`, and run it with `segue test`',
            )


_WORKFLOW = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  notify owner "A new customer"
}
"""
_TEST = """\
test "the owner is told of a new customer" of greet {
  clock 2026-03-02 10:00 in Europe/Warsaw
  given contact ann { email = "ann@example.com" lifecycle_stage = lead owner = ada }
  set ann.lifecycle_stage = customer
  expect ada notified
}
"""

RULE = Rule(
    name="definition-without-test",
    alias="SG685",
    category="testing",
    severity=Severity.WARNING,
    title="A sequence or workflow without a test",
    why="Who is mailed, when, and who is not, follows from conditions, windows, waits and guards together, and a "
    "change at one of them can move all the others. A test of ten lines plays the definition through in virtual "
    "time and tells at once. It takes a person made up for the purpose, what happens to them, and what they should "
    "get.",
    domain=(),
    bad=(Example(_WORKFLOW),),
    good=(Example(_WORKFLOW + _TEST),),
    whole=_whole,
    strict=True,
)
