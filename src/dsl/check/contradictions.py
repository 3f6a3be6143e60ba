"""`never-true`, `always-true`, `duplicate-condition`: parts that exclude each other, leave nothing out, or repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..diagnostics.diagnostic import FixKind, Label
from ..program.conditions import All, AnyOf, Condition
from ..source import Span
from .claims import Claim, claims, way_of
from .clashes import Clash, clash_of
from .findings import Findings, replace
from .placed import Placed


def check_contradictions(whole: Placed, findings: Findings) -> None:
    """Reports every `and` that nobody can satisfy, every `or` that everybody does, and doubles, once each."""
    if not _clashes(whole, (), findings):
        _inside(whole, (), findings)


def _inside(whole: Placed, context: tuple[Claim, ...], findings: Findings) -> None:
    """Looks into the parts of a condition that is possible as a whole."""
    match whole.condition:
        case All():
            group = _flat(whole)
            _doubles(group, findings)
            for part in group:
                alone = not isinstance(part.condition, AnyOf)
                around = () if alone else context + tuple(c for p in group if p is not part for c in claims(p))
                _inside(part, around, findings)
        case AnyOf():
            _doubles(whole.parts, findings)
            for part in whole.parts:
                if not _clashes(part, context, findings):
                    _inside(part, context, findings)
            _always(whole, findings)
        case _:
            for part in whole.parts:
                check_contradictions(part, findings)


def _flat(whole: Placed) -> tuple[Placed, ...]:
    if not isinstance(whole.condition, All):
        return (whole,)
    return tuple(leaf for part in whole.parts for leaf in _flat(part))


# --- never true -------------------------------------------------------------------------------


def _clashes(whole: Placed, context: tuple[Claim, ...], findings: Findings) -> bool:
    clash = clash_of([*context, *claims(whole)])
    if clash is None:
        return False
    report_clash(clash, findings)
    return True


def report_clash(clash: Clash, findings: Findings) -> None:
    """`never true: A excludes B`, with both places, also those inside segments."""
    part = findings.text(clash.part.span)
    spans = list(dict.fromkeys(one.span for one in clash.earlier if one.span != clash.part.span))
    places = dict.fromkeys((one.behind, one.segment) for one in clash.whole if one.behind is not None)
    behind = [Label(place, f"in the segment `{segment}`") for place, segment in places]
    if not spans:
        findings.error("never-true", clash.part.span, f"{part} is never true", "no value satisfies this", others=behind)
        return
    earlier = " and ".join(findings.text(span) for span in spans)
    findings.error(
        "never-true",
        clash.part.span,
        f"never true: {part} excludes {earlier}",
        "false whenever the rest is true",
        others=[*(Label(span, "excluded by the other part") for span in spans), *behind],
        help="write `or` if one of the two is enough, else drop one",
    )


def check_through_segments(whole: Placed, segments: Mapping[str, Placed], findings: Findings) -> None:
    """Reports what nobody can satisfy because of what a named segment asks for; the rest was reported before."""
    for group in _groups(whole, ()):
        if len({claim.span for part in group for claim in claims(part)}) < 2:
            continue  # a segment alone was judged where it stands
        found = [claim for part in group for claim in claims(part, segments=segments)]
        clash = clash_of(found) or _no_way(found)
        if clash is not None and len({claim.span for claim in clash.whole}) > 1:
            if any(claim.behind is not None for claim in clash.whole):
                report_clash(clash, findings)
            return
    for part in whole.leaves():
        for inner in part.parts:
            check_through_segments(inner, segments, findings)


def _no_way(found: Sequence[Claim]) -> Clash | None:
    """An `or` inside a segment of which no part can hold beside the rest."""
    for claim in found:
        if claim.behind is None or not claim.ways:
            continue
        rest = [one for one in found if one is not claim]
        clashes = [clash_of([*rest, *way_of(claim, way)]) for way in claim.ways]
        sure = [clash for clash in clashes if clash is not None]
        if len(sure) == len(clashes):
            return Clash(sure[-1].part, tuple(dict.fromkeys(one for clash in sure for one in clash.whole)))
    return None


def _groups(whole: Placed, around: tuple[Placed, ...]) -> Iterator[tuple[Placed, ...]]:
    """The parts that must hold together: the whole, then each way of an `or` with what stands around it."""
    group = (*around, *_flat(whole))
    yield group
    for part in _flat(whole):
        if isinstance(part.condition, AnyOf):
            rest = tuple(p for p in group if p is not part)
            for way in part.parts:
                yield from _groups(way, rest)


# --- always true ------------------------------------------------------------------------------


def _always(whole: Placed, findings: Findings) -> None:
    """An `or` is always true where its parts cannot all be false."""
    clash = clash_of(claims(whole, holds=False))
    if clash is None:
        return
    spans = sorted({claim.span for claim in clash.whole}, key=lambda span: span.start)
    if len(spans) < 2:
        return
    findings.warning(
        "always-true",
        spans[-1],
        f"always true: one of {' and '.join(findings.text(span) for span in spans)} always holds",
        "holds whenever the rest does not",
        others=[Label(span) for span in spans[:-1]],
        help="write `and` if both must hold, else drop the group",
    )


# --- twice ------------------------------------------------------------------------------------


def _doubles(group: Sequence[Placed], findings: Findings) -> None:
    first: dict[Condition, Placed] = {}
    for index, part in enumerate(group):
        same = first.setdefault(part.condition, part)
        if same is part:
            continue
        before = group[index - 1].span
        findings.warning(
            "duplicate-condition",
            part.span,
            f"{findings.text(part.span)} says the same as before",
            "the same again",
            others=[Label(same.span, "first here")],
            help="leave it out, or write what was meant",
            fix=replace(Span(before.file, before.end, part.span.end), "", FixKind.UNSAFE),
        )
