"""`send` to the contact and to others (X20), `subscribe` and `unsubscribe` (X24)."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.blocks import Send, SendTo, Subscribe, Unsubscribe
from ..schema.model import Association, Kind, ObjectType
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .bodies import Effects, Raised
from .conditions import check_condition
from .findings import listing, replace
from .membership import unknown_topic
from .paths import walk
from .placed import Placed
from .records_printed import may_send
from .references import declared
from .scope import Scope
from .texts import merge_text
from .whole import check_whole


def has_outcome(statement: nodes.Statement) -> bool:
    """Whether `if sent` may follow: one mail, of which it is soon known what became (X24)."""
    match statement:
        case nodes.Send(as_task=as_task):
            return not as_task
        case nodes.SendTo(every=every):
            return every is None
    return False


def send(scope: Scope, node: nodes.Send, following: int, effects: Effects) -> Send | None:
    """Mail to the contact the definition is about."""
    found = declared(scope, "template", node.template)
    if scope.subject.name != "contact" and not scope.person:
        scope.findings.error(
            "no-contact",
            node.span,
            f"{article(scope.subject.name)} cannot get mail",
            "who is meant?",
            help=_whom(scope, node.template.text),
        )
        return None
    if found is None:
        return None
    effects.sends.append((node.template.text, node.template.span))
    if not may_send(scope, found, node.template.span):
        return None
    if not node.as_task:
        effects.raised.append(Raised("received_email", "contact", node.template.text, node.span))
    return Send(node.template.text, following, node.as_task)


def _whom(scope: Scope, template: str) -> str:
    """How mail gets from a definition of another object to people (X20)."""
    for link in scope.subject.associations.values():
        if link.target == "contact" and link.many:
            return f"write `send {template} to every {link.name} (..)`"
        if link.target == "contact":
            return f"write `send {template} to {link.name}`"
    return "send from a definition `of contact` (X20)"


# --- to others ---


def send_to(scope: Scope, node: nodes.SendTo, following: int, effects: Effects) -> Send | SendTo | None:
    """Mail to the contact at the end of a to-one path, or to every one of many (X20)."""
    found = declared(scope, "template", node.template)
    words = _without_subject(scope, node.to)
    if not words and node.every is not None:
        _one_of_one(scope, node)
        return None
    if not words:
        _to_itself(scope, node)
        return send(scope, nodes.Send(node.template, False, node.span), following, effects)
    walked = walk(scope, words[:-1], node.to.names, None)
    if walked is None:
        return None
    _, owner, _ = walked
    link = _addressee(scope, owner, words[-1], node)
    placed = _narrowed(scope, node) if link is not None and node.condition is not None else None
    if link is None or found is None or (node.condition is not None and placed is None):
        return None
    effects.sends.append((node.template.text, node.template.span))
    if not may_send(scope, found, node.template.span):
        return None
    effects.chosen += [placed] if placed is not None else []
    path = tuple(word.text for word in words)
    return SendTo(node.template.text, path, following, node.every is not None, placed.condition if placed else None)


def _without_subject(scope: Scope, path: nodes.Path) -> tuple[nodes.Name, ...]:
    first = path.names[0].text
    own = first == scope.subject.name and first not in scope.subject.associations
    return path.names[1:] if own else path.names


def _one_of_one(scope: Scope, node: nodes.SendTo) -> None:
    mail = f"send {node.template.text}"
    held = f"if {scope.findings.raw(node.condition.span)} {{ {mail} }}" if node.condition is not None else mail
    message = f"this is about one {scope.subject.name}, so `every` has nothing to choose from"
    scope.findings.error("not-many", node.to.span, message, "only one", help=f"write `{held}`")


def _to_itself(scope: Scope, node: nodes.SendTo) -> None:
    span = Span(node.span.file, node.template.span.end, node.span.end)
    scope.findings.warning(
        "pointless-target",
        node.to.span,
        f"this is about {article(scope.subject.name)} anyway",
        "understood",
        help=f"write `send {node.template.text}`",
        fix=replace(span, ""),
    )


def _addressee(scope: Scope, owner: ObjectType, word: nodes.Name, node: nodes.SendTo) -> Association | None:
    """The association to the people meant: to-one, or to-many behind `every`; None after a finding."""
    link = owner.associations.get(word.text)
    if link is None:
        _unknown_addressee(scope, owner, word)
        return None
    scope.findings.refer("association", f"{owner.name}.{link.name}", word.span)
    if link.target != "contact":
        message = f"mail goes to people, and `{word.text}` is {article(link.target)}"
        scope.findings.error("no-contact", word.span, message, "gets no mail", help=_onward(scope, link, node))
        return None
    if link.many and node.every is None:
        message = f"{article(owner.name)} may have many `{word.text}`"
        help_ = f"write `send {node.template.text} to every {node.to.text} (..)`"
        note = "it must be written who of them gets the mail (X20)"
        scope.findings.error("needs-quantifier", node.to.span, message, "which of them?", help=help_, note=note)
        return None
    if not link.many and node.every is not None:
        message = f"there is at most one `{word.text}`"
        scope.findings.error("not-many", node.every, message, "to-one", help=f"write `to {node.to.text}`")
        return None
    return link


def _unknown_addressee(scope: Scope, owner: ObjectType, word: nodes.Name) -> None:
    people = [name for name, link in owner.associations.items() if link.target == "contact"]
    meant = closest(word.text, owner.associations)
    known = f"{owner.name} is linked to {listing(people or owner.associations)}"
    if not owner.associations:
        known = f"{owner.name} is linked to nothing: declare it under `associations:` in schema.yaml"
    own = owner.properties.get(word.text)
    if own is not None and own.type.kind is Kind.USER:
        known = f"`{word.text}` is a user, who gets no mail of the rules; `notify {word.text}` with a text tells them"
    scope.findings.error(
        "unknown-association",
        word.span,
        f"{owner.name} is not linked to `{word.text}`",
        "not an association of the schema",
        help=f"did you mean `{meant}`?" if meant else known,
        fix=replace(word.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _onward(scope: Scope, link: Association, node: nodes.SendTo) -> str:
    people = [a for a in scope.schema.objects[link.target].associations.values() if a.target == "contact"]
    if not people or link.many:
        return ""
    every = "every " if people[0].many else ""
    return f"write `send {node.template.text} to {every}{node.to.text}.{people[0].name}{' (..)' if every else ''}`"


def _narrowed(scope: Scope, node: nodes.SendTo) -> Placed | None:
    contact = scope.schema.objects["contact"]
    assert node.condition is not None
    inner = changed(scope, subject=contact, created={}, tasks=frozenset(), sends="", enrolled=False, person=False)
    placed = check_condition(inner, node.condition)
    if placed is None:
        return None
    check_whole(inner, placed)
    return placed


# --- consent ---


def subscribe(scope: Scope, node: nodes.Subscribe, following: int, effects: Effects) -> Subscribe | None:
    """`subscribe to T because ".."`: consent is nothing without its basis (X24)."""
    topic, because = _topic(scope, node.topic, node.span), None
    if node.because is None:
        name = node.topic.text
        scope.findings.error(
            "missing-because",
            node.span,
            f"nothing says why people are subscribed to `{name}`",
            "on what basis?",
            help=f'write `subscribe to {name} because ".."`',
            note="consent is recorded with its basis and text (X24)",
        )
        return None
    because = merge_text(scope, node.because)
    if topic is None or because is None:
        return None
    effects.subscribed.add(topic)
    return Subscribe(topic, because, following)


def unsubscribe(scope: Scope, node: nodes.Unsubscribe, following: int, effects: Effects) -> Unsubscribe | None:
    """`unsubscribe from T`, `unsubscribe from all`."""
    if node.topic is None:
        topic = None
        if not _is_contact(scope, node.span):
            return None
    elif (topic := _topic(scope, node.topic, node.span)) is None:
        return None
    effects.raised.append(Raised("unsubscribed", "contact", topic, node.span))
    return Unsubscribe(topic, following)


def _topic(scope: Scope, name: nodes.Name, statement: Span) -> str | None:
    if not _is_contact(scope, statement):
        return None
    if name.text not in scope.schema.topics:
        unknown_topic(scope, name.text, name.span)
        return None
    scope.findings.refer("topic", name.text, name.span)
    return name.text


def _is_contact(scope: Scope, span: Span) -> bool:
    if scope.subject.name == "contact" or scope.person:
        return True
    message = f"only a contact subscribes to a topic, and this is about {article(scope.subject.name)}"
    scope.findings.error(
        "wrong-object", span, message, "consent of a contact", help="write it in a definition `of contact`"
    )
    return False
