"""Surveys: a scale, what its ends mean, and who is not asked again (P10-P12)."""

from __future__ import annotations

from typing import cast

from ...diagnostics.suggest import perhaps
from ...program.conditions import Duration, Field, Unit
from ...program.conversations import Scale
from ...schema.model import Kind, Type
from ...syntax import nodes
from ..findings import choices
from ..scope import Answer, Scope
from ..types import described
from ..values_of_settings import word_of, wrong
from .settings import Read
from .targets import target_of

KINDS = ("nps", "ces", "csat")
_CSAT = ((1, 5), (1, 7))


def score_answer(scale: nodes.Setting) -> Answer:
    """`answers.score`: the answer on the scale, which every survey has."""
    return Answer("score", Type(Kind.NUMBER), False, scale.name_span)


def read_scale(scope: Scope, node: nodes.Conversation, read: Read) -> Scale | None:
    """The scale with its polarity; None after a finding."""
    scale = cast("nodes.Scale | None", read.get("scale"))
    if scale is None:
        return None
    low, high = cast("int", scale.low.value), cast("int", scale.high.value)
    kind = cast("str", read.get("kind") or ("nps" if (low, high) == (0, 10) else ""))
    target = _target(scope, scale, low, high) if scale.target else None
    fits = _kind_fits(scope, scale, kind, (low, high))
    polarity = _polarity(scope, node, read, kind, scale)
    if (scale.target is not None and target is None) or not fits or polarity is None:
        return None
    return Scale(low, high, target, polarity, kind)


def _scale(scope: Scope, setting: nodes.Setting) -> nodes.Scale | None:
    value = setting.value
    if not isinstance(value, nodes.Scale):
        wrong(scope, setting, "two numbers, the lowest and the highest answer", "0..10 -> contact.nps")
        return None
    low, high = value.low, value.high
    if not isinstance(low.value, int) or not isinstance(high.value, int):
        span = high.span if isinstance(low.value, int) else low.span
        scope.findings.error("bad-scale", span, "the ends of a scale are whole numbers", "not a whole number")
        return None
    if low.value >= high.value:
        span, help_ = low.span.to(high.span), f"write `{high.value}..{low.value}`" if low.value > high.value else ""
        scope.findings.error("bad-scale", span, "a scale goes from a lower number to a higher", "goes down", help=help_)
        return None
    return value


def _kind_fits(scope: Scope, scale: nodes.Scale, kind: str, ends: tuple[int, int]) -> bool:
    """NPS is 0 to 10 everywhere, else its figure compares with no other (P10); CSAT 1 to 5 or 7 (P11)."""
    span = scale.low.span.to(scale.high.span)
    if kind == "nps" and ends != (0, 10):
        message, under = "the NPS asks for 0 to 10", "another scale"
        scope.findings.error("bad-scale", span, message, under, help="write `0..10`, or leave `kind: nps` out")
        return False
    if kind == "csat" and ends not in _CSAT:
        message = "satisfaction is asked from 1 to 5, or from 1 to 7"
        scope.findings.error("bad-scale", span, message, "another scale", help="write `1..5` or `1..7`")
        return False
    return True


def _polarity(scope: Scope, node: nodes.Conversation, read: Read, kind: str, scale: nodes.Scale) -> str | None:
    """P11: of effort both ends are good somewhere, so it must be said."""
    written = cast("str | None", read.get("polarity"))
    setting = read.written.get("polarity")
    if kind in ("nps", "csat"):
        if written == "low" and setting is not None:
            message = f"for {'the NPS' if kind == 'nps' else 'satisfaction'} a high answer is the good one"
            scope.findings.error("bad-scale", setting.value.span, message, "the other way round", help="leave it out")
            return None
        return "high"
    if setting is None:
        scope.findings.error(
            "missing-polarity",
            read.written["scale"].value.span,
            f"the survey `{node.name.text}` does not say which end of its scale is the good one",
            "which end is good?",
            help=f"write `polarity: high` ({scale.high.value} is good) or `polarity: low` ({scale.low.value} is good)"
            f"{'; of satisfaction write `kind: csat`' if (scale.low.value, scale.high.value) in _CSAT else ''}",
            note="both are in use, and a figure that reads them the wrong way round looks just as good (P11)",
        )
    return written


def _target(scope: Scope, scale: nodes.Scale, low: int, high: int) -> Field | None:
    """The property that keeps the answer: a number that can hold every step of the scale."""
    assert scale.target is not None
    path, target = scale.target, target_of(scope, scale.target)
    if target is None:
        return None
    name, found = scope.findings.text(path.span), target.resolved
    if target.field.type.kind is not Kind.NUMBER:
        message = f"{name} is {described(target.field.type)}, and an answer on a scale is a number"
        scope.findings.error("answer-type", path.span, message, "not a number")
        return None
    too_low = found.minimum is not None and low < found.minimum
    if too_low or (found.maximum is not None and high > found.maximum):
        bound = f"at least {found.minimum:g}" if too_low else f"at most {found.maximum:g}"
        answer = low if too_low else high
        message = f"an answer of {answer} does not fit: {name} is {bound}"
        scope.findings.error("out-of-range", path.span, message, "outside the schema's bounds")
        return None
    return target.field


def _kind(scope: Scope, setting: nodes.Setting) -> str | None:
    value = setting.value
    if isinstance(value, nodes.Path) and value.text in KINDS:
        return value.text
    written = scope.findings.raw(value.span)
    help_ = perhaps(written, KINDS) or f"write {choices(KINDS)}, or leave it out"
    scope.findings.error("bad-setting", value.span, f"there is no kind of survey `{written}`", "not a kind", help=help_)
    return None


def _not_again(scope: Scope, setting: nodes.Setting) -> Duration | None:
    """P12: whoever answered is left alone so long."""
    value = setting.value
    if isinstance(value, nodes.Duration) and value.unit != "business_days" and value.n > 0:
        return Duration(value.n, Unit(value.unit))
    wrong(scope, setting, "a length of time in days, weeks or months", "90 days")
    return None


SURVEY_READERS = {
    "scale": _scale,
    "kind": _kind,
    "polarity": word_of("high", "low"),
    "not_again_within": _not_again,
}
