"""What each setting of a sequence or workflow may hold; one reader a kind of value."""

from __future__ import annotations

from collections.abc import Callable

from ..diagnostics.diagnostic import Fix
from ..diagnostics.suggest import perhaps
from ..program.conditions import Condition, Duration, EventMatch, Unit
from ..program.definitions import Again, Window
from ..source import Span
from ..syntax import nodes
from .conditions import check_condition
from .findings import choices, listing, replace
from .forms import is_condition
from .placed import Placed
from .scope import Scope
from .triggers import alternatives, plain_events
from .users import user_ref
from .whole import check_whole

Reader = Callable[[Scope, nodes.Setting], object | None]


def condition(scope: Scope, setting: nodes.Setting) -> Placed | None:
    """A condition about the subject."""
    value = setting.value
    if not is_condition(value):
        wrong(scope, setting, "a condition", "in segment customers")
        return None
    found = check_condition(scope, value)
    if found is not None:
        check_whole(scope, found)
    return found


def sender(scope: Scope, setting: nodes.Setting) -> object | None:
    value = setting.value
    if isinstance(value, nodes.Path):
        return user_ref(scope, value)
    named = value.value if isinstance(value, nodes.Text) and value.value in scope.names.project.users else ""
    wrong(scope, setting, "a user", named or "contact.owner", replace(value.span, named) if named else None)
    return None


def calendar(scope: Scope, setting: nodes.Setting) -> str | None:
    if not isinstance(setting.value, nodes.Path):
        wrong(scope, setting, "a calendar of segue.yaml", "")
        return None
    name, known = setting.value.text, scope.names.project.calendars
    if name in known:
        scope.findings.refer("calendar", name, setting.value.span)
        return name
    hint = perhaps(name, known) or (f"the calendars are {listing(known)}" if known else "declare it under `calendars:`")
    scope.findings.error(
        "unknown-calendar", setting.value.span, f"there is no calendar `{name}`", "not in segue.yaml", help=hint
    )
    return None


def window(scope: Scope, setting: nodes.Setting) -> Window | None:
    """`09:00-17:00`: working days; `every day 08:00-20:00`: all days (X16)."""
    match setting.value:
        case nodes.TimeRange(start, end, span):
            return _window(scope, start, end, False, span)
        case nodes.EveryDay(day, range_, span) if day.text == "day":
            return _window(scope, range_.start, range_.end, True, span)
    wrong(scope, setting, "a range of the day", "09:00-17:00` or `every day 08:00-20:00")
    return None


def _window(scope: Scope, start: int, end: int, every_day: bool, span: Span) -> Window | None:
    if start == end:
        scope.findings.error("bad-setting", span, "this window is never open", "starts when it ends")
        return None
    return Window(start, end, every_day)


def clock_time(scope: Scope, setting: nodes.Setting) -> int | None:
    if isinstance(setting.value, nodes.Time):
        return setting.value.minute
    wrong(scope, setting, "a time of day", "08:00")
    return None


def yes_or_no(scope: Scope, setting: nodes.Setting) -> bool | None:
    value = setting.value
    if isinstance(value, nodes.Boolean):
        return value.value
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    if isinstance(value, nodes.Path) and value.text.lower() in words:
        right = words[value.text.lower()]
        scope.findings.error(
            "bad-setting",
            value.span,
            f"`{setting.name}` is true or false",
            f"says `{value.text}`",
            help=f"write `{right}`",
            fix=replace(value.span, right),
        )
        return None
    wrong(scope, setting, "true or false", "true")
    return None


def whole_number(scope: Scope, setting: nodes.Setting) -> int | None:
    if isinstance(setting.value, nodes.Number) and isinstance(setting.value.value, int):
        return setting.value.value
    wrong(scope, setting, "a whole number", "10")
    return None


