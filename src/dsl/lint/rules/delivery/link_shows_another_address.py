"""A link whose words are an address, and not the one it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...letters import host, links, words
from ...rule import Example, Found, Rule
from ...view import View

_LONGEST_SECOND = 3  # co.jp, com.br, org.uk


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    body = words(node, "body")
    for link in links(body) if body is not None else ():
        shown, leads = _shown(link.text), host(link.url)
        if shown and leads and not _same(shown, leads):
            yield Found(
                link.text_span,
                f"this link says `{shown}` and leads to `{leads}`",
                "another address",
                help="write words instead: `[our prices](..)`, or the address that it leads to",
                note="this is how people are led to pages that are not what they look like, so filters look for it",
                others=[Label(link.url_span, "where it leads")],
            )


def _shown(text: str) -> str:
    """The host that the words of a link name, if they are an address and nothing else."""
    words_ = text.strip()
    looks = words_.lower().startswith(("http://", "https://", "www."))
    return host(words_) if looks and " " not in words_ else ""


def _same(shown: str, leads: str) -> bool:
    return _site(leads) == _site(shown)


def _site(of: str) -> str:
    """The part of a host that is bought: two labels, three where the country sells the third (`example.co.jp`)."""
    labels = of.split(".")
    third = len(labels[-1]) == 2 and len(labels[-2]) <= _LONGEST_SECOND
    return ".".join(labels[-3:] if third else labels[-2:])


def _template(link: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "Hello"  body: """Here it is: {link}""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="link-shows-another-address",
    alias="SG629",
    category="delivery",
    severity=Severity.WARNING,
    title="A link shows one address and leads to another",
    why="Words that look like an address promise that it is the one opened. Mails that lead elsewhere are how "
    "passwords are stolen, so mail programs warn of them and filters hold them back. Words that are no "
    "address are always fine.",
    domain=("L16", "L6"),
    bad=(Example(_template("[www.example.com](https://tracking.example.net/1)")),),
    good=(
        Example(_template("[www.example.com](https://shop.example.com/prices)"), "a part of the same site"),
        Example(_template("[https://blog.example.com/a](https://shop.example.com/a)"), "two parts of one site"),
        Example(_template("[our prices](https://tracking.example.net/1)")),
    ),
    on=(nodes.Template,),
    check=_check,
)
