"""The events of the standard CRM. A field is required unless it says `missing=True`."""

from __future__ import annotations

from dataclasses import replace

from .model import ANY_OBJECT, EventField, EventKind, Kind, Type

BOUNCE_KINDS = ("hard", "soft")

# The acts of the person: they count as `acted` ("no sign of life for 60 days") and set `last_activity_at`.
# An open counts because conditions and `acted` see only those classed human (X30). What happened TO them is no act
# (received_email, bounced), nor what a rep did (was_called, was_met: nobody may have answered), nor what a mail
# provider reports (marked_spam). Consent is kept apart: (un)subscribed may be written by an import or a rep, and a
# person who only ever said "stop" must not look engaged.
ACTS = frozenset(
    (
        *("opened_email", "clicked_email", "replied", "booked_meeting", "submitted_form", "submitted_survey"),
        *("viewed_page", "downloaded", "searched", "purchased", "abandoned_cart", "registered_for", "attended"),
    )
)
# May belong to a mail we sent: these rows carry the enrollment and the ordinal of its step.
MAIL = frozenset(
    ("received_email", "opened_email", "clicked_email", "replied", "bounced", "marked_spam", "unsubscribed")
)
CLASSED = frozenset(("opened_email", "clicked_email"))  # human | machine | unknown (X30)


def standard_events(currency: str) -> dict[str, EventKind]:
    """Every event kind of `extends: standard`, `acted` and `created` among them; amounts in `currency`."""
    fields = {**_mail_events(), **_other_events(currency)}
    events = {name: _event(name, own) for name, own in fields.items()}
    events["acted"] = EventKind("acted", "contact", "Acted", {}, builtin="acted")
    events["created"] = EventKind("created", ANY_OBJECT, "Created", {}, builtin="created")
    return events


def _event(name: str, fields: tuple[EventField, ...]) -> EventKind:
    return EventKind(
        name,
        "contact",
        name.replace("_", " ").capitalize(),
        {f.name: f for f in fields},
        classed=name in CLASSED,
        act=name in ACTS,
        mail=name in MAIL,
    )


def _text(name: str, missing: bool = False, names: str | None = None) -> EventField:
    return EventField(name, Type(Kind.TEXT), required=not missing, names=names)


_TEMPLATE = _text("template", names="template")
_TOPIC = _text("topic", names="topic")


def _mail_events() -> dict[str, tuple[EventField, ...]]:
    return {
        # `link` is the survey, form or meeting link a mail carried; most carry none.
        "received_email": (_TEMPLATE, _TOPIC, _text("link", missing=True)),
        # The list of semantics.md gives an open no field; that of the mail is there when the mail is known.
        "opened_email": (replace(_TEMPLATE, required=False),),
        # `link_url` is written link.url; link tags of schema.yaml stand beside it as link_TAG.
        "clicked_email": (_TEMPLATE, _text("link_url")),
        "replied": (),
        "bounced": (EventField("kind", Type(Kind.CHOICE, BOUNCE_KINDS)),),
        "marked_spam": (),
        "unsubscribed": (replace(_TOPIC, required=False),),  # without a topic: from everything (X9)
        "subscribed": (_TOPIC,),
    }


def _other_events(currency: str) -> dict[str, tuple[EventField, ...]]:
    money = Type(Kind.MONEY, currency=currency)
    return {
        "booked_meeting": (EventField("host", Type(Kind.USER)),),
        "submitted_form": (_text("form", names="form"),),
        "submitted_survey": (_text("survey", names="survey"), EventField("score", Type(Kind.NUMBER))),
        "viewed_page": (_text("path"),),
        "downloaded": (_text("asset"),),
        "searched": (_text("terms"),),
        "purchased": (_text("product", missing=True), EventField("amount", money, required=False)),
        "abandoned_cart": (EventField("total", money),),
        "registered_for": (_text("event"),),
        "attended": (_text("event"),),
        "was_called": (_text("outcome", missing=True),),
        "was_met": (),
    }