def length(scope: Scope, setting: nodes.Setting) -> Duration | None:
    if isinstance(setting.value, nodes.Duration):
        return Duration(setting.value.n, Unit(setting.value.unit))
    wrong(scope, setting, "a length of time", "5 business days")
    return None


def again(scope: Scope, setting: nodes.Setting) -> Again | None:
    """`never`, `always` or `after D` (X5)."""
    match setting.value:
        case nodes.Path() as path if path.text in ("never", "always"):
            return Again(path.text)
        case nodes.After(nodes.Duration(n, unit)):
            return Again("after", Duration(n, Unit(unit)))
    wrong(scope, setting, "`never`, `always` or `after` a length of time", "after 30 days")
    return None


def word_of(*options: str) -> Reader:
    """A reader that takes one of the words."""

    def read(scope: Scope, setting: nodes.Setting) -> str | None:
        value = setting.value
        if isinstance(value, nodes.Path) and value.text in options:
            return value.text
        if isinstance(value, nodes.Path):
            hint = perhaps(value.text, options) or f"write {choices(options)}"
            message = f"`{setting.name}` cannot be `{value.text}`"
            scope.findings.error("bad-setting", value.span, message, f"one of {listing(options)}", help=hint)
            return None
        wrong(scope, setting, f"one of {listing(options)}", "")
        return None

    return read


def items(value: nodes.SettingValue) -> list[nodes.SettingValue]:
    """The values of a list joined by commas or `or`; one alone is a list of one."""
    parts = list(value.items) if isinstance(value, nodes.Listing) else [value]
    return [one for part in parts for one in alternatives(part)]


def events(scope: Scope, setting: nodes.Setting) -> tuple[EventMatch, ...] | None:
    """Events joined by commas, each with its filter."""
    parts = items(setting.value)
    found = [part for part in parts if isinstance(part, nodes.Event | nodes.Path)]
    if len(found) < len(parts):
        _no_events(scope, setting, next(p for p in parts if p not in found))
        return None
    return plain_events(scope, found, f"`{setting.name}:`")


def _no_events(scope: Scope, setting: nodes.Setting, part: nodes.SettingValue) -> None:
    """Something that is no event, and what was most likely meant by it."""
    raw = scope.findings.raw(part.span)
    fix: Fix | None = None
    match part:
        case nodes.Has(negation=""):
            better, fix = raw.removeprefix("has "), replace(part.span, raw.removeprefix("has "))
        case nodes.And():
            better = ", ".join(scope.findings.raw(p.span) for p in part.parts)
        case nodes.Has() | nodes.Compare() | nodes.OneOf() | nodes.Member() | nodes.Quantified() | nodes.Missing():
            better = ""
        case _:
            better = "replied, bounced(kind = hard)"
    help_ = f"write `{better}`" if better else "a condition stands under `stop_when:`"
    if isinstance(part, nodes.Bad):
        wrong(scope, setting, "a list of events", "")
        return
    message = f"`{setting.name}` is a list of events"
    scope.findings.error("bad-setting", part.span, message, "not an event", help=help_, fix=fix)


def words(scope: Scope, setting: nodes.Setting) -> tuple[nodes.Path, ...] | None:
    """Bare words joined by commas."""
    parts = items(setting.value)
    found = tuple(part for part in parts if isinstance(part, nodes.Path))
    if len(found) < len(parts):
        wrong(scope, setting, "a list of events", "replied")
        return None
    return found


def wrong(scope: Scope, setting: nodes.Setting, wanted: str, example: str, fix: Fix | None = None) -> None:
    """The value is of no kind the setting takes."""
    value = setting.value
    if isinstance(value, nodes.Bad):
        return
    scope.findings.error(
        "bad-setting",
        value.span,
        f"`{setting.name}` is {wanted}",
        "not that",
        help=f"write `{example}`" if example else "",
        fix=fix,
    )


def as_condition(value: object) -> Condition | None:
    """The compiled condition of a setting that was read with `condition`."""
    return value.condition if isinstance(value, Placed) else None
