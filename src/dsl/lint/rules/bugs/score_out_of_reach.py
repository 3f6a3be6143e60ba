"""G19: a score is compared with more than its cap."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import Between, Compare, Condition, Const, ScoreValue, Value
from ....program.others import Score
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "score-out-of-reach"


def _note(view: View) -> object | None:
    """Of a score the most it can be; of other declarations what they compare scores with, and where."""
    if isinstance(view.compiled, Score):
        return _most(view.compiled)
    found = []
    waiting = list(view.conditions)
    while waiting:
        placed = waiting.pop()
        if (least := _least(placed.condition)) is not None:
            found.append((*least, placed.span))
        waiting += placed.parts
    return tuple(found) or None


def _most(score: Score) -> float | None:
    """None: it can grow without end."""
    if score.cap is not None:
        return float(score.cap)
    if any(rule.match is not None and rule.points > 0 for rule in score.rules):
        return None
    return float(sum(max(rule.points, 0) for rule in score.rules))


def _least(condition: Condition) -> tuple[str, float, bool] | None:
    """The score, the least it must be, and whether it must be more than that."""
    match condition:
        case Compare(left, ">=" | ">" | "=" as op, right):
            return _number(left, right, op == ">")
        case Between(left, low):
            return _number(left, low, False)
    return None


def _number(left: Value, right: Value, more: bool) -> tuple[str, float, bool] | None:
    match left, right:
        case ScoreValue(score), Const(int() | float() as number):
            return score, float(number), more
    return None


def _whole(overview: Overview) -> Iterator[Found]:
    notes = list(overview.notes(NAME))
    most = {facts.name: (value, facts) for facts, value in notes if facts.kind == "score" and isinstance(value, float)}
    for _, asked in notes:
        for name, least, more, span in asked if isinstance(asked, tuple) else ():
            limit, score = most.get(name, (least + 1, None))
            if score is not None and (least > limit or (more and least == limit)):
                yield Found(
                    span,
                    f"nobody's `{name}` can be so high: it is at most {limit:g}",
                    "never true",
                    help=f"ask for less, or raise the `cap:` of `{name}`",
                    others=[Label(score.span, f"at most {limit:g}")],
                )


_PROGRAM = """\
score engagement of contact {
  give 5 when clicked_email, at most 20 per week
  give 20 when submitted_form(form = demo)
  cap: 100
}
workflow hot of contact {
  when: score(engagement) >= LEAST
  notify owner "A hot lead"
}
"""

RULE = Rule(
    name=NAME,
    alias="SG605",
    category="bugs",
    severity=Severity.WARNING,
    title="A score is asked for more than it can be",
    why="`cap:` bounds a score, and one without points for events is at most the sum of its conditions. A condition "
    "that asks for more is never true, so nobody is ever found by it. Mostly the cap or the points were changed later.",
    domain=("G18", "G19"),
    bad=(
        Example(_PROGRAM.replace("LEAST", "120")),
        Example(
            "score fit of contact { give 20 when plan = paid  give 10 when company.industry = software }\n"
            "segment best of contact { score(fit) > 30 }\n"
            'workflow best_fit of contact { when: in segment best  notify owner "Fits" }\n',
            "30 is the most",
        ),
    ),
    good=(Example(_PROGRAM.replace("LEAST", "100")), Example(_PROGRAM.replace("cap: 100", "").replace("LEAST", "120"))),
    note=_note,
    whole=_whole,
)
