"""The page of a rule and the list of all, made of the rules themselves (docs/rules)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..format import format_source
from ..source import Source
from ..values import replace
from .rule import CATEGORIES, Example, Rule

Shown = Callable[[Rule, Example], str]
_ABOUT = {
    "bugs": "does something else than was meant",
    "delivery": "harms the reputation of mailboxes, or never arrives",
    "privacy": "mails or shows what people did not agree to",
    "performance": "makes a run slow",
    "style": "is harder to read or to keep than it need be",
    "testing": "nothing would tell if it broke",
}


def page(rule: Rule, shown: Shown) -> str:
    """Markdown. `shown` gives what `segue check` says of an example."""
    parts = [f"# {rule.name}", f"{rule.title}.", _facts(rule), rule.why]
    for head, examples in (("Found", rule.bad), ("Not found", rule.good)):
        parts.append(f"## {head}")
        for example in examples:
            parts += _example(rule, laid_out(example), shown if head == "Found" else None)
    return "\n\n".join(parts) + "\n"


def laid_out(example: Example) -> Example:
    """Its program in the one layout, as whoever copies it would keep it."""
    return replace(example, program=format_source(Source("rules.segue", f"{example.program.strip()}\n")).text)


def _facts(rule: Rule) -> str:
    profile = "`strict`, or named in `select`" if rule.strict else "`default`"
    fix = {None: "", "safe": "`--fix`", "unsafe": "`--unsafe-fixes`"}[rule.repairs]
    rows = [("code", f"{rule.alias}"), ("category", rule.category), ("level", str(rule.severity)), ("profile", profile)]
    rows += [("repaired by", fix)] if fix else []
    rows += [("[rules of the field](../domain.md)", ", ".join(rule.domain))] if rule.domain else []
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _example(rule: Rule, example: Example, shown: Shown | None) -> Iterable[str]:
    if example.title:
        yield f"{example.title[0].upper()}{example.title[1:]}:"
    for name, text in (("schema.yaml", example.schema), ("segue.yaml", example.settings)):
        if text:
            yield f"`{name}`:"
            yield f"```yaml\n{text.strip()}\n```"
    yield f"```segue\n{example.program.strip()}\n```"
    if shown is not None:
        yield f"```text\n{shown(rule, example).strip()}\n```"


def index(rules: Iterable[Rule], before: str) -> str:
    """All rules by category; `before` is what stands above them."""
    parts, every = [before.strip()], list(rules)
    for category in CATEGORIES:
        own = [rule for rule in every if rule.category == category]
        if own:
            parts.append(f"## {category}\n\nWhat {_ABOUT[category]}.")
            rows = [f"| [{r.name}]({r.name}.md) | {r.alias} | {_level(r)} | {r.title} |" for r in own]
            parts.append("\n".join(["| rule | code | level | what it finds |", "|---|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _level(rule: Rule) -> str:
    return f"{rule.severity}, strict" if rule.strict else str(rule.severity)
