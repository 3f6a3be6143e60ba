"""A link that is not encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import replace
from ....diagnostics.diagnostic import FixKind, Severity
from ....source import Span
from ....syntax import nodes
from ...letters import links, words
from ...rule import Example, Found, Rule
from ...view import View

_PLAIN = "http://"


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    body = words(node, "body")
    for link in links(body) if body is not None else ():
        if link.url.lower().startswith(_PLAIN):
            place = Span(link.url_span.file, link.url_span.start, link.url_span.start + len(_PLAIN))
            yield Found(
                link.url_span,
                "this link is not encrypted",
                "`http://`",
                help="write `https://`",
                note="filters and browsers warn of such pages, and what people type there can be read on the way",
                fix=replace(place, "https://", FixKind.UNSAFE),
            )


def _template(url: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "Hello"  body: """Here it is: [our prices]({url})""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="link-without-tls",
    alias="SG628",
    category="delivery",
    severity=Severity.WARNING,
    title="A link in a mail is not encrypted",
    why="Filters count `http://` against a mail, browsers warn of the page, and everybody on the way can read and "
    "change it. Nearly every site answers at `https://` as well: try it before you take the fix.",
    domain=("L16",),
    bad=(Example(_template("http://example.com/prices")),),
    good=(Example(_template("https://example.com/prices")),),
    on=(nodes.Template,),
    check=_check,
    repairs="unsafe",
)
