"""The first page of the reference."""

from __future__ import annotations

from .markdown import page as joined
from .markdown import table

_ROWS = (
    ("[The grammar](grammar.md)", "every construct of the language, from the grammar the parser is made of"),
    ("[Settings](settings.md)", "of each kind of declaration: what a setting holds, and what holds without it"),
    ("[The standard CRM](schema.md)", "objects, properties, associations, pipelines and events"),
    ("[Keys of the files](files.md)", "`segue.yaml` and `schema.yaml`"),
    ("[The command line](verbs.md)", "every verb with its options"),
    ("[The keys of the app](keys.md)", "every key of every screen"),
    ("[Messages](../messages.md)", "every message of the checker, with its code"),
    ("[Lint rules](../rules/README.md)", "every rule of the linter, with programs it finds and programs it does not"),
)


def page() -> str:
    return joined(
        "# Reference",
        "These pages are made from what they describe: from the grammar, the checker, the schema, the command line and "
        "the app. A test compares them. For the meaning behind a word go to [the language](../language.md), "
        "[the other declarations](../declarations.md) and [what exactly happens](../semantics.md).",
        table(("page", "what stands there"), _ROWS),
    )
