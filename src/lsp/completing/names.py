"""Which names fit at a place: the words just before it decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dsl.check.others.broadcasts import READERS as BROADCAST
from dsl.check.others.dashboards import READERS as DASHBOARD
from dsl.check.others.scores import READERS as SCORE
from dsl.check.others.snippets import READERS as SNIPPET
from dsl.check.others.surveys import SURVEY_READERS
from dsl.check.settings import NAMES as DEFINITION
from dsl.check.telling import TASK_KINDS
from dsl.check.templates import SETTINGS as TEMPLATE
from dsl.schema.model import Kind

from ..words import SETTINGS
from . import items
from .frames import Around
from .items import Item

REPORT = ("measure", "by", "where", "show", "target", "sort", "top")
_SETTINGS: Mapping[str, Collection[str]] = {
    "sequence": DEFINITION,
    "workflow": DEFINITION,
    "template": TEMPLATE,
    "broadcast": BROADCAST,
    "report": REPORT,
    "dashboard": DASHBOARD,
    "score": SCORE,
    "snippet": SNIPPET,
    "survey": SURVEY_READERS,
}
_OF_SETTINGS = {
    "zone": ("contact", "sender", "account"),
    "again": ("never", "always", "after"),
    "existing": ("enroll", "ignore"),
    "late_engagement": ("log", "reopen"),
    "threading": ("true", "false"),
    "exclusive": ("true", "false"),
    "use_in": ("note", "email", "chat"),
    "when": ("manually",),
}
_BY_THE_CLOCK = {Kind.DATE: ("today",), Kind.DATETIME: ("now",)}  # what a step may write
_COMPARES = frozenset(["EQ", "EQEQ", "NE", "LT", "LE", "GT", "GE", "BECOMES", "EVER"])
_DEFINITIONS = (
    "sequence",
    "workflow",
    "segment",
    "score",
    "broadcast",
    "playbook",
    "form",
    "survey",
    "hygiene",
    "report",
)
_BY_HAND = {"saves": "playbook", "submits": "form", "answers": "survey", "sends": "broadcast", "fixes": "hygiene"}


def named(here: Around, terminals: frozenset[str]) -> Iterator[Item]:
    """`terminals`: what the grammar can take there."""
    words = [token.text for token in here.tokens[-5:-1]]
    types = [token.type for token in here.tokens[-5:-1]]
    last = types[-1] if types else ""
    tested = list(_after_test_word(here, words)) if here.declaration == "test" else []
    known = tested or list(_after_keyword(here, words))
    if last == "DOT":
        yield from _behind_dot(here)
    elif known:
        yield from known
    elif last in _COMPARES or (last in ("LSQB", "COMMA") and _in_list(here)):
        yield from _values(here)
    elif here.frame.fields:
        if here.subject is not None:
            yield from items.properties(here.subject, written=True)
    elif here.setting and last in ("COLON", "COMMA", "OR", "AND", "LPAR") and here.depth == 1:
        yield from _in_setting(here, terminals)
    else:
        yield from _anywhere(here, terminals)


def _after_test_word(here: Around, words: list[str]) -> Iterator[Item]:
    """What only a rule test says."""
    names = here.names
    match words:
        case [*_, ("saves" | "submits" | "answers" | "sends" | "fixes") as act]:
            yield from items.declared(names, _BY_HAND[act])
        case [*_, "expect", ("report" | "hygiene") as kind]:
            yield from items.declared(names, kind)
        case [*_, "of"]:
            yield from items.declared(names, *_DEFINITIONS)
        case [*_, ","] if here.depth == 0:
            yield from items.declared(names, *_DEFINITIONS)
        case [*_, "given"]:
            yield from (Item(name, "object") for name in names.schema.objects)
            yield from _records(here)
        case [*_, "expect"]:
            yield from _records(here)
            yield from items.users(names)
        case [*_, "linked", "to", _, "as"]:
            yield from _ways(here)
        case [*_, "moves"] | [*_, "linked", "to"] | [*_, "note", "on"] | [*_, "finds" | "find"]:
            yield from _records(here)


def _records(here: Around) -> Iterator[Item]:
    """Those that the test made so far."""
    return (Item(name, "value", of, rank=0) for name, of in here.records.items())


def _ways(here: Around) -> Iterator[Item]:
    """The associations that lead from the first record of the line to the second: `ann [not] linked to acme as`."""
    words = [token.text for token in here.tokens[:-1]]
    at = len(words) - (5 if words[-5] != "not" else 6)
    owner = here.names.schema.objects.get(here.records.get(words[at], ""))
    for name, way in owner.associations.items() if owner else ():
        if way.target == here.records.get(words[-2]):
            yield Item(name, "association", way.target, rank=0)


def _after_keyword(here: Around, words: list[str]) -> Iterator[Item]:
    names, subject = here.names, here.subject
    match words:
        case [*_, "send"] | [*_, "receives" | "receive"]:
            yield from items.declared(names, "template")
        case [*_, "add", "to", "segment"] | [*_, "remove", "from", "segment"]:
            yield from (i for i in items.declared(names, "segment") if names.declared["segment", i.label].static)
        case [*_, "in" | "from", ("segment" | "sequence" | "workflow") as kind]:
            yield from items.declared(names, kind)
        case [*_, "expect", ("slack" | "webhook")] | [*_, "expect", "snippet"]:
            return
        case [*_, "enrolls", "in"] | [*_, "finished" | "refused" | "errored"] | [*_, "unenrolled", "from"]:
            yield from items.declared(names, "sequence", "workflow")
        case [*_, "subscribed" | "subscribe", "to"] | [*_, "out", "of"] | [*_, "unsubscribe", "from"]:
            yield from items.topics(names)
        case [*_, "of" | "create"] if here.depth == 0 or words[-1] == "create":
            yield from (Item(name, "object", rank=0) for name in names.schema.objects)
        case [*_, "notify"]:
            yield from _people(here)
        case [*_, "to"] if "task" in [token.text for token in here.tokens[-6:-1]]:
            yield from _people(here)
        case [*_, "team"]:
            yield from (Item(name, "team", rank=0) for name in names.project.teams)
        case [*_, "task"]:
            yield from items.words(*TASK_KINDS)
        case [*_, "priority"]:
            yield from items.words("low", "medium", "high")
        case [*_, "score", "("]:
            yield from items.declared(names, "score")
        case [*_, "has"] | [*_, "has", "not" | "never"] | [*_, "rep_led", "when"]:
            yield from items.events(names, here.frame.subject)
        case [*_, "last" | "first" | "sum" | "min" | "max" | "avg", "("]:
            yield from items.events(names, here.frame.subject)
        case [*_, "count", "("]:
            yield from items.events(names, here.frame.subject)
            yield from items.associations(subject, many=True) if subject else ()
        case [*_, "any" | "no" | "every"] if here.declaration != "test":
            yield from items.associations(subject) if subject else ()
        case [*_, "until"]:
            yield from items.events(names, here.frame.subject)
            yield from items.properties(subject) if subject else ()
        case [*_, "set" | "clear"]:
            yield from _written(here)


def _written(here: Around) -> Iterator[Item]:
    if here.declaration == "test":
        yield from (Item(name, "value", of, rank=0) for name, of in here.records.items())
    elif here.subject is not None:
        yield from items.properties(here.subject, written=True)
        yield from items.associations(here.subject, many=False)


def _people(here: Around) -> Iterator[Item]:
    yield from items.users(here.names)
    owner = here.names.schema.objects.get(here.frames[0].subject)
    if owner is not None:
        for name, found in owner.properties.items():
            if found.type.kind is Kind.USER:
                yield Item(f"{owner.name}.{name}", "property", found.label, rank=0)


def _behind_dot(here: Around) -> Iterator[Item]:
    path = here.path_before(len(here.tokens) - 2)
    if path and path[0] == "trigger":
        for event in dict.fromkeys(here.triggers):
            yield from items.fields(here.names.schema.events[event])
    elif len(path) == 1 and path[0] in ("link", "task") and here.event is not None:
        prefix = f"{path[0]}_"
        rest = (name.removeprefix(prefix) for name in here.event.fields if name.startswith(prefix))
        yield from (Item(name, "field", rank=0) for name in rest)
    elif not path:
        yield from _of_event_before(here)
    else:
        owner = here.owner(path)
        if owner is not None:
            yield from items.properties(owner)
            yield from items.associations(owner)


def _of_event_before(here: Around) -> Iterator[Item]:
    """Behind `last(purchased)`: the fields of that event."""
    depth = 0
    for at in range(len(here.tokens) - 3, -1, -1):
        depth += {"RPAR": 1, "LPAR": -1}.get(here.tokens[at].type, 0)
        if depth == 0:
            for token in here.tokens[at : at + 3]:
                if token.text in here.names.schema.events:
                    yield from items.fields(here.names.schema.events[token.text])
                    yield Item("at", "field", "datetime", "its moment", rank=0)
                    return
            return


def _in_list(here: Around) -> bool:
    opened = here.frame.opened
    return opened >= 0 and here.tokens[opened].type == "LSQB"


def _values(here: Around) -> Iterator[Item]:
    """What the value on the left can be."""
    at = here.frame.opened if _in_list(here) else len(here.tokens) - 2
    while at > 0 and here.tokens[at - 1].type in ("IN", "NOT", "CONTAINS", "ANY", "ALL", "WAS", "EVER"):
        at -= 1
    path = here.path_before(at)
    if not path:
        return
    event, schema = here.event, here.names.schema
    if path[0] == "trigger":
        event, path = next((schema.events[name] for name in here.triggers), None), path[1:]
    if event is not None and (found := event.fields.get("_".join(path))) is not None:
        yield from items.values(here.names, found.type, found.names)
        return
    owner = here.owner(path[:-1])
    property_ = owner.properties.get(path[-1]) if owner is not None and path else None
    if property_ is not None:
        yield from items.values(here.names, property_.type)
        if here.frame.fields or "set" in (token.text for token in here.tokens[max(0, at - len(path) * 2 - 1) : at]):
            yield from items.words(*_BY_THE_CLOCK.get(property_.type.kind, ()))


def _in_setting(here: Around, terminals: frozenset[str]) -> Iterator[Item]:
    names, setting = here.names, here.setting
    yield from items.words(*_OF_SETTINGS.get(setting, ()))
    match setting:
        case "sender":
            yield from _people(here)
        case "calendar":
            yield from (Item(name, "calendar", rank=0) for name in names.project.calendars)
        case "topic":
            yield from items.topics(names)
        case "send":
            yield from items.declared(names, "template")
        case "reports":
            yield from items.declared(names, "report")
        case "stop_on" | "stop_company_on" | "keep_on":
            yield from items.events(names, here.frame.subject)
        case "when":
            yield from items.events(names, here.frame.subject)
            yield from _anywhere(here, terminals)
        case _ if setting not in _OF_SETTINGS:
            yield from _anywhere(here, terminals)


def _anywhere(here: Around, terminals: frozenset[str]) -> Iterator[Item]:
    """Settings where a line of a body begins, else what a condition can be about."""
    condition = "HAS" in terminals
    if here.depth == 1 and not condition and here.declaration in _SETTINGS and _begins_item(here):
        for name in _SETTINGS[here.declaration]:
            if name not in here.written:
                yield Item(name, "setting", about=SETTINGS.get(name, ""), insert=f"{name}: ", rank=2)
    if condition and here.event is not None:
        yield from items.fields(here.event)
    elif condition and here.subject is not None:
        yield from items.properties(here.subject)
        yield from items.associations(here.subject)
    if here.declaration == "test" and here.depth:
        yield from (Item(name, "value", of) for name, of in here.records.items())
        yield from _events_of_record(here)


def _events_of_record(here: Around) -> Iterator[Item]:
    if here.tokens[-2].text in here.records:
        yield from items.events(here.names, here.records[here.tokens[-2].text])


def _begins_item(here: Around) -> bool:
    """Whether a setting can begin: behind the brace, or when the value before is whole."""
    last = here.tokens[-2].type
    return last not in ("COLON", "COMMA", "AND", "OR", "NOT", "DOT", "LPAR", "LSQB") and last not in _COMPARES
