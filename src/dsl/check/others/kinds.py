"""What a declaration is called and what it is about, before it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...syntax import nodes

Node = nodes.Score | nodes.Snippet | nodes.SettingsOnly | nodes.Conversation | nodes.Hygiene


def kind_of_other(node: Node) -> str:
    """score, snippet, broadcast, report, dashboard, playbook, form, survey or hygiene."""
    match node:
        case nodes.SettingsOnly(kind=kind) | nodes.Conversation(kind=kind):
            return kind
        case nodes.Score():
            return "score"
        case nodes.Snippet():
            return "snippet"
        case nodes.Hygiene():
            return "hygiene"


def name_of_other(node: Node) -> str:
    """Its name among those of its kind: shortcuts are the same in any case (P6)."""
    return node.name.text.casefold() if isinstance(node, nodes.Snippet) else node.name.text


def object_of_other(node: Node) -> str:
    """The object it is written for; people where none is."""
    of = None if isinstance(node, nodes.Snippet) else node.of
    return of.text if of is not None else "contact"


def answers_of(node: nodes.Conversation) -> tuple[str, ...]:
    """The names of all answers it takes, those without a question first."""
    given = {"playbook": "outcome", "survey": "scale"}.get(node.kind)
    asked = [name for setting in node.settings if setting.name == given for name in _GIVEN[node.kind]]
    return tuple(dict.fromkeys([*asked, *_asked(node.items)]))


_GIVEN = {"playbook": ("outcome",), "survey": ("score",)}


def _asked(items: Sequence[nodes.Item]) -> Iterator[str]:
    for item in items:
        match item:
            case nodes.Ask(name=name):
                yield name.text
            case nodes.When(items=inner):
                yield from _asked(inner)
