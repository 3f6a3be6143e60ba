"""L4: who sends a form for another reason is subscribed without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....program.conversations import Ask, Conversation, Say, When
from ....schema.model import Kind, Topic, TopicKind
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_SIGN_UP_WORDS = re.compile(
    r"subscri|sign.?up|newsletter|mailing|letters|abonn|zapis|登録|購読|配信|メルマガ|ニュースレター|お知らせ"
)


def _check(view: View, node: nodes.Conversation) -> Iterator[Found]:
    compiled = view.compiled
    if node.kind == "playbook" or not isinstance(compiled, Conversation) or _speaks(compiled.items):
        return
    statements = [statement for on in node.on for statement in on.block.statements]
    if all(isinstance(statement, nodes.Subscribe | nodes.Set) for statement in statements):
        return  # to subscribe is what the form is for
    for statement in statements:
        topic = view.schema.topics.get(statement.topic.text) if isinstance(statement, nodes.Subscribe) else None
        if topic is not None and topic.kind is TopicKind.MARKETING and not _is_sign_up(view, node, topic):
            yield Found(
                statement.span,
                f"who sends this {node.kind} is subscribed to `{topic.name}` without being asked",
                "in passing",
                help=f'ask for it: `ask wants_{topic.name} "..": bool`, and subscribe in an `if` on the answer',
                note="consent has to be given for this and nothing else",
            )


def _is_sign_up(view: View, node: nodes.Conversation, topic: Topic) -> bool:
    """Whether the form itself, by its name or in what it says, is about subscribing or about the topic."""
    said = view.written(node.span)[: node.on[0].span.start - node.span.start].casefold()
    return bool(_SIGN_UP_WORDS.search(said)) or topic.name.casefold() in said or topic.label.casefold() in said


def _speaks(items: tuple[Say | Ask | When, ...]) -> bool:
    """Whether people are told something, or asked for a yes or no: that may be about the subscription."""
    for item in items:
        match item:
            case Say():
                return True
            case Ask(type=type_) if type_.kind is Kind.BOOL:
                return True
            case When(items=inner) if _speaks(inner):
                return True
    return False


_FORM = """\
form demo "Ask for a demo" {
  ask email "E-mail": text -> contact.email required
  ask news "May we write to you once a month?": bool
  on submit {
    slack "#leads" "{{ contact.full_name }} wants a demo"
    if answers.news = true { subscribe to newsletter because "form demo, the box was ticked" }
  }
}
"""
_UNASKED = """\
form demo "Ask for a demo" {
  ask email "E-mail": text -> contact.email required
  on submit {
    slack "#leads" "{{ contact.full_name }} wants a demo"
    subscribe to newsletter because "form demo"
  }
}
"""
_SIGN_UP = """\
form letters "Our newsletter" {
  ask email "E-mail": text -> contact.email required
  on submit { subscribe to newsletter because "form letters" }
}
"""
_NAMED = _UNASKED.replace('form demo "Ask for a demo"', 'form news "Get our newsletter"').replace("a demo", "it")

RULE = Rule(
    name="subscribed-in-passing",
    alias="SG646",
    category="privacy",
    severity=Severity.WARNING,
    title="A form subscribes people who came for something else",
    why="Consent to marketing has to be given freely and for that alone. Who asks for a demo has not asked for a "
    "newsletter, and a form that says nothing about it cannot show later that they agreed. A form that does nothing "
    "but subscribe is a sign-up, and fine; so is one that asks a yes-or-no question, or says in a `say` what "
    "happens.",
    domain=("L4", "P13", "X24"),
    bad=(Example(_UNASKED),),
    good=(
        Example(_FORM),
        Example(_SIGN_UP, "nothing but a sign-up"),
        Example(_NAMED, "the form says what it is for"),
    ),
    on=(nodes.Conversation,),
    check=_check,
)
