"""What is said and asked in a playbook, form or survey, in order: an answer is known from its question on (P3, P4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...diagnostics.diagnostic import Label
from ...program import conversations as compiled
from ...program.blocks import Text
from ...program.conditions import (
    All,
    AnswerValue,
    AnyOf,
    Between,
    Compare,
    Condition,
    ContainsList,
    DateTest,
    Field,
    InPeriod,
    Matches,
    Missing,
    Not,
    OneOf,
    TextTest,
)
from ...source import Span
from ...syntax import nodes
from ...values import replace as changed
from ..conditions import check_condition
from ..placed import Placed
from ..scope import Answer, Answers, Scope
from ..texts import merge_text
from ..whole import check_whole
from .answer_types import answer_type
from .checked import within
from .targets import Target, target_of

Items = tuple[compiled.Say | compiled.Ask | compiled.When, ...]
Asked = Mapping[str, Answer]


class Questions:
    """Reads the items of one conversation. `asked` is what is known after all of them; `whole` turns False at the
    first part that was reported. `reserved` are answers that are there without a question."""

    def __init__(self, scope: Scope, kind: str, items: Sequence[nodes.Item], reserved: Asked, stranger: bool) -> None:
        self.scope, self.kind, self.stranger = scope, kind, stranger
        self.whole = True
        self.asks = list(asks_in(items))
        self.targets: list[tuple[Field, nodes.Ask, bool]] = []  # in the order asked, and whether always
        self._first = {name: answer.span for name, answer in reserved.items()}
        self._reserved = reserved
        self.reported: frozenset[str] = frozenset()
        self._later = {ask.name.text: ask.name.span for ask in self.asks}
        self.items, self.asked = self._read(items, reserved, always=True)

    def at(self, asked: Asked) -> Scope:
        """What can be named after these answers."""
        later = {name: span for name, span in self._later.items() if name not in asked}
        return changed(self.scope, answers=Answers(self.kind, asked, later, reported=self.reported))

    def _read(self, items: Sequence[nodes.Item], asked: Asked, *, always: bool) -> tuple[Items, Asked]:
        found: list[compiled.Say | compiled.Ask | compiled.When] = []
        for item in items:
            match item:
                case nodes.Say(text):
                    said = self._text(text, asked)
                    found += [compiled.Say(said)] if said else []
                case nodes.Ask():
                    ask, answer = self._ask(item, asked, always=always)
                    found += [ask] if ask else []
                    asked = {**asked, item.name.text: answer} if answer else asked
                case nodes.When():
                    part, asked = self._when(item, asked)
                    found += [part] if part else []
                case nodes.Bad():
                    self.whole = False
        return tuple(found), asked

    def _text(self, node: nodes.Text, asked: Asked) -> Text | None:
        if not node.value.strip():
            self.scope.findings.error("empty-text", node.span, "this text is empty", "says nothing")
            self.whole = False
            return None
        text = merge_text(self.at(asked), node)
        if text is not None and self._reads_the_stranger(text):
            self._stranger(node.span)
            text = None
        self.whole = self.whole and text is not None
        return text

    # --- ask ---

    def _ask(self, node: nodes.Ask, asked: Asked, *, always: bool) -> tuple[compiled.Ask | None, Answer | None]:
        fine = self._named_once(node)
        question = self._text(node.question, asked)
        target = target_of(self.scope, node.target) if node.target else None
        type_ = answer_type(self.at(asked), node, target)
        if type_ is None or question is None or not fine or (node.target is not None and target is None):
            self.whole = False
        answer = Answer(node.name.text, type_, node.required is None, node.name.span) if type_ else None
        self.reported |= frozenset() if type_ else {node.name.text}
        if target is not None:
            self._written_once(target, always=always)
            self.targets.append((target.field, node, always))
        if not self.whole or question is None or type_ is None:
            return None, answer
        long = node.type is not None and node.type.name.text == "long_text"
        field = target.field if target else None
        return compiled.Ask(node.name.text, question, type_, long, field, node.required is not None), answer

    def _named_once(self, node: nodes.Ask) -> bool:
        first = self._first.setdefault(node.name.text, node.name.span)
        if first == node.name.span:
            return True
        name, given = node.name.text, node.name.text in self._reserved
        self.scope.findings.error(
            "duplicate-answer",
            node.name.span,
            f"two answers are called `{name}`",
            "the same name again",
            others=[Label(first, f"this is answered as `{name}`" if given else "first here")],
            help="give this question another name" if given else "give one of them another name",
        )
        return False

    def _written_once(self, target: Target, *, always: bool) -> None:
        """Of two questions that are always asked the later one takes the answer of the other."""
        earlier = [ask for field, ask, sure in self.targets if sure and field == target.field]
        if not always or not earlier or earlier[0].target is None:
            return
        self.scope.findings.warning(
            "written-twice",
            target.span,
            f"two answers are written to `{target.field.property}`, and the later one stays",
            "written again",
            others=[Label(earlier[0].target.span, "written here too")],
            help="write one of them elsewhere, or ask once",
        )

    # --- when ---

    def _when(self, node: nodes.When, asked: Asked) -> tuple[compiled.When | None, Asked]:
        placed = check_condition(self.at(asked), node.condition)
        if placed is not None:
            check_whole(self.scope, placed)
        if placed is None or not self._about_answers(placed):
            self.whole = False
            placed = None
        known = _known(placed.condition) if placed else frozenset[str]()
        inside = {name: changed(a, missing=a.missing and name not in known) for name, a in asked.items()}
        items, after = self._read(node.items, inside, always=False)
        later = {name: changed(answer, missing=True) for name, answer in after.items() if name not in asked}
        return (compiled.When(placed.condition, items) if placed else None), {**asked, **later}

    def _about_answers(self, placed: Placed) -> bool:
        """P4: earlier answers, or fields of the record; nothing that must be looked up while two people talk."""
        for leaf in placed.leaves():
            if not isinstance(leaf.condition, _PLAIN):
                self.scope.findings.error(
                    "when-looks-elsewhere",
                    leaf.span,
                    f"{self.scope.findings.text(leaf.span)} is no earlier answer"
                    + ("" if self.stranger else ", and no property of the record"),
                    "not known here",
                    help="ask it" if self.stranger else "ask it, or compare a property",
                )
                return False
            if self._reads_the_stranger(leaf.condition):
                self._stranger(leaf.left or leaf.span)
                return False
        return True

    def _reads_the_stranger(self, value: object) -> bool:
        return self.stranger and next(within(value, Field), None) is not None

    def _stranger(self, span: Span) -> None:
        """X27: whose record it is shows in the e-mail address, after the form is sent."""
        self.scope.findings.error(
            "unknown-visitor",
            span,
            "who fills in a form is not known before it is sent",
            "no contact yet",
            help="use the answers: `answers.NAME`; in `on submit` the contact is known",
        )


_PLAIN = (Compare, OneOf, Between, TextTest, Missing, DateTest, Matches, InPeriod, ContainsList)


def asks_in(items: Sequence[nodes.Item]) -> Iterator[nodes.Ask]:
    """All questions in the order written."""
    for item in items:
        if isinstance(item, nodes.Ask):
            yield item
        elif isinstance(item, nodes.When):
            yield from asks_in(item.items)


def _known(condition: Condition) -> frozenset[str]:
    """The answers that surely are there where the condition holds: a comparison with a missing one is false (X29)."""
    match condition:
        case All(parts):
            return frozenset().union(*(_known(part) for part in parts))
        case AnyOf(parts):
            each = [_known(part) for part in parts]
            return each[0].intersection(*each[1:])
        case Not() | Missing(negated=False):
            return frozenset()
    left = getattr(condition, "left", None)
    return frozenset({left.name}) if isinstance(left, AnswerValue) else frozenset()
