"""Two tests of one title: which of them failed?"""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ...overview import Facts, Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    first: dict[tuple[str, frozenset[str]], Facts] = {}
    for test in overview.of("test"):
        other = first.setdefault((" ".join(test.name.split()).casefold(), _about(test)), test)
        if other is not test:
            yield Found(
                test.span,
                f'two tests{_of(test)} are called "{test.name}"',
                "the same title again",
                help="say in the title what this one is about",
                note="a report of tests names them by their titles, and so does `segue test -k`",
                others=[Label(other.span, "first here")],
            )


def _of(test: Facts) -> str:
    about = sorted(_about(test))
    return f" of `{about[0]}`" if about else ""


def _about(test: Facts) -> frozenset[str]:
    """The sequences and workflows it is about: two of them may be tested under one title."""
    return frozenset(r.name for r in test.references if r.kind in ("sequence", "workflow"))


_WORKFLOW = """\
workflow greet of contact {
  when: lifecycle_stage becomes customer
  only: plan = paid
  notify owner "A new customer"
}
"""
_TESTS = """\
test "FIRST" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead plan = paid owner = ada }
  set ann.lifecycle_stage = customer
  expect ada notified
}
test "SECOND" of greet {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" lifecycle_stage = lead plan = free owner = ada }
  set ann.lifecycle_stage = customer
  expect ada not notified
}
"""


def _program(first: str, second: str) -> str:
    return _WORKFLOW + _TESTS.replace("FIRST", first).replace("SECOND", second)


_EACH = _WORKFLOW + _WORKFLOW.replace("greet", "thank") + "of thank".join(_TESTS.rsplit("of greet", 1))

RULE = Rule(
    name="duplicate-test-title",
    alias="SG686",
    category="testing",
    severity=Severity.WARNING,
    title="Two tests of one definition have the same title",
    why="Titles are how a failing test is told: on the screen, in JUnit files, in the comments of CI. With two of "
    "one title nobody knows which of them failed, and one that was copied to be changed often still tests what the "
    "first one does.",
    domain=(),
    bad=(Example(_program("a new customer", "a new customer")),),
    good=(
        Example(_program("a new customer is told of", "nobody is told of a free plan")),
        Example(
            _EACH.replace("FIRST", "a new customer").replace("SECOND", "a new customer"), "each of its own workflow"
        ),
    ),
    whole=_whole,
)
