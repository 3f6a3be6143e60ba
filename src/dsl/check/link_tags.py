"""The links of a Markdown body and their tags: `[Pricing](https://..){topic=pricing interest=high}`."""

from __future__ import annotations

import re

from ..diagnostics.suggest import perhaps
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from .findings import Findings, listing
from .types import described

Links = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

_LINK = re.compile(
    r"(?<!!)\[(?:[^\[\]]|\[[^\[\]]*\])*\]\((?P<url>(?:\{\{.*?\}\}|[^(){}\s])+)(?:\s+\"[^\"]*\")?\)(?P<tags>\{(?!\{)[^{}\n]*\})?"
)
_TAG = re.compile(r"(?P<name>[^\s=]+)=(?P<value>\"[^\"]*\"|\S+)")


def template_links(body: nodes.Text, declared: dict[str, Type], findings: Findings) -> Links | None:
    """(url, tags) of each link of the body in order; None after a finding. Tags are those of schema.yaml."""
    mark = findings.mark()
    links = []
    for link in _LINK.finditer(body.value):
        tags = _tags(body, link, declared, findings) if link["tags"] else ()
        links.append((link["url"], tags))
    return None if findings.errors_since(mark) else tuple(links)


def _tags(
    body: nodes.Text, link: re.Match[str], declared: dict[str, Type], findings: Findings
) -> tuple[tuple[str, str], ...]:
    start, end = link.span("tags")
    found = []
    rest = link["tags"][1:-1]
    for tag in _TAG.finditer(rest):
        span = body.place(start + 1 + tag.start(), start + 1 + tag.end())
        name, value = tag["name"], tag["value"].strip('"')
        if _fits(name, value, declared, span, findings):
            found.append((name, value))
    if _TAG.sub("", rest).strip():
        help_ = "write `{topic=pricing interest=high}`"
        findings.error("bad-link-tag", body.place(start, end), "link tags are `name=value`", "not tags", help=help_)
    return tuple(found)


def _fits(name: str, value: str, declared: dict[str, Type], span: Span, findings: Findings) -> bool:
    type_ = declared.get(name)
    if type_ is None:
        known = f"the tags are {listing(declared)}" if declared else "declare it under `link_tags:` in schema.yaml"
        hint = perhaps(name, declared) or known
        findings.error("unknown-link-tag", span, f"there is no link tag `{name}`", "not in schema.yaml", help=hint)
        return False
    if type_.kind is Kind.CHOICE and value not in type_.options:
        hint = perhaps(value, type_.options) or f"the options are {listing(type_.options)}"
        findings.error(
            "unknown-option", span, f"the link tag `{name}` has no option `{value}`", "no such option", help=hint
        )
        return False
    if type_.kind is Kind.NUMBER and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        findings.error("type-mismatch", span, f"the link tag `{name}` is {described(type_)}", "not a number")
        return False
    return True
