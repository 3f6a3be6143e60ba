"""A name with capital letters among names that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _check(view: View, node: nodes.Declaration) -> Iterator[Found]:
    if isinstance(node, nodes.Bad | nodes.Test | nodes.Snippet):
        return
    name = node.name.text
    if name.isascii() and name != name.lower():
        words = _HUMP.sub("_", name).lower()
        yield Found(
            node.name.span,
            f"`{name}` has capital letters",
            "names are written small",
            help=f"call it `{re.sub('__+', '_', words)}`",
        )


RULE = Rule(
    name="name-not-snake-case",
    alias="SG672",
    category="style",
    severity=Severity.INFO,
    title="A name with capital letters",
    why="Names are written in small letters with `_` between the words, so that nobody has to remember which letter "
    "was large: `new_trials` and `NewTrials` would be two segments. What people read is the label. Names in scripts "
    "with marks of their own, or without capital letters, are left alone.",
    domain=(),
    bad=(
        Example("segment NewTrials of contact { plan = trial and created_at within 14 days }\n"),
        Example("segment new_Trials of contact { plan = trial and created_at within 14 days }\n"),
    ),
    good=(
        Example('segment new_trials "New Trials" of contact { plan = trial and created_at within 14 days }\n'),
        Example("segment 休眠顧客 of contact { plan = free and visits < 3 }\n", "a script without capital letters"),
    ),
    on=(
        nodes.Segment,
        nodes.Sequence,
        nodes.Workflow,
        nodes.Template,
        nodes.Score,
        nodes.SettingsOnly,
        nodes.Conversation,
        nodes.Hygiene,
    ),
    check=_check,
)
