"""What is wrong with records, rule by rule, and the runs of fixes that may be taken back (P15)."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from runtime.hygiene import Findings, Overview, Run, runs
from runtime.store.session import Session

from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when
from .acts import HygieneActsScreen
from .queue import QueueScreen


class HygieneScreen(HygieneActsScreen):
    heading = "Hygiene"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Rule", share=2),
            Column("Of", 9, above=60),
            Column("Does", 7),
            Column("Finds", 7, right=True),
            Column("When", share=4, above=60),
            empty="The rule files have no hygiene.",
            id="hygiene",
        )
        yield Static("Runs of fixes", classes="part")
        yield PagedTable(
            Column("Run", 5, right=True),
            Column("When", 16),
            Column("Hygiene", share=2),
            Column("By", share=1),
            Column("Values", 8, right=True),
            Column("Taken back", 10, right=True),
            empty="Nothing was fixed yet.",
            id="runs",
        )

    def arrive(self) -> None:
        """The rules stand there before they are counted."""
        self.rules: dict[str, Overview] = {}
        self.query_one("#hygiene", PagedTable).focus()
        self.ask(lambda s: self._find(s, counted=False), lambda found: self._show(*found))

    def load(self) -> None:
        self.work_out(self._find, lambda found: self._show(*found))

    def _find(self, session: Session, counted: bool = True) -> tuple[list[Overview], list[Run]]:
        return Findings(session, self.loaded()).overview(counted=counted), runs(session)

    def _show(self, rules: list[Overview], done: list[Run]) -> None:
        found = [rule.found for rule in rules if rule.found is not None]
        if len(found) < len(rules) and self.rules:
            return  # the counted ones were quicker
        self.rules = {rule.rule: rule for rule in rules}
        said = plural(sum(found), "finding") if len(found) == len(rules) else "counting .."
        self.head(self.heading, f"{plural(len(rules), 'rule')}, {said}")
        self.query_one("#hygiene", PagedTable).show_rows([_rule(rule) for rule in rules], keep=True)
        self.query_one("#runs", PagedTable).show_rows([self._run(run) for run in done], keep=True)

    def _run(self, run: Run) -> TableRow:
        back = Cell(f"{run.undone:,}", "warn") if run.undone else Cell(NONE, "dim")
        at = Cell(when(run.at, self.desk.zone), "dim")
        return TableRow(run, (f"{run.run}", at, run.hygiene, run.by_user, f"{run.values:,}", back))

    # --- acts ---------------------------------------------------------------------------------------

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """A rule shows what it has found; a run is asked to be taken back."""
        match message.row.key:
            case str(rule):
                self.app.push_screen(QueueScreen(self.desk, self.rules[rule]))
            case Run() as run:
                if refused := self.refused("undo"):
                    self.say_error(refused)
                else:
                    self.ask_to_undo(run if run.undone < run.values else None)

    def action_fix(self) -> None:
        table = self.query_one("#hygiene", PagedTable)
        row = table.row_at(table.cursor)
        if row is None:
            self.say("There is no rule to fix by", "$muted")
            return
        rule = self.rules[str(row.key)]
        if rule.kind == "fix":
            self.ask_to_fix(rule.rule, None)
        else:
            self.say(f"{rule.rule} has no fix: a person looks at each; Enter shows them", "$muted")


def _rule(rule: Overview) -> TableRow:
    found = Cell(f"{rule.found:,}", "warn") if rule.found else Cell("·" if rule.found is None else "0", "dim")
    return TableRow(rule.rule, (rule.rule, Cell(rule.object, "dim"), rule.kind, found, rule.condition))
