"""The settings of each kind of declaration: what they hold, as the checker says it; what holds without them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dsl.check.others import broadcasts, dashboards, reports, scores, snippets, surveys
from dsl.check.settings import NAMES
from dsl.check.templates import SETTINGS as OF_TEMPLATES
from dsl.compile import compile_project
from dsl.source import Source
from dsl.values import dataclass

from .markdown import code, table
from .markdown import page as joined


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of declaration: a program with a place for one setting, and its settings by the checker's own list."""

    title: str
    program: str
    names: Sequence[str]


GROUPS = (
    Group("Sequences and workflows", 'sequence x {{ {} log note "x" }}', NAMES),
    Group("Templates", "template x {{ {} }}", OF_TEMPLATES),
    Group("Scores", "score x of contact {{ {} give 1 when replied }}", tuple(scores.READERS)),
    Group("Snippets", 'snippet "#x" {{ {} }}', tuple(snippets.READERS)),
    Group("Broadcasts", "broadcast x {{ {} }}", tuple(broadcasts.READERS)),
    Group("Playbooks", 'playbook x for contact {{ {} ask a "q": text }}', ("outcome",)),
    Group("Surveys", 'survey x {{ {} ask a "q": text }}', tuple(surveys.SURVEY_READERS)),
    Group("Reports", "report x of deal {{ {} }}", tuple(reports.readers("deal"))),
    Group("Dashboards", "dashboard x {{ {} }}", tuple(dashboards.READERS)),
)

# (title of the group, setting) -> what holds where it is not written; a setting that is not here is simply not there.
WITHOUT: Mapping[tuple[str, str], str] = {
    ("Sequences and workflows", "when"): "`manually` in a sequence; needed in a workflow",
    ("Sequences and workflows", "zone"): "`account`",
    ("Sequences and workflows", "calendar"): "the account's, else Monday to Friday",
    ("Sequences and workflows", "window"): "any time",
    ("Sequences and workflows", "sender"): "who enrolled by hand; needed where the rule enrolls and mails",
    ("Sequences and workflows", "tasks_at"): "at once",
    ("Sequences and workflows", "threading"): "`false`",
    ("Sequences and workflows", "stop_on"): "unsubscribed, a hard bounce, a complaint; of a sequence also `replied` "
    "and `booked_meeting`. What is written comes on top",
    ("Sequences and workflows", "exclusive"): "`true` of a sequence, `false` of a workflow",
    ("Sequences and workflows", "priority"): "`0`",
    ("Sequences and workflows", "again"): "`always` of schedules and dates, else `never`",
    ("Sequences and workflows", "existing"): "`ignore`",
    ("Sequences and workflows", "grace"): "`5 business days`, of a sequence with `automated` and `rep_led`",
    ("Sequences and workflows", "late_engagement"): "`log`",
    ("Templates", "topic"): "needed",
    ("Templates", "subject"): "needed",
    ("Templates", "body"): "needed",
    ("Snippets", "use_in"): "needed",
    ("Snippets", "text"): "needed",
    ("Broadcasts", "to"): "needed",
    ("Broadcasts", "send"): "needed",
    ("Broadcasts", "at"): "when it is told to",
    ("Surveys", "scale"): "needed",
    ("Surveys", "kind"): "`nps` of a scale from 0 to 10, else no kind",
    ("Surveys", "polarity"): "`high` of `nps` and `csat`; else needed",
    ("Reports", "measure"): "needed",
    ("Reports", "show"): "`table`",
    ("Reports", "sort"): "measures from the greatest down, groups from the first up",
    ("Dashboards", "reports"): "needed",
}
# What no message of the checker says in one line.
_HOLDS = {
    "when": "events, a condition, `PROPERTY becomes VALUE`, a schedule, a date or `manually`",
    "use_in": "`note`, `email`, `chat`",
    "kind": "`nps`, `ces` or `csat`",
    "measure": "`count`, `sum(PROPERTY)`, `avg(PROPERTY)`, `min`, `max`, or metrics by name",
    "by": "properties, and periods such as `month(created_at)`",
    "sort": "a measure or a group, and `ascending` or `descending`",
}
_NOTHING_LIKE_IT = "1 .. 2"  # what only `scale` takes
_NO_SCALE = "3 USD"


def page() -> str:
    shown = [part for group in GROUPS for part in (f"## {group.title}", _table(group))]
    return joined(
        "# Settings",
        "Settings are `name: value`. What they mean is told in [the language](../language.md) and in "
        "[the other declarations](../declarations.md). Forms and hygiene rules have none. Those of sequences and "
        "workflows, all but `when` and `only`, may also stand under `defaults` in [segue.yaml](../project.md).",
        *shown,
    )


def _table(group: Group) -> str:
    return table(("setting", "holds", "such as", "without it"), _rows(group))


def _rows(group: Group) -> Iterator[tuple[str, str, str, str]]:
    for name in group.names:
        holds, example = held(group, name)
        yield code(name), holds, example, WITHOUT.get((group.title, name), "")


def held(group: Group, name: str) -> tuple[str, str]:
    """What the setting holds and an example: what the checker says of a value that it cannot hold."""
    if name in _HOLDS:
        return _HOLDS[name], ""
    wrong = f"{name}: {_NO_SCALE if name == 'scale' else _NOTHING_LIKE_IT}"
    schema, project = Source("schema.yaml", "extends: standard"), Source("segue.yaml", "name: reference")
    found = compile_project([Source("x.segue", group.program.format(wrong))], schema, project).diagnostics
    about = next(one for one in found if one.code == "bad-setting" and one.message.startswith(f"`{name}` "))
    holds = re.sub(r"^is ", "", about.message.removeprefix(f"`{name}` "))
    example = re.search(r"`.+`", about.help)
    return holds.replace("names a", "the name of a"), example[0].replace('".."', '"Hello"') if example else ""
