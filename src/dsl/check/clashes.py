"""Tests that cannot hold together: the first of them that is false whenever those before it are true."""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import (
    Aggregate,
    Changed,
    Compare,
    Condition,
    Consent,
    CountOf,
    Duration,
    Field,
    Happened,
    InDefinition,
    InSegment,
    Missing,
    Not,
    OneOf,
    Quantified,
    Value,
    WasMember,
)
from ..values import dataclass, replace
from .ages import FAMILIES
from .allowed import Allowed, allowed
from .claims import Claim, claims
from .placed import Placed


@dataclass(frozen=True, slots=True)
class Clash:
    """`part` is false whenever all of `earlier` are true; without `earlier` it is false by itself."""

    part: Claim
    earlier: tuple[Claim, ...]

    @property
    def whole(self) -> tuple[Claim, ...]:
        return (*self.earlier, self.part)


def find_clash(group: Sequence[Placed]) -> Clash | None:
    """The first part of an `and` that cannot be true together with those before it."""
    return clash_of([claim for part in group for claim in claims(part)])


def clash_of(claimed: Sequence[Claim]) -> Clash | None:
    """The same of single tests."""
    group = _related(claimed)
    if not group:
        return None
    seen: dict[Value, Allowed] = {}
    opposites = _Opposites()
    for index, claim in enumerate(group):
        for now in _allowed(claim):
            met = seen[now.key].meet(now) if now.key in seen else now
            if met.is_empty():
                return Clash(claim, _culprits(now, group[:index]))
            seen[now.key] = met
        earlier = opposites.met(claim)
        if earlier is not None:
            return Clash(claim, (earlier,))
    return None


def _related(group: Sequence[Claim]) -> list[Claim]:
    """Those that are about something another one is about, too: mostly none, and then there is nothing to weigh.

    What happened never excludes what else happened: it takes something else about the same events."""
    subjects = [_subject(claim.condition) for claim in group]
    seen, several, weighed = set[object](), set[object](), set[object]()
    for claim, subject in zip(group, subjects, strict=True):
        (several if subject in seen else seen).add(subject)
        if not _happening(claim.condition):
            weighed.add(subject)
    several &= weighed
    return [c for c, s in zip(group, subjects, strict=True) if s in several or _leaves_options_out(c.condition)]


def _happening(condition: Condition) -> bool:
    return isinstance(condition, Happened) and not condition.negated


def _subject(condition: Condition) -> object:
    """What a test is about. INVARIANT: tests that allow values of one key, or exclude each other, have one subject."""
    match condition:
        case Not(part):
            return _subject(part)
        case Happened(match):
            return match.event
        case Quantified(path=path):
            return path
        case Consent(name) | InSegment(name) | InDefinition(name=name) | WasMember(name=name):
            return name
    left = getattr(condition, "left", condition)
    match left:
        case Field(path, _, name):
            return (*path, name)
        case Aggregate(match=match):
            return match.event
        case CountOf(path):
            return path
    return left


def _leaves_options_out(condition: Condition) -> bool:
    """Whether a test could leave no option at all."""
    match condition:
        case OneOf(negated=negated):
            return negated
        case Compare(_, op):
            return op == "!="
    return isinstance(condition, Not)


def _allowed(claim: Claim) -> tuple[Allowed, ...]:
    return allowed(claim.condition, missing=claim.missing)


def _culprits(now: Allowed, before: Sequence[Claim]) -> tuple[Claim, ...]:
    """The one that alone excludes `now`, else as few as needed of those about the same value."""
    about = [(claim, one) for claim in before for one in _allowed(claim) if one.key == now.key]
    for claim, other in about:
        if other.meet(now).is_empty():
            return (claim,)
    needed = list(about)
    for pair in about:
        fewer = [one for one in needed if one is not pair]
        if _together(now, fewer).is_empty():
            needed = fewer
    return tuple(dict.fromkeys(claim for claim, _ in needed))


def _together(now: Allowed, others: Sequence[tuple[Claim, Allowed]]) -> Allowed:
    for _, other in others:
        now = other.meet(now)
    return now


# --- whatever they are about --------------------------------------------------------------------


class _Opposites:
    """Tests met so far, so that one which excludes a new one is found without going through all of them."""

    def __init__(self) -> None:
        self.plain: dict[tuple[Condition, bool], Claim] = {}
        self.kin: dict[object, list[Claim]] = {}

    def met(self, claim: Claim) -> Claim | None:
        """The first of those before that can never be true together with this one; takes it in."""
        inner, turned = plain(claim.condition)
        found = self.plain.get((inner, not turned))
        self.plain.setdefault((inner, turned), claim)
        key = _kin(claim.condition)
        if key is None:
            return found
        for other in self.kin.setdefault(key, []):
            if _excludes(claim.condition, other.condition) or _excludes(other.condition, claim.condition):
                return other
        self.kin[key].append(claim)
        return found


def _kin(condition: Condition) -> object:
    """What tests have in common that can exclude each other without being opposites; None for all others."""
    match condition:
        case Happened(match):
            return replace(match, at_least=1)
        case Changed(left) | Not(Changed(left)):
            return left
        case Consent(topic):
            return "topic", topic
        case InDefinition(kind, name) | Not(WasMember(kind, name)):
            return kind, name
    return None


def _excludes(a: Condition, b: Condition) -> bool:
    """Whether `b` can never be true where `a` is, though neither is the other's opposite in words."""
    match a, b:
        case Happened(), Happened():
            return _absence_beats(a, b)
        case Not(Changed(left, longer)), Changed(other, shorter):
            return left == other and _covers(longer, shorter)
        case Consent(topic, True), Consent(other_topic, False):
            return topic == other_topic
        case Not(WasMember(kind, name)), InDefinition(other_kind, other_name):
            return (kind, name) == (other_kind, other_name)
    return False


def plain(condition: Condition) -> tuple[Condition, bool]:
    """The condition without its negation, and whether it had one."""
    match condition:
        case Not(part):
            inner, turned = plain(part)
            return inner, not turned
        case InSegment(negated=True) | Missing(negated=True):
            return replace(condition, negated=False), True
        case Quantified("no"):
            return replace(condition, quantifier="any"), True
    return condition, False


def _absence_beats(absent: Happened, present: Happened) -> bool:
    """`has not E within 60 days` leaves no one who `has E within 30 days`."""
    if not absent.negated or present.negated or present.match.at_least < absent.match.at_least:
        return False
    if replace(absent.match, at_least=1) != replace(present.match, at_least=1) or absent.since or present.since:
        return False
    if absent.since_enrollment:
        return present.since_enrollment
    if present.since_enrollment:
        return absent.within is None
    return _covers(absent.within, present.within)


def _covers(longer: Duration | None, shorter: Duration | None) -> bool:
    """Whether one window holds all of another; None is all time."""
    if longer is None or shorter is None:
        return longer is None
    a, b = FAMILIES.get(longer.unit), FAMILIES.get(shorter.unit)
    return a is not None and b is not None and a[0] == b[0] and shorter.n * b[1] <= longer.n * a[1]
