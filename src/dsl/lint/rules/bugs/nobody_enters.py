"""X4: what starts a definition and what `only:` asks for cannot be true together."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.clashes import find_clash
from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...entry import told
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    clash = find_clash(told(view)) if "only" in view.settings else None
    if clash is not None and clash.earlier:
        yield Found(
            clash.part.span,
            f"nobody enters the {view.kind} `{view.name}`",
            "never true together with what starts it",
            help="change one of the two",
            note="`only:` is judged at the moment that `when:` starts somebody",
            others=[Label(clash.earlier[0].span, "what starts it")],
        )


_PROGRAM = """\
workflow upgrade of contact {
  when: plan becomes paid
  only: ONLY
  notify owner "Somebody pays"
}
"""

RULE = Rule(
    name="nobody-enters",
    alias="SG619",
    category="bugs",
    severity=Severity.WARNING,
    title="What starts a definition and what `only:` asks for exclude each other",
    why="`only:` is judged at the moment of entry, when what `when:` says has just become true. Where the two exclude "
    "each other nobody is ever taken in, and nothing tells that the definition does nothing. To ask for the value of "
    "before, ask for its history: `plan was ever trial`.",
    domain=("W2", "W4"),
    bad=(Example(_PROGRAM.replace("ONLY", "plan = trial")),),
    good=(
        Example(_PROGRAM.replace("ONLY", "visits > 3")),
        Example(_PROGRAM.replace("ONLY", "plan was ever trial"), "the history is asked for"),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
