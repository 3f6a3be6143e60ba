"""`not x is missing`, `not (not x)`: two turns that end where they began."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import replace
from ....diagnostics.diagnostic import Fix, Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Not) -> Iterator[Found]:
    written = view.text(node.span)
    match node.part:
        case nodes.Missing(left=left, negated=negated):
            plain = f"{view.written(left.span)} is {'missing' if negated else 'known'}"
        case nodes.Not(part=nodes.Path(span=inner) | nodes.Member(span=inner) | nodes.Has(span=inner)):
            plain = view.written(inner)
        case nodes.Has(negation="never" | "not", event=event):
            plain = f"has {view.written(event.span)}"
        case _:
            return
    fix: Fix | None = None if "#" in written else replace(node.span, plain)
    shown = " ".join(plain.split())
    message = f"`{written}` says `{shown}` in a roundabout way"
    yield Found(node.span, message, "turned round twice", f"write `{shown}`", fix=fix)


_PROGRAM = "segment known of contact { CONDITION }\n"

RULE = Rule(
    name="double-negation",
    alias="SG674",
    category="style",
    severity=Severity.INFO,
    title="A negation of a negation",
    why="Who reads `not nps is missing` has to turn it round twice, and sooner or later somebody turns it once. `is "
    "known` is the opposite of `is missing`, and `has` that of `has never`.",
    domain=("G8",),
    bad=(
        Example(_PROGRAM.replace("CONDITION", "not nps is missing and visits > 3")),
        Example(_PROGRAM.replace("CONDITION", "not (has never purchased) and visits > 3")),
    ),
    good=(
        Example(_PROGRAM.replace("CONDITION", "nps is known and visits > 3")),
        Example(_PROGRAM.replace("CONDITION", "nps is missing and not (visits > 3 and plan is known)")),
    ),
    on=(nodes.Not,),
    check=_check,
    repairs="safe",
)
