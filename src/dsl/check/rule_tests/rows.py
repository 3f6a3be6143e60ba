"""`for each plan, mail in [(trial, a), (free, b)] { .. }`: the items once for each row, with its values in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import product

from ...syntax import nodes
from ...values import dataclass, replace
from ..findings import Findings, listing


@dataclass(frozen=True, slots=True)
class Played:
    """One way through a test: its items without `for each`; `row` names the values, "" where there are none."""

    items: tuple[nodes.TestItem, ...]
    row: str = ""


def played(items: Sequence[nodes.TestItem], findings: Findings) -> Iterator[Played]:
    """Every way through; two `for each` beside or inside one another give all pairs of their rows."""
    parts = [list(_of_rows(item, findings)) if isinstance(item, nodes.Rows) else [Played((item,))] for item in items]
    for chosen in product(*parts):
        yield Played(
            tuple(item for part in chosen for item in part.items), ", ".join(part.row for part in chosen if part.row)
        )


def _of_rows(node: nodes.Rows, findings: Findings) -> Iterator[Played]:
    for cells in node.rows:
        if len(cells) != len(node.names):
            _wrong_length(node, cells, findings)
            continue
        row = _Row({n.text: cell for n, cell in zip(node.names, cells, strict=True)}, findings)
        label = ", ".join(f"{n.text} = {findings.raw(c.span)}" for n, c in zip(node.names, cells, strict=True))
        items = [row.item(item) for item in node.items]
        for inner in played(items, findings) if not row.told else ():
            yield Played(inner.items, ", ".join(part for part in (label, inner.row) if part))


def _wrong_length(node: nodes.Rows, cells: Sequence[nodes.Operand], findings: Findings) -> None:
    span = cells[0].span.to(cells[-1].span)
    values = "1 value" if len(cells) == 1 else f"{len(cells)} values"
    findings.error(
        "row-length",
        span,
        f"this row has {values}, and there are {len(node.names)} names",
        "not as many as there are names",
        help=f"write one value each for {listing(name.text for name in node.names)}",
    )


@dataclass(frozen=True, slots=True)
class _Row:
    values: Mapping[str, nodes.Operand]
    findings: Findings
    told: set[nodes.Operand] = field(default_factory=set)

    def item(self, item: nodes.TestItem) -> nodes.TestItem:
        """The item with the row's values wherever a value or a name is due."""
        match item:
            case nodes.GivenRecord():
                return replace(item, name=self._name(item.name), fields=self._fields(item.fields))
            case nodes.GivenEvent() | nodes.Happens():
                return replace(item, who=self._name(item.who), event=self._event(item.event))
            case nodes.GivenLink():
                who, other = self._name(item.who), self._name(item.other)
                return replace(item, who=who, other=other, way=self._maybe(item.way))
            case nodes.GivenMember():
                return replace(item, who=self._name(item.who), segment=self._name(item.segment))
            case nodes.GivenConsent():
                return replace(item, who=self._name(item.who), topic=self._name(item.topic))
            case nodes.Enrolls():
                return replace(item, who=self._name(item.who), definition=self._name(item.definition))
            case nodes.TaskClosed():
                return replace(item, who=self._name(item.who), task=self._name(item.task))
            case nodes.Sets():
                return replace(item, who=self._name(item.who), value=self._operand(item.value))
            case nodes.Rows():
                rows = tuple(tuple(self._operand(cell) for cell in row) for row in item.rows)
                return replace(item, rows=rows, items=tuple(self.item(inner) for inner in item.items))
            case nodes.Saves():
                record, person = self._name(item.record), self._maybe(item.person)
                return replace(item, playbook=self._event(item.playbook), record=record, person=person)
            case nodes.Submits():
                return replace(item, who=self._name(item.who), form=self._event(item.form))
            case nodes.AnswersSurvey():
                return replace(item, who=self._name(item.who), survey=self._event(item.survey))
            case nodes.Moves():
                return replace(item, record=self._name(item.record), stage=self._name(item.stage))
            case nodes.SendsBroadcast():
                return replace(item, broadcast=self._name(item.broadcast))
        return self._expected(item)

    def _expected(self, item: nodes.TestItem) -> nodes.TestItem:
        match item:
            case nodes.ExpectMail():
                who, template = self._name(item.who), self._name(item.template)
                return replace(item, who=who, template=template, source=self._maybe(item.source))
            case nodes.ExpectTask():
                whom = (self._maybe(item.assigned), self._maybe(item.source), self._maybe(item.priority))
                assigned, source, priority = whom
                kind, who = self._name(item.kind), self._name(item.who)
                return replace(item, kind=kind, who=who, assigned=assigned, source=source, priority=priority)
            case nodes.ExpectNotice():
                return replace(item, user=self._name(item.user), source=self._maybe(item.source))
            case nodes.ExpectFields():
                who, fields = self._name(item.who), self._fields(item.fields)
                return replace(
                    item, who=who, fields=fields, scores=self._scores(item.scores), source=self._maybe(item.source)
                )
            case nodes.ExpectMember():
                return replace(item, who=self._name(item.who), name=self._name(item.name))
            case nodes.ExpectEnded():
                reason = self._name(item.reason) if isinstance(item.reason, nodes.Name) else item.reason
                definition = self._name(item.definition)
                return replace(item, who=self._name(item.who), definition=definition, reason=reason)
            case nodes.ExpectCreated():
                return replace(item, fields=self._fields(item.fields), source=self._maybe(item.source))
            case nodes.ExpectNote() | nodes.ExpectFinding() | nodes.ExpectSnippet():
                return replace(item, who=self._name(item.who))
            case nodes.ExpectLink():
                who, other = self._name(item.who), self._name(item.other)
                return replace(item, who=who, other=other, way=self._maybe(item.way))
            case nodes.ExpectConsent():
                return replace(item, who=self._name(item.who), topic=self._name(item.topic))
            case nodes.ExpectCall():
                return replace(item, source=self._maybe(item.source))
            case nodes.ExpectRow():
                cells = tuple(found for cell in item.cells if (found := self._filter(cell)))
                on = self._maybe(item.dashboard)
                return replace(item, report=self._name(item.report), cells=cells, dashboard=on)
        return item

    def _maybe(self, name: nodes.Name | None) -> nodes.Name | None:
        return None if name is None else self._name(name)

    def _name(self, name: nodes.Name) -> nodes.Name:
        match self.values.get(name.text):
            case None:
                return name
            case nodes.Path((single,)):
                return single
            case nodes.Text(value, _, span):
                return nodes.Name(value, span)
            case other:
                if other not in self.told:
                    self.told.add(other)
                    written = self.findings.text(other.span)
                    self.findings.error("not-a-name", other.span, f"{written} stands where a name is due", "no name")
                return name

    def _operand(self, operand: nodes.Operand) -> nodes.Operand:
        if isinstance(operand, nodes.Path) and len(operand.names) == 1:
            return self.values.get(operand.text, operand)
        if isinstance(operand, nodes.ListOf):
            return replace(operand, items=tuple(self._operand(item) for item in operand.items))
        return operand

    def _fields(self, fields: Sequence[nodes.Assigned]) -> tuple[nodes.Assigned, ...]:
        return tuple(replace(one, value=self._operand(one.value)) for one in fields)

    def _scores(self, scores: Sequence[nodes.Scored]) -> tuple[nodes.Scored, ...]:
        return tuple(replace(one, value=one.value and self._operand(one.value)) for one in scores)

    def _event(self, event: nodes.Event) -> nodes.Event:
        path = self._operand(event.path)
        kind = path if isinstance(path, nodes.Path) else event.path
        return replace(event, path=kind, filter=self._filter(event.filter))

    def _filter(self, condition: nodes.Condition | None) -> nodes.Condition | None:
        match condition:
            case nodes.Compare():
                return replace(condition, right=self._operand(condition.right))
            case nodes.And():
                return replace(condition, parts=tuple(p for part in condition.parts if (p := self._filter(part))))
        return condition
