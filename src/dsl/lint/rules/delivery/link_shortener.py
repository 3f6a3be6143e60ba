"""A link through a public shortener, which hides where it leads."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...letters import host, links, words
from ...rule import Example, Found, Rule
from ...view import View

_SHORTENERS = frozenset(
    ("bit.ly", "bitly.com", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id")
) | frozenset(("shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "urlz.fr", "v.gd", "x.gd"))


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    body = words(node, "body")
    for link in links(body) if body is not None else ():
        if (shortener := host(link.url)) in _SHORTENERS:
            yield Found(
                link.url_span,
                f"`{shortener}` hides where this link leads",
                "a public shortener",
                help="write the address itself; what is clicked is counted anyway",
                note="shorteners are used to hide bad addresses, so filters count them against the whole mail",
            )


def _template(link: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "Hello"  body: """Here it is: {link}""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="link-shortener",
    alias="SG627",
    category="delivery",
    severity=Severity.WARNING,
    title="A link goes through a public shortener",
    why="Who sends bad links hides them behind shorteners, so filters judge a mail by the worst that anybody ever hid "
    "there. Clicks are counted without a shortener, and links with tags say more: `[Prices](https://example.com/prices)"
    "{topic=pricing}`.",
    domain=("L16", "G15"),
    bad=(Example(_template("[our prices](https://bit.ly/3abc)")),),
    good=(Example(_template("[our prices](https://example.com/prices)")),),
    on=(nodes.Template,),
    check=_check,
)
