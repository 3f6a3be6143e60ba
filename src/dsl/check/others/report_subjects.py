"""What a report can be of: an object of the schema, enrollments, answers of surveys, or a kind of event (P14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ...diagnostics.suggest import perhaps
from ...schema.model import ANY_OBJECT, Association, EventField, EventKind, Kind, ObjectType, Property, Type
from ...syntax import nodes
from ...values import replace as changed
from ..findings import Findings, listing
from ..scope import Names, Scope

STATUSES = ("pending", "active", "waiting_task", "paused", "errored", "finished", "unenrolled")  # S43

_RATES = ("open_rate", "click_rate", "reply_rate", "meeting_rate")
REVENUE = "revenue"  # M10: an amount, as those of deals are
OF_DEALS = ("deals_created", "deals_closed", "deals_won", "deals_lost", REVENUE)  # M7-M10
# Shares of those enrolled (M2-M15, M23) and of the mails sent (M17): docs/metrics.md says what each counts.
_OF_ENROLLMENTS = (
    *("opened", "clicked", "replied", "meetings", "no_reply", "bounced", "unsubscribed", "reached"),
    *_RATES,
    *("converted", "conversion_rate", *OF_DEALS),
    *("no_reply_rate", "bounce_rate", "unsubscribe_rate", "reach_rate", "engaged_rate", "no_engagement_rate"),
)
_OF_ANSWERS = ("nps", "satisfied_rate")  # P10, P11
HAPPENED = "happened_at"  # when an event was: a field of every kind, in reports
SURVEY_ANSWER = EventKind(
    "survey_answer",
    "contact",
    "Survey answer",
    {
        "survey": EventField("survey", Type(Kind.TEXT), names="survey"),
        "score": EventField("score", Type(Kind.NUMBER)),
        "answered_at": EventField("answered_at", Type(Kind.DATETIME)),
    },
)
METRICS: Mapping[str, tuple[str, ...]] = {
    "enrollment": _OF_ENROLLMENTS,
    "email": _RATES,
    "survey_answer": _OF_ANSWERS,
}


def report_scope(names: Names, findings: Findings, of: nodes.Name, measured: Collection[str] = ()) -> Scope | None:
    """What `where`, `by` and `measure` can name; None after a finding. `measured`: the names behind `measure:`."""
    contact = names.schema.objects.get("contact")
    if of.text == SURVEY_ANSWER.name and contact is not None:
        return Scope(names, findings, contact, events=(SURVEY_ANSWER,))
    found = names.schema.objects.get(of.text) or _enrollments(names, of.text)
    if found is not None:
        if of.text in names.schema.objects:
            findings.refer("object", of.text, of.span)
        sent = of.text == "email" and not set(_RATES).isdisjoint(measured)
        return Scope(names, findings, _sent(names, found) if sent else found)
    kind = names.schema.events.get(of.text)
    if kind is not None:
        return _of_event(names, findings, of, kind)
    known = [*names.schema.objects, "enrollment", "survey_answer", *names.schema.events]
    hint = perhaps(of.text, known) or f"the objects are {listing([*names.schema.objects, 'enrollment'])}"
    message = f"there is no object and no event `{of.text}`"
    findings.error("unknown-object", of.span, message, "not in the schema", help=hint)
    return None


def _of_event(names: Names, findings: Findings, of: nodes.Name, kind: EventKind) -> Scope | None:
    if kind.of == ANY_OBJECT:
        message = f"`{kind.name}` happens to every record, so a report needs to say of which object"
        help_ = "write `of contact`, and group by `created_at`"
        findings.error("wrong-object", of.span, message, "which object?", help=help_)
        return None
    findings.refer("event", kind.name, of.span)
    timed = changed(kind, fields={**kind.fields, HAPPENED: EventField(HAPPENED, Type(Kind.DATETIME))})
    return Scope(names, findings, names.schema.objects[kind.of], events=(timed,))


def _sent(names: Names, email: ObjectType) -> ObjectType:
    """The mails that were sent: each was made of a template (M17)."""
    template = Property("template", _one_of(names.of("template")), "Template")
    return changed(email, properties={"template": template, **email.properties})


def _enrollments(names: Names, name: str) -> ObjectType | None:
    """The rows that the engine keeps of who is and was where, with the contact they belong to."""
    if name != "enrollment":
        return None
    own = (
        Property("definition", _one_of((*names.of("sequence"), *names.of("workflow"))), "Definition", required=True),
        Property("kind", Type(Kind.CHOICE, ("sequence", "workflow")), "Kind", required=True),
        Property("status", Type(Kind.CHOICE, STATUSES), "Status", required=True),
        Property("reason", Type(Kind.TEXT), "Reason"),
        Property("enrolled_by", Type(Kind.USER), "Enrolled by"),
        Property("enrolled_at", Type(Kind.DATETIME), "Enrolled", required=True),
        Property("ended_at", Type(Kind.DATETIME), "Ended"),
    )
    links = {}
    if "contact" in names.schema.objects:
        links["contact"] = Association(name, "contact", "contact", False, name)  # a workflow may be of others
    return ObjectType(name, name.replace("_", " ").capitalize(), None, {p.name: p for p in own}, links)


def _one_of(declared: Iterable[str]) -> Type:
    """One of those there are; any text where the project has none."""
    known = tuple(dict.fromkeys(declared))
    return Type(Kind.CHOICE, known) if known else Type(Kind.TEXT)
