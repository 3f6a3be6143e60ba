"""`every monday 09:00`, `every month on 1 at 09:00`, `every "0 9 * * 1-5"`, `every 2 weeks`: phrases as cron (X4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import Duration, Field, Unit
from ..program.definitions import OnSchedule
from ..source import Span
from ..syntax import nodes
from .findings import choices, replace
from .path_hints import event_named, no_date
from .paths import resolve_path
from .scope import Resolved, Scope
from .types import described, is_day

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAYS: Mapping[str, str] = {"day": "*", "weekday": "1-5", **{name: str(n) for n, name in enumerate(WEEKDAYS)}}
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_SHORTEST_MONTH = 28
_EXAMPLE = "every monday 09:00"


def schedule(scope: Scope, node: nodes.Schedule) -> OnSchedule | None:
    """When it starts, in the account's zone; None after a finding."""
    match node.every:
        case nodes.Text():
            return _cron(scope, node.every)
        case nodes.Duration():
            return _interval(scope, node, node.every)
        case nodes.Path():
            return _phrase(scope, node, node.every)


# --- every 2 weeks ----------------------------------------------------------------------------


def _interval(scope: Scope, node: nodes.Schedule, length: nodes.Duration) -> OnSchedule | None:
    unit = Unit(length.unit)
    if unit is Unit.BUSINESS_DAYS:
        _refuse(scope, length.span, "business days are not equally far apart", "write `every weekday 09:00`")
        return None
    if length.n < 1:
        _refuse(scope, length.span, "this would start without end", f"write `every 1 {unit.removesuffix('s')}`")
        return None
    if node.on is not None:
        on = scope.findings.raw(node.on.span)
        help_ = f"write `every {on} 09:00` for every one of them, or leave `on {on}` out"
        _refuse(scope, node.on.span, "a span of time is counted from the day the rule went live", help_)
        return None
    if node.at is not None and unit in (Unit.MINUTES, Unit.HOURS):
        _refuse(scope, node.at.span, f"what comes every few {unit} has no time of day", "leave it out")
        return None
    return OnSchedule(interval=Duration(length.n, unit), at=node.at.minute if node.at else None)


# --- every monday 09:00 -----------------------------------------------------------------------


def _phrase(scope: Scope, node: nodes.Schedule, word: nodes.Path) -> OnSchedule | None:
    minute = node.at.minute if node.at else None
    if word.text == "year" and isinstance(node.on, nodes.Number | nodes.Text | nodes.Date):
        _fixed_day(scope, node.on, minute)
        return None
    if minute is None:
        help_ = f"write `{scope.findings.raw(node.span)} at 09:00`"
        scope.findings.error("bad-schedule", node.span, "a schedule says at what time", "at what time?", help=help_)
    if node.on is not None:
        return _on(scope, word, node.on, minute)
    if word.text not in DAYS:
        _no_day(scope, word)
        return None
    return OnSchedule(_fields(minute, weekday=DAYS[word.text])) if minute is not None else None


def _on(scope: Scope, word: nodes.Path, on: nodes.Operand, minute: int | None) -> OnSchedule | None:
    match word.text, on:
        case "week", nodes.Path() if on.text in WEEKDAYS:
            return OnSchedule(_fields(minute, weekday=DAYS[on.text])) if minute is not None else None
        case "month", nodes.Number():
            return _on_day(scope, on, minute)
        case "year", nodes.Path():
            return _on_date(scope, on, minute)
        case _, nodes.Bad():
            return None
    shown = "every week on monday at 09:00`, `every month on 1 at 09:00` or `every year on birthday at 09:00"
    _refuse(scope, word.span.to(on.span), f"{scope.findings.text(word.span.to(on.span))} is no day", f"write `{shown}`")
    return None


def _fixed_day(scope: Scope, on: nodes.Number | nodes.Text | nodes.Date, minute: int | None) -> None:
    hours, minutes = divmod(9 * 60 if minute is None else minute, 60)
    month, day = on.value.split("-")[1:3] if isinstance(on, nodes.Date) else ("12", "1")
    written = f'every "{minutes} {hours} {int(day)} {int(month)} *"'
    told = "" if isinstance(on, nodes.Date) else f" for 1 December, {hours:02}:{minutes:02}"
    _refuse(scope, on.span, "`every year on` takes a date that each record has", f"write `{written}`{told}")


