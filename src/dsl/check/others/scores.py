"""Scores: signed rules over events and conditions, caps, decay or expiry (G18-G20, X35)."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from ...diagnostics.diagnostic import Label
from ...diagnostics.suggest import perhaps
from ...program.conditions import Condition, Duration, ScoreValue, Unit
from ...program.others import Score, ScoreRule
from ...syntax import nodes
from ..conditions import check_condition
from ..findings import Findings, choices
from ..scope import Names, Scope
from ..segments import object_named
from ..triggers import alternatives, is_event, plain_events
from ..values_of_settings import wrong
from ..whole import check_whole
from .checked import CheckedOther, label_of, within
from .score_segments import named_in
from .settings import Read, read_settings

PERIODS = ("day", "week", "month", "year")


def check_score(names: Names, findings: Findings, node: nodes.Score) -> CheckedOther:
    """The compiled score, or None in its place after a finding."""
    subject = object_named(names, findings, node.of)
    if subject is None:
        return CheckedOther(node, None)
    scope = Scope(names, findings, subject)
    read = read_settings(scope, "score", node.name, node.settings, READERS, (), bool(node.unread))
    before = len(findings.conditions)
    rules = [_rule(scope, rule) for rule in node.rules]
    scored = tuple(named for placed in findings.conditions[before:] for named in named_in(placed))
    sound = tuple(rule for rule in rules if rule is not None)
    one_fading = _one_fading(scope, read)
    if not node.rules and not node.unread:
        message = f"the score `{node.name.text}` has no rules"
        findings.warning("no-rules", node.name.span, message, "always missing", help="write `give 5 when EVENT`")
    _fading_of_nothing(scope, node, read)
    if not read.whole or len(sound) < len(rules) or not one_fading:
        return CheckedOther(node, None, scored=scored)
    half_every, expires = cast("Duration | None", read.get("decay")), cast("Duration | None", read.get("expire"))
    cap = cast("int | float | None", read.get("cap"))
    score = Score(node.name.text, label_of(node), subject.name, sound, half_every, expires, cap, node.name.span)
    return CheckedOther(node, score, scored=scored)


def _rule(scope: Scope, node: nodes.ScoreRule) -> ScoreRule | None:
    points = _points(scope, node)
    parts = list(alternatives(node.when))
    events = [part for part in parts if is_event(scope, part)]
    if events and len(parts) > 1:
        _several_events(scope, node)
        return None
    if events:
        return _event_rule(scope, node, points, cast("nodes.Event | nodes.Path", events[0]))
    return _condition_rule(scope, node, points)


def _points(scope: Scope, node: nodes.ScoreRule) -> int | float | None:
    """What the rule gives, signed."""
    value = _plain(node.points)
    if value > 0:
        return value if node.sign == "give" else -value
    scope.findings.error("bad-points", node.points.span, "points are above 0", "none", help="leave the rule out")
    return None


def _plain(number: nodes.Number) -> int | float:
    return float(number.value) if isinstance(number.value, Decimal) else number.value


def _several_events(scope: Scope, node: nodes.ScoreRule) -> None:
    scope.findings.error(
        "bad-score-rule",
        node.when.span,
        "a rule of a score is about one event, or about one condition",
        "several of them",
        help="write a rule for each of them",
    )


def _event_rule(
    scope: Scope, node: nodes.ScoreRule, points: int | float | None, event: nodes.Event | nodes.Path
) -> ScoreRule | None:
    matches = plain_events(scope, [event], "a rule of a score")
    fine, cap = _cap(scope, node, points)
    if not matches or not fine or points is None:
        return None
    return ScoreRule(points, matches[0], None, cap, node.per.text if node.per and cap is not None else None)


def _cap(scope: Scope, node: nodes.ScoreRule, points: int | float | None) -> tuple[bool, int | float | None]:
    """(whether it is sound, what the rule gives at most in a period)."""
    if node.at_most is None:
        return True, None
    if node.per is None or node.per.text not in PERIODS:
        _no_period(scope, node.at_most, node.per)
        return False, None
    cap = _plain(node.at_most)
    if points is not None and cap < abs(points):
        scope.findings.error(
            "cap-below-points",
            node.at_most.span,
            f"at most {cap:g} is less than one occurrence counts",
            f"below {abs(points):g}",
            others=[Label(node.points.span, "counts so many")],
            help=f"write {abs(points):g} or more",
        )
        return False, None
    return True, cap


def _no_period(scope: Scope, at_most: nodes.Number, per: nodes.Name | None) -> None:
    if per is None:
        help_ = f"write `at most {at_most.value} per week`"
        scope.findings.error("bad-period", at_most.span, "at most so many in which time?", "no period", help=help_)
        return
    help_ = perhaps(per.text, PERIODS) or f"write {choices(PERIODS)}"
    scope.findings.error("bad-period", per.span, f"points are not counted per `{per.text}`", "no period", help=help_)


def _condition_rule(scope: Scope, node: nodes.ScoreRule, points: int | float | None) -> ScoreRule | None:
    placed = check_condition(scope, node.when)
    fine = True
    if node.at_most is not None:
        span = node.at_most.span.to(node.per.span) if node.per else node.at_most.span
        scope.findings.error(
            "cap-on-condition",
            span,
            "a condition counts once while it holds; `at most` limits how often an event counts",
            "limits nothing",
            help="leave it out",
        )
        fine = False
    if placed is None or not fine or points is None:
        return None
    check_whole(scope, placed)
    return ScoreRule(points, None, placed.condition) if _no_score(scope, node, placed.condition) else None


def _no_score(scope: Scope, node: nodes.ScoreRule, condition: Condition) -> bool:
    """A score of scores would make its history depend on that of others, which is a function of the events alone."""
    other = next(within(condition, ScoreValue), None)
    if other is None:
        return True
    scope.findings.error(
        "score-of-scores",
        node.when.span,
        f"a score is made of events and properties, not of the score `{other.score}`",
        "reads a score",
        help="write the rules of that score here",
    )
    return False


def _one_fading(scope: Scope, read: Read) -> bool:
    decay, expire = read.written.get("decay"), read.written.get("expire")
    if decay is None or expire is None:
        return True
    first, second = sorted((decay, expire), key=lambda setting: setting.span.start)
    scope.findings.error(
        "decay-and-expiry",
        second.name_span,
        "points fade or vanish, not both",
        "the other way here",
        others=[Label(first.name_span, "one way here")],
        help="keep one of them",
    )
    return False


def _fading_of_nothing(scope: Scope, node: nodes.Score, read: Read) -> None:
    """Only points for events fade: those for a condition are there while it holds."""
    fading = read.written.get("decay") or read.written.get("expire")
    if fading is None or not node.rules:
        return
    parts = [part for rule in node.rules for part in alternatives(rule.when)]
    if not any(is_event(scope, part) for part in parts):
        message = f"`{fading.name}` is about points for events, and no rule here is about one"
        scope.findings.warning("fades-nothing", fading.name_span, message, "changes nothing", help="leave it out")


def _decay(scope: Scope, setting: nodes.Setting) -> Duration | None:
    if not isinstance(setting.value, nodes.HalfEvery):
        wrong(scope, setting, "how long it takes until a point counts half", "half every 30 days")
        return None
    length = _days(scope, setting.value.length, ("days", "weeks"), "30 days")
    if length is not None and length.n * (7 if length.unit is Unit.WEEKS else 1) > _SLOWEST:
        message = "points that count half after ten years or more do not fade"
        scope.findings.error("bad-setting", setting.value.length.span, message, "not so", help="leave `decay` out")
        return None
    return length


def _expire(scope: Scope, setting: nodes.Setting) -> Duration | None:
    if not isinstance(setting.value, nodes.After):
        wrong(scope, setting, "how long points count", "after 90 days")
        return None
    return _days(scope, setting.value.length, ("days", "weeks", "months", "years"), "90 days")


_SLOWEST = 3_650  # days: what a point is worth is written down for each day of its life, forty times as long
_NO_DAYS = {
    "minutes": "points change at midnight, not by the minute",
    "hours": "points change at midnight, not by the hour",
    "business_days": "points change every day, also on those that are not worked",
    "months": "points fade evenly, and months are not all equally long",
    "years": "points fade evenly, and years are not all equally long",
}


def _days(scope: Scope, length: nodes.Duration, units: tuple[str, ...], example: str) -> Duration | None:
    """Points change at the account's midnight, so their time is whole days (X35)."""
    if length.unit in units and length.n > 0:
        return Duration(length.n, Unit(length.unit))
    message = _NO_DAYS[length.unit] if length.unit not in units else "points count longer than no time"
    scope.findings.error("bad-setting", length.span, message, "not so", help=f"count in days: `{example}`")
    return None


def _whole_cap(scope: Scope, setting: nodes.Setting) -> int | float | None:
    if isinstance(setting.value, nodes.Number) and setting.value.value > 0:
        return _plain(setting.value)
    wrong(scope, setting, "a number above 0", "100")
    return None


READERS = {"decay": _decay, "expire": _expire, "cap": _whole_cap}
