"""What a report counts, in English, and that `segue explain` finds it by its name."""

from __future__ import annotations

from dsl.english.lines import bulleted
from dsl.english.reports import of_dashboard, of_report
from dsl.source import Source
from runtime.project.explaining import explained
from tests.runtime.engine.harness import compiled

RULES = """
report won "Won" of deal {
  where: won
  measure: sum(amount), count, avg(amount)
  by: month(close_on), owner
  target: 20_000 EUR per month
  sort: sum(amount)
  top: 5
}
report replies of enrollment {
  measure: reply_rate
}
dashboard monday { reports: won, replies }
"""


def test_a_report_says_what_it_looks_at_and_in_which_groups() -> None:
    program = compiled(RULES)
    assert list(bulleted(of_report(program.reports["won"]))) == [
        "- It looks at every deal for which won is true",
        "- It tells the sum of amount, how many and the average of amount",
        "- For each month of close on and owner",
        "- The target of all groups together is 20_000.00 EUR in each month",
        "- In the order of sum(amount), from the greatest down; the first 5 are shown",
    ]
    assert list(bulleted(of_report(program.reports["replies"]))) == [
        "- It looks at every time somebody was enrolled",
        "- It tells the reply rate",
    ]
    assert [line.text for line in of_dashboard(program.dashboards["monday"])] == ["It shows the reports won, replies"]


def test_a_report_is_explained_with_the_dashboards_that_show_it() -> None:
    told = explained(compiled(RULES), {"rules.segue": Source("rules.segue", RULES)}, ("report", "won"), "sqlite", 0)
    assert told.place == "rules.segue:2" and told.named_by == ("dashboard monday",)
    assert explained(compiled(RULES), {}, ("monday",), "sqlite", 0).kind == "dashboard"
