"""The standard CRM that `extends: standard` brings: semantics.md, "The standard CRM"."""

from __future__ import annotations

from functools import lru_cache

from ..source import NOWHERE
from .model import Association, Kind, ObjectType, Pipeline, Property, Schema, Stage, Type
from .stages import with_stages
from .standard_events import standard_events

LIFECYCLE_STAGES = ("subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist", "other")
PRIORITIES = ("low", "medium", "high")
ACTIVITY_OBJECTS = ("note", "call", "meeting", "email", "task")


@lru_cache
def standard_schema(currency: str = "USD") -> Schema:
    """The standard CRM as a value; amounts are in `currency`, the account's (X32)."""
    pipelines = {(p.object, p.name): p for p in standard_pipelines()}
    objects = with_stages(_objects(currency), pipelines.values())
    return Schema(objects, standard_events(currency), pipelines, {})


def standard_pipelines() -> tuple[Pipeline, ...]:
    """The pipelines of deal and ticket where a project declares none for that object."""
    sales = (
        Stage("appointment", "Appointment"),
        Stage("qualified", "Qualified"),
        Stage("proposal", "Proposal"),
        Stage("contract", "Contract"),
        Stage("won", "Won", closed=True, won=True),
        Stage("lost", "Lost", closed=True),
    )
    support = (
        Stage("new", "New"),
        Stage("waiting_on_contact", "Waiting on contact"),
        Stage("waiting_on_us", "Waiting on us"),
        Stage("closed", "Closed", closed=True),
    )
    return Pipeline("deal", "sales", "Sales", sales), Pipeline("ticket", "support", "Support", support)


def _maybe(name: str, kind: Kind, label: str = "", derived: str | None = None) -> Property:
    return Property(name, Type(kind), label or _label(name), derived=derived)


def _always(name: str, kind: Kind, label: str = "", derived: str | None = None) -> Property:
    return Property(name, Type(kind), label or _label(name), required=True, derived=derived)


def _choice(name: str, options: tuple[str, ...], default: str | None = None) -> Property:
    """A choice; with a default a record that is created without it is never missing it."""
    return Property(name, Type(Kind.CHOICE, options), _label(name), default=default)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _objects(currency: str) -> dict[str, ObjectType]:
    properties = {
        "contact": _contact(),
        "company": _company(),
        "deal": _deal(currency),
        "ticket": _ticket(),
        **_activities(),
    }
    links = _associations()
    return {
        # No key: a standard record is known from outside by its external id. Addresses and names repeat in real data.
        name: ObjectType(name, _label(name), None, {p.name: p for p in (*own, CREATED)}, links[name])
        for name, own in properties.items()
    }


CREATED = _always("created_at", Kind.DATETIME, "Created")
_OWNER = _maybe("owner", Kind.USER)


def _contact() -> tuple[Property, ...]:
    return (
        _maybe("email", Kind.TEXT, "E-mail"),
        _maybe("first_name", Kind.TEXT),
        _maybe("last_name", Kind.TEXT),
        # Names, else the address, else "#id": so it is never missing and may stand in a template without fallback.
        _always("full_name", Kind.TEXT, derived="full_name"),
        _maybe("phone", Kind.TEXT),
        _maybe("country", Kind.TEXT),
        _maybe("time_zone", Kind.TEXT),
        _maybe("language", Kind.TEXT),
        _OWNER,
        _choice("lifecycle_stage", LIFECYCLE_STAGES, default="subscriber"),
        _maybe("last_activity_at", Kind.DATETIME, "Last activity", derived="last_activity"),
        _maybe("last_contacted_at", Kind.DATETIME, "Last contacted", derived="last_contacted"),
        _maybe("last_purchase_at", Kind.DATETIME, "Last purchase", derived="last_purchase"),
    )


def _company() -> tuple[Property, ...]:
    return (_always("name", Kind.TEXT), _maybe("domain", Kind.TEXT), _maybe("industry", Kind.TEXT), _OWNER)


def _deal(currency: str) -> tuple[Property, ...]:
    amount = Property("amount", Type(Kind.MONEY, currency=currency), "Amount")
    return _always("name", Kind.TEXT), amount, _OWNER, _maybe("close_on", Kind.DATE, "Close date")


def _ticket() -> tuple[Property, ...]:
    return (
        _always("subject", Kind.TEXT),
        _choice("priority", PRIORITIES, default="medium"),
        _maybe("kind", Kind.TEXT),
        _OWNER,
    )


def _activities() -> dict[str, tuple[Property, ...]]:
    """What reps log. They are read by hygiene and reports; `task` and `log note` of the language write them."""
    return {
        "note": (_always("body", Kind.TEXT), _OWNER),
        "call": (
            _maybe("subject", Kind.TEXT),
            _maybe("outcome", Kind.TEXT),
            _maybe("duration", Kind.DURATION),
            _maybe("body", Kind.TEXT, "Notes"),
            _OWNER,
        ),
        "meeting": (
            _maybe("subject", Kind.TEXT),
            _maybe("starts_at", Kind.DATETIME, "Starts"),
            _maybe("ends_at", Kind.DATETIME, "Ends"),
            _maybe("outcome", Kind.TEXT),
            _maybe("body", Kind.TEXT, "Notes"),
            _OWNER,
        ),
        "email": (
            _maybe("subject", Kind.TEXT),
            _maybe("body", Kind.TEXT),
            _choice("direction", ("sent", "received"), default="sent"),
            _OWNER,
        ),
        "task": (
            _always("subject", Kind.TEXT),
            _maybe("kind", Kind.TEXT),
            _choice("status", ("open", "done", "skipped"), default="open"),
            _choice("priority", PRIORITIES, default="medium"),
            _maybe("due_at", Kind.DATETIME, "Due"),
            _maybe("done_at", Kind.DATETIME, "Done"),
            _OWNER,
        ),
    }


def _associations() -> dict[str, dict[str, Association]]:
    """Both directions of every link; only contact.company is to-one, the primary company."""
    links: dict[str, dict[str, Association]] = {}

    def link(owner: str, target: str, many: bool = True, inverse: str = "") -> None:
        back = inverse or owner
        links.setdefault(owner, {})[target] = Association(owner, target, target, many, back, span=NOWHERE)
        links.setdefault(target, {})[back] = Association(target, back, owner, True, target, span=NOWHERE)

    link("contact", "company", many=False)
    for owner, target in (("contact", "deal"), ("company", "deal"), ("contact", "ticket")):
        link(owner, target)
    link("company", "ticket")
    link("deal", "ticket")
    for activity in ACTIVITY_OBJECTS:
        # contact.email is the address, so the mails that reps logged have another name.
        inverse = "logged_email" if activity == "email" else activity
        for target in ("contact", "company", "deal", "ticket"):
            link(activity, target, inverse=inverse)
    return links
