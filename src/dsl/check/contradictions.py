"""`never-true` and `always-true`: conditions whose parts exclude each other, or leave nothing out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..diagnostics.diagnostic import Label
from ..program.conditions import All, AnyOf, Condition, Happened, InSegment, Missing, Not, Quantified, Value
from ..schema.model import Kind
from .allowed import FAMILIES, Allowed, allowed
from .findings import Findings
from .placed import Placed


@dataclass(frozen=True, slots=True)
class Clash:
    """`part` is false whenever all of `earlier` are true; without `earlier` it is false by itself."""

    part: Placed
    earlier: tuple[Placed, ...]


def check_contradictions(whole: Placed, findings: Findings) -> None:
    """Reports every `and` that nobody can satisfy and every `or` that everybody does, once each."""
    if not _report_clash(whole, (), findings):
        _inside(whole, (), findings)


def _inside(whole: Placed, context: tuple[Placed, ...], findings: Findings) -> None:
    """Looks into the parts of a condition that is possible as a whole."""
    match whole.condition:
        case All():
            group = _flat(whole)
            for part in group:
                around = context + tuple(p for p in group if p is not part)
                _inside(part, around if isinstance(part.condition, AnyOf) else (), findings)
        case AnyOf():
            for part in whole.parts:
                if not _report_clash(part, context, findings):
                    _inside(part, context, findings)
            _report_always(whole, findings)
        case _:
            for part in whole.parts:
                check_contradictions(part, findings)


def _report_clash(whole: Placed, context: tuple[Placed, ...], findings: Findings) -> bool:
    clash = find_clash([*context, *_flat(whole)])
    if clash is None:
        return False
    part = findings.text(clash.part.span)
    if not clash.earlier:
        findings.error("never-true", clash.part.span, f"{part} is never true", "no value satisfies this")
        return True
    earlier = " and ".join(findings.text(one.span) for one in clash.earlier)
    findings.error(
        "never-true",
        clash.part.span,
        f"never true: {part} excludes {earlier}",
        "false whenever the rest is true",
        others=[Label(one.span, "excluded by the other part") for one in clash.earlier],
        help="write `or` if one of the two is enough, else drop one",
    )
    return True


def find_clash(group: Sequence[Placed]) -> Clash | None:
    """The first part of an `and` that cannot be true together with those before it."""
    seen: dict[object, Allowed] = {}
    for index, part in enumerate(group):
        now = allowed(part.condition)
        if now is not None:
            met = seen[now.key].meet(now) if now.key in seen else now
            if met.is_empty():
                return Clash(part, _culprit(now, group[:index]))
            seen[now.key] = met
        for earlier in group[:index]:
            if _opposites(part.condition, earlier.condition):
                return Clash(part, (earlier,))
    return None


def _culprit(now: Allowed, before: Sequence[Placed]) -> tuple[Placed, ...]:
    """The part that alone excludes `now`, else all that are about the same value."""
    about = [(p, a) for p in before if (a := allowed(p.condition)) is not None and a.key == now.key]
    for part, other in about:
        if other.meet(now).is_empty():
            return (part,)
    return tuple(part for part, _ in about)


def _flat(whole: Placed) -> tuple[Placed, ...]:
    if not isinstance(whole.condition, All):
        return (whole,)
    return tuple(leaf for part in whole.parts for leaf in _flat(part))


def _opposites(a: Condition, b: Condition) -> bool:
    """Whether the two can never be true together, whatever they are about."""
    if isinstance(a, Happened) and isinstance(b, Happened):
        return _absence_beats(a, b) or _absence_beats(b, a)
    (plain_a, turned_a), (plain_b, turned_b) = _plain(a), _plain(b)
    return plain_a == plain_b and turned_a != turned_b


def _plain(condition: Condition) -> tuple[Condition, bool]:
    """The condition without its negation, and whether it had one."""
    match condition:
        case Not(part):
            plain, turned = _plain(part)
            return plain, not turned
        case InSegment(negated=True) | Missing(negated=True):
            return replace(condition, negated=False), True
        case Quantified("no"):
            return replace(condition, quantifier="any"), True
    return condition, False


def _absence_beats(absent: Happened, present: Happened) -> bool:
    """`has not E within 60 days` leaves no one who `has E within 30 days`."""
    if not absent.negated or present.negated or present.match.at_least < absent.match.at_least:
        return False
    if replace(absent.match, at_least=1) != replace(present.match, at_least=1):
        return False
    if absent.within is None and not absent.since_enrollment:
        return True
    if absent.since_enrollment or present.since_enrollment:
        return absent.since_enrollment and present.since_enrollment
    if absent.within is None or present.within is None:
        return False
    longer, shorter = FAMILIES.get(absent.within.unit), FAMILIES.get(present.within.unit)
    if longer is None or shorter is None or longer[0] != shorter[0]:
        return False
    return present.within.n * shorter[1] <= absent.within.n * longer[1]


def _report_always(whole: Placed, findings: Findings) -> None:
    for index, part in enumerate(whole.parts):
        for earlier in whole.parts[:index]:
            (plain, turned), (other, other_turned) = _plain(part.condition), _plain(earlier.condition)
            if plain == other and turned != other_turned:
                findings.warning(
                    "always-true",
                    part.span,
                    f"always true: one of {findings.text(earlier.span)} and {findings.text(part.span)} always holds",
                    "holds whenever the other does not",
                    others=[Label(earlier.span)],
                    help="write `and` if both must hold, else drop the group",
                )
                return
    _report_all_options(whole, findings)


def _report_all_options(whole: Placed, findings: Findings) -> None:
    """`tier = gold or tier = silver` where there is no other tier and none is missing one."""
    seen: dict[Value, set[object]] = {}
    for part in whole.parts:
        now = allowed(part.condition)
        if now is None or part.missing or not now.among:
            continue
        options = seen.setdefault(now.key, set())
        options |= now.among
        if now.key.type.kind is Kind.CHOICE and options >= set(now.key.type.options):
            findings.warning(
                "always-true", whole.span, "always true: these are all the options there are", "holds for everyone"
            )
            return
