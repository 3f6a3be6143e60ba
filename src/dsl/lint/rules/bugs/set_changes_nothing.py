"""A step writes the value that was just found to be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....check.placed import Placed
from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import Compare, Const, Field
from ....syntax import nodes
from ...entry import entering, placed_at, together
from ...rule import Example, Found, Rule
from ...statements import Statements, parts_of
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow | nodes.If) -> Iterator[Found]:
    if isinstance(node, nodes.If):
        for branch in node.branches:
            inside = branch.block.statements
            if inside and isinstance(inside[0], nodes.Set) and (placed := placed_at(view, branch.condition.span)):
                yield from _first_sets(view, inside, together(placed))
        return
    for part in parts_of(node.body)[:1]:
        if isinstance(part[0], nodes.Set):
            yield from _first_sets(view, part, entering(view))


def _first_sets(view: View, statements: Statements, known: Sequence[Placed]) -> Iterator[Found]:
    """The `set`s at the beginning, before anything else can have changed the value."""
    written: set[str] = set()
    for statement in statements:
        if not isinstance(statement, nodes.Set):
            return
        target = statement.path.text
        same = next((one for one in known if _says(view, one, statement)), None) if target not in written else None
        written.add(target)
        if same is not None:
            yield Found(
                statement.span,
                f"`{target}` is `{view.text(statement.value.span)}` here already",
                "changes nothing",
                help="take it out, or set what was meant",
                others=[Label(same.span, "known from here")],
            )


def _says(view: View, known: Placed, statement: nodes.Set) -> bool:
    """Whether it is `P = V`, of the property and the value that are written."""
    match known.condition:
        case Compare(Field(path, _, name), "=", Const(value)):
            same = ".".join((*path, name)) == statement.path.text.removeprefix(f"{_subject(view)}.")
            return same and _plain(statement.value) == value
    return False


def _subject(view: View) -> str:
    return view.definition.pinned.object if view.definition else ""


def _plain(value: nodes.Operand) -> object:
    match value:
        case nodes.Path(names=(name,)):
            return name.text
        case nodes.Text(value=text) | nodes.Date(value=text):
            return text
        case nodes.Boolean(value=truth):
            return truth
        case nodes.Number(value=number):
            return number
    return None


_PROGRAM = """\
workflow upgrade of contact {
  when: plan becomes trial
  wait 14 days
  if plan = trial and visits < 5 { set plan = VALUE }
}
"""

RULE = Rule(
    name="set-changes-nothing",
    alias="SG616",
    category="bugs",
    severity=Severity.WARNING,
    title="A step writes the value that is there already",
    why="A property gets the value that `when:`, `only:` or the `if` around it has just found in it. Writing the same "
    "value is nothing, and starts nothing that waits for `becomes`. Most likely another value was meant.",
    domain=("W15",),
    bad=(
        Example(_PROGRAM.replace("VALUE", "trial")),
        Example(
            "workflow upgrade of contact {\n  when: plan becomes paid\n  set plan = paid\n}\n", "it has just become so"
        ),
    ),
    good=(Example(_PROGRAM.replace("VALUE", "free")),),
    on=(nodes.Sequence, nodes.Workflow, nodes.If),
    check=_check,
)