def _on_day(scope: Scope, day: nodes.Number, minute: int | None) -> OnSchedule | None:
    if not isinstance(day.value, int) or not 1 <= day.value <= 31:
        _refuse(scope, day.span, f"no month has a day {day.value}", "write a day from 1 to 28")
        return None
    if day.value > _SHORTEST_MONTH:
        scope.findings.warning(
            "skips-months",
            day.span,
            f"not every month has a day {day.value}",
            "left out in shorter months",
            help='write 28 or less, or `every "0 9 L * *"` for the last day of each month',
        )
    return OnSchedule(_fields(minute, day=str(day.value))) if minute is not None else None


def _on_date(scope: Scope, path: nodes.Path, minute: int | None) -> OnSchedule | None:
    found = date_property(scope, path)
    if found is None or minute is None:
        return None
    return OnSchedule(date=found, at=minute)


def date_property(scope: Scope, path: nodes.Path) -> Field | None:
    """A date of the record that a trigger waits for; `contact.birthday` and `birthday` are the same."""
    names = path.names
    if len(names) > 1 and names[0].text == scope.subject.name and names[0].text not in scope.subject.associations:
        names = names[1:]
    if event := event_named(scope, names):
        no_date(scope, names, event, f"begin with `when: {event}`, and let the first step wait")
        return None
    found = resolve_path(scope, names)
    if found is None:
        return None
    if isinstance(found.value, Field) and is_day(found.value.type):
        return found.value
    _no_date(scope, found)
    return None


def _no_date(scope: Scope, found: Resolved) -> None:
    dates = [name for name, p in scope.subject.properties.items() if is_day(p.type)]
    scope.findings.error(
        "type-mismatch",
        found.span,
        f"{scope.findings.text(found.span)} is {described(found.value.type)}, not a date of the {scope.subject.name}",
        "not a date",
        help=f"write {choices(dates)}" if isinstance(found.value, Field) else "name a property that is a date",
    )


def _no_day(scope: Scope, word: nodes.Path) -> None:
    text = word.text.casefold()
    meant = closest(text.removesuffix("s"), DAYS) or next(
        (d for d in DAYS if len(text) > 2 and d.startswith(text)), None
    )
    help_ = f"did you mean `{meant}`?" if meant else f"write {choices(DAYS)}"
    if text in ("week", "month", "year", "hour", "minute", "quarter"):
        longer = {"week": "every monday 09:00", "month": "every month on 1 at 09:00", "hour": "every 1 hour"}
        help_ = f"write `{longer.get(text, 'every month on 1 at 09:00')}`"
        meant = None
    scope.findings.error(
        "bad-schedule",
        word.span,
        f"`{word.text}` is no day",
        "which day?",
        help=help_,
        fix=replace(word.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _fields(minute: int | None, day: str = "*", weekday: str = "*") -> str:
    hours, minutes = divmod(minute or 0, 60)
    return f"{minutes} {hours} {day} * {weekday}"


# --- every "0 9 * * 1-5" ----------------------------------------------------------------------


def _cron(scope: Scope, text: nodes.Text) -> OnSchedule | None:
    """Five fields of cron, each checked by itself so that a finding names the one that is wrong."""
    fields = list(re.finditer(r"\S+", text.value))
    if len(fields) != len(_FIELDS):
        help_ = f"write minute, hour, day, month and weekday, as in `0 9 * * 1`, or in words: `{_EXAMPLE}`"
        _refuse(scope, text.span, f"a cron text has five parts, not {len(fields)}", help_)
        return None
    for n, (field, name) in enumerate(zip(fields, _FIELDS, strict=True)):
        alone = ["*"] * n + [field[0]] + ["*"] * (len(_FIELDS) - n - 1)
        if not _comes(alone, every=False):
            place = text.place(field.start(), field.end())
            _refuse(scope, place, f"`{field[0]}` is no {name} of a cron text", "write `*`, a number or a range")
            return None
    cron = [field[0] for field in fields]
    if not _comes(cron, every=True):
        _refuse(scope, text.span, "there is no such day in any year", "change the day or the month")
        return None
    return OnSchedule(" ".join(cron))


def _comes(fields: Sequence[str], *, every: bool) -> bool:
    """Whether cron reads the fields; with `every`, whether there is a moment that they mean."""
    from cronsim import CronSim, CronSimError  # read only where a rule has a cron text: most have none

    try:
        moments = CronSim(" ".join(fields), datetime(2000, 1, 1))
        return not every or next(moments, None) is not None
    except CronSimError:
        return False


def _refuse(scope: Scope, span: Span, message: str, help_: str) -> None:
    scope.findings.error("bad-schedule", span, message, "not a time to start", help=help_)
