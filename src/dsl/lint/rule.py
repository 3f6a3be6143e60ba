"""What a lint rule is: one file in `rules/CATEGORY/`, a `RULE` that tells everything about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ..diagnostics.code import Code
from ..diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from ..source import Span
from ..values import dataclass

if TYPE_CHECKING:
    from .overview import Overview
    from .view import View

Category = Literal["bugs", "delivery", "privacy", "performance", "style", "testing"]
# The number of the first code of each category; the next category begins where one ends.
CATEGORIES: Mapping[Category, int] = {
    "bugs": 600,
    "delivery": 620,
    "privacy": 640,
    "performance": 660,
    "style": 670,
    "testing": 685,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One place that breaks a rule. `under` is said below the carets of `span`; only `help` says what to do."""

    span: Span
    message: str
    under: str = ""
    help: str = ""
    note: str = ""
    others: Sequence[Label] = ()
    fix: Fix | None = None


Check = Callable[["View", Any], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Example:
    """A whole project. `schema` and `settings` are lines added to the `schema.yaml` and `segue.yaml` of the examples
    (`examples.py`). `title` says in a few words what it shows."""

    program: str
    title: str = ""
    schema: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is what authors see and write (`opens-as-only-switch`), `alias` never changes (`SG600`).

    `domain` names the rules of the domain it keeps (`S6`, `X8`); those of style and testing may follow from none.
    `strict` rules judge a project as a whole (unused, untested), or ask for more than most projects need; they are off
    until `profile: strict`.

    A rule looks at single declarations, or at the project as a whole:

    * `on` are classes of syntax nodes (`nodes.RepLed`) or of compiled conditions (`conditions.Compare`), `check`
      is called with each of them: a node, or the `Placed` of a condition. INVARIANT: it looks at nothing but the view
      it is given, for what it finds is kept with the file.
    * `whole` is called once, with an `Overview` of all declarations. `note` takes from one declaration what `whole`
      wants to know of it (`overview.notes`): a small value of plain Python, kept with the file as well.
    """

    name: str
    alias: str
    category: Category
    severity: Severity
    title: str  # one line, no full stop
    why: str  # the long story: why it matters, what to do
    domain: tuple[str, ...]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    on: tuple[type, ...] = ()
    check: Check | None = None
    note: Callable[[View], object] | None = None
    whole: Callable[[Overview], Iterable[Found]] | None = None
    strict: bool = False
    repairs: Literal["safe", "unsafe"] | None = None  # the kind of the fix it offers

    def code(self) -> Code:
        """What `segue explain`, SARIF and the list of messages know of it."""
        return Code(self.name, self.alias, self.title, self.why, self.severity)

    def diagnostic(self, found: Found) -> Diagnostic:
        """A finding as the diagnostic it is shown as."""
        label = Label(found.span, found.under)
        others = tuple(found.others)
        return Diagnostic(self.name, self.severity, found.message, label, others, found.help, found.note, found.fix)
