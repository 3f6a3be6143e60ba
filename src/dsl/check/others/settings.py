"""The settings of a declaration by readers, as those of sequences; what each kind of value may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...syntax import nodes
from ...values import dataclass
from ..findings import Findings, listing, replace
from ..references import declared
from ..scope import Declared, Scope
from ..settings import lacking, unique_settings
from ..values_of_settings import Reader, wrong


@dataclass(frozen=True, slots=True)
class Read:
    """`values` by name; `whole`: all that is needed is there, and all that is written could be read."""

    values: Mapping[str, object]
    written: Mapping[str, nodes.Setting]
    whole: bool

    def get(self, name: str) -> object | None:
        return self.values.get(name)


def read_settings(
    scope: Scope,
    what: str,
    name: nodes.Name,
    written: Sequence[nodes.Setting],
    readers: Mapping[str, Reader],
    required: Sequence[str] = (),
    unread: bool = False,
) -> Read:
    """The settings of `what` (`broadcast`) called `name`; unknown, double and lacking ones are reported. `unread`: a
    part of the declaration was reported by the parser, so that something may lack only for that."""
    if not readers:
        no_settings(scope.findings, what, written)
        return Read({}, {}, not written and not unread)
    by_name = unique_settings(scope.findings, written, tuple(readers))
    missing = [] if unread else lacking(written, tuple(readers), required)
    if missing:
        message = f"the {what} `{name.text}` has no `{missing[0]}`"
        scope.findings.error("missing-setting", name.span, message, f"needs {listing(missing)}")
    values: dict[str, object] = {}
    for setting_name, setting in by_name.items():
        value = None if isinstance(setting.value, nodes.Bad) else readers[setting_name](scope, setting)
        if value is not None:
            values[setting_name] = value
    whole = all(name in values for name in required) and len(values) == len(written) and not unread
    return Read(values, by_name, whole)


def no_settings(findings: Findings, what: str, written: Sequence[nodes.Setting]) -> None:
    """Reports the settings of a declaration that has none."""
    for setting in written:
        findings.error("unknown-setting", setting.name_span, f"a {what} has no settings", "not a setting")


def values(setting: nodes.Setting) -> Sequence[nodes.SettingValue]:
    """The values joined by commas; one alone is a list of one."""
    return setting.value.items if isinstance(setting.value, nodes.Listing) else (setting.value,)


def text(scope: Scope, setting: nodes.Setting) -> nodes.Text | None:
    """A text that says something."""
    if not isinstance(setting.value, nodes.Text):
        wrong(scope, setting, "a text", '".."')
        return None
    if not setting.value.value.strip():
        scope.findings.error("empty-text", setting.value.span, f"the {setting.name} is empty", "says nothing")
        return None
    return setting.value


def name_of(scope: Scope, setting: nodes.Setting, value: nodes.SettingValue, kind: str) -> Declared | None:
    """The declaration of that kind which a setting names."""
    if isinstance(value, nodes.Path) and len(value.names) == 1:
        return declared(scope, kind, value.names[0])
    if not isinstance(value, nodes.Bad):
        message, under = f"`{setting.name}` names a {kind}", f"not the name of a {kind}"
        bare = value.value if isinstance(value, nodes.Text) and scope.names.get(kind, value.value) else ""
        help_, fix = (f"write `{bare}`", replace(value.span, bare)) if bare else ("", None)
        scope.findings.error("bad-setting", value.span, message, under, help=help_, fix=fix)
    return None


def doubles(scope: Scope, items: Sequence[nodes.SettingValue], what: str) -> None:
    """Reports what a list names twice."""
    seen: set[str] = set()
    for item in items:
        written = scope.findings.raw(item.span)
        if written in seen:
            message = f"{what} `{written}` is named twice"
            scope.findings.error("named-twice", item.span, message, "again here", help="keep one of them")
        seen.add(written)
