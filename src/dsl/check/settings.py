"""The settings of sequences and workflows: which there are, what they hold, and what holds where none is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..diagnostics.diagnostic import FixKind, Label, Severity
from ..diagnostics.suggest import closest
from ..source import Span
from ..syntax import nodes
from ..values import dataclass
from ..values import replace as changed
from . import values_of_settings as read
from .findings import Findings, listing, replace
from .scope import Scope

READERS: Mapping[str, read.Reader] = {
    "only": read.condition,
    "sender": read.sender,
    "zone": read.word_of("contact", "sender", "account"),
    "calendar": read.calendar,
    "window": read.window,
    "tasks_at": read.clock_time,
    "remind_at": read.clock_time,
    "threading": read.yes_or_no,
    "stop_on": read.events,
    "keep_on": read.words,
    "stop_when": read.condition,
    "stop_company_on": read.events,
    "goal": read.condition,
    "suppress": read.condition,
    "exclusive": read.yes_or_no,
    "priority": read.whole_number,
    "again": read.again,
    "existing": read.word_of("enroll", "ignore"),
    "grace": read.length,
    "late_engagement": read.word_of("log", "reopen"),
}
NAMES = ("when", *READERS)


@dataclass(frozen=True, slots=True)
class Settings:
    """`values` by name; a setting that is written and could not be read is in `written` alone."""

    values: Mapping[str, object]
    written: Mapping[str, nodes.Setting]

    def get(self, name: str) -> object | None:
        return self.values.get(name)

    @property
    def whole(self) -> bool:
        """Whether all that is written could be read."""
        return all(name in self.values or name == "when" for name in self.written)


def read_settings(scope: Scope, written: Sequence[nodes.Setting], defaults: Mapping[str, nodes.Setting]) -> Settings:
    """What is written, then the project's defaults for what is not. `only` may name `trigger.`, guards may not:
    they are read live, long after the event (X9)."""
    by_name = unique_settings(scope.findings, written, NAMES)
    values: dict[str, object] = {}
    for name, setting in by_name.items():
        if name in READERS:
            _keep(values, name, READERS[name](_scope_for(scope, name), setting))
    for name, setting in defaults.items():
        if name in READERS and name not in by_name:
            _keep(values, name, _default(scope, name, setting))
    return Settings(values, by_name)


def unique_settings(
    findings: Findings, written: Sequence[nodes.Setting], known: Sequence[str]
) -> dict[str, nodes.Setting]:
    """The settings by name; unknown ones and doubles are reported."""
    by_name: dict[str, nodes.Setting] = {}
    for setting in written:
        if setting.name not in known:
            if _has_colon(findings, setting):
                unknown_setting(findings, setting.name, setting.name_span, known)
        elif setting.name in by_name:
            findings.error(
                "duplicate-setting",
                setting.name_span,
                f"`{setting.name}` is written twice",
                "again here",
                others=[Label(by_name[setting.name].name_span, "first here")],
                help="keep one of them",
            )
        else:
            by_name[setting.name] = setting
    return by_name


def _has_colon(findings: Findings, setting: nodes.Setting) -> bool:
    """Without one it was most likely meant to be something else than a setting, which the parser told."""
    source = findings.sources.get(setting.name_span.file)
    return source is None or source.text[setting.name_span.end :].lstrip()[:1] in (":", "：")


def lacking(written: Sequence[nodes.Setting], known: Sequence[str], required: Sequence[str]) -> list[str]:
    """The settings that are needed and not there, less those that a misspelt one was meant to be."""
    names = {setting.name for setting in written}
    meant = {closest(name, known) for name in names if name not in known}
    return [name for name in required if name not in names and name not in meant]


# What other tools call it.
_CALLED_ELSEWHERE = {
    "when": ("trigger", "triggers", "enrollment_trigger", "start", "starts_on", "on"),
    "only": ("if", "filter", "where", "condition", "conditions"),
    "again": ("re_enroll", "reenroll", "re_enrollment", "reenrollment", "repeat"),
    "sender": ("from", "mailbox", "sent_by"),
    "suppress": ("exclude", "suppression", "except"),
    "stop_on": ("exit_on", "unenroll_on", "end_on"),
    "stop_when": ("exit_when", "unenroll_when", "exit", "until"),
    "zone": ("timezone", "time_zone"),
    "window": ("hours", "business_hours", "schedule", "send_window"),
}


def unknown_setting(findings: Findings, name: str, span: Span, known: Sequence[str]) -> None:
    """There is no setting of that name."""
    meant = closest(name, known) or next((k for k in known if name.casefold() in _CALLED_ELSEWHERE.get(k, ())), None)
    findings.error(
        "unknown-setting",
        span,
        f"there is no setting `{name}`",
        "not a setting",
        help=f"did you mean `{meant}`?" if meant else _known(known),
        fix=replace(span, meant, FixKind.UNSAFE) if meant else None,
    )


def _known(names: Sequence[str]) -> str:
    return f"the only setting is `{names[0]}`" if len(names) == 1 else f"the settings are {listing(names, 30)}"


def _scope_for(scope: Scope, name: str) -> Scope:
    if name == "only":
        return changed(scope, enrolled=False)  # judged at entry: nothing has happened since (X4)
    return changed(scope, trigger=None)


def _keep(values: dict[str, object], name: str, value: object | None) -> None:
    if value is not None:
        values[name] = value


def _default(scope: Scope, name: str, setting: nodes.Setting) -> object | None:
    """A default that does not fit this object is left out here; `check_defaults` reports what fits nowhere."""
    quiet = Findings(scope.findings.sources)
    value = READERS[name](changed(_scope_for(scope, name), findings=quiet), setting)
    return None if quiet.errors_since(0) else value


def check_defaults(scope: Scope, defaults: Mapping[str, nodes.Setting], place: Callable[[str], Span]) -> None:
    """Reports defaults of segue.yaml that are wrong for a contact; `place` says where a name stands there."""
    for name, setting in defaults.items():
        if name not in READERS:
            if name != "when":
                unknown_setting(scope.findings, name, place(name), tuple(READERS))
            continue
        quiet = Findings(scope.findings.sources)
        READERS[name](changed(scope, findings=quiet), setting)
        for problem in quiet.found:
            if problem.severity is Severity.ERROR:
                scope.findings.error(
                    problem.code, place(name), f"in the defaults: {problem.message}", help=problem.help
                )
