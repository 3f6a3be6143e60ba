"""What holds for everybody at the moment a definition takes them in, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from ..check.clashes import find_clash
from ..check.placed import Placed, negated
from ..program.conditions import All, AnyOf, Compare, Condition, Happened, InSegment, Not
from ..program.definitions import OnChange
from ..source import Span
from .view import View


def placed_at(view: View, span: Span) -> Placed | None:
    """The compiled condition that is written there."""
    return view.placed.get(span)


def entering(view: View) -> list[Placed]:
    """What everybody fulfils who enters; empty where that cannot be, which is told elsewhere."""
    fulfilled = told(view)
    return [] if find_clash(fulfilled) is not None else fulfilled


def told(view: View) -> list[Placed]:
    """What `when:` and `only:` ask for, as far as they are conditions. Into a sequence people come by hand as well,
    and of them `only:` alone is asked."""
    found: list[Placed] = []
    when, only = view.settings.get("when"), view.settings.get("only")
    if when is not None and view.definition is not None and view.kind == "workflow":
        if isinstance(trigger := view.definition.trigger, OnChange):
            found.append(Placed(Compare(trigger.field, "=", trigger.value), when.value.span))
        elif (placed := placed_at(view, when.value.span)) is not None:
            found += together(placed)
    if only is not None and (placed := placed_at(view, only.value.span)) is not None:
        found += together(placed)
    return found


def asks_for_no_mail(only: Condition | None) -> bool:
    """Whether those are left out who have had a mail: that holds as well as `again:` does."""
    match only:
        case All(parts) | AnyOf(parts):
            return any(map(asks_for_no_mail, parts))
        case Not(part):
            return isinstance(part, Happened) and part.match.event == "received_email"
        case Happened(match=match, negated=negated):
            return negated and match.event == "received_email"
        case InSegment():
            return True  # it may ask for that
    return False


def together(whole: Placed) -> list[Placed]:
    """The parts joined by `and`."""
    if not isinstance(whole.condition, All):
        return [whole]
    return [inner for part in whole.parts for inner in together(part)]


def follows(whole: Placed, known: Sequence[Placed]) -> bool:
    """Whether it holds wherever all that is known holds."""
    return all(
        any(part.condition == one.condition for one in known)
        or find_clash([*known, negated(part, part.span)]) is not None
        for part in together(whole)
    )


def excluded(whole: Placed, known: Sequence[Placed]) -> bool:
    """Whether it holds nowhere where all that is known holds, and could hold elsewhere."""
    return find_clash([*known, whole]) is not None and find_clash([whole]) is None
