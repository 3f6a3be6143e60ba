"""`segue report`: a report of the rules, or the figures of sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ..options import Json, ProjectDir, root_of
from ..reported import Companies, Since, Until, Users

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.metrics import SequenceMetrics
    from runtime.operators.reporting import Report


def report(
    *words: Annotated[
        str,
        Parameter(
            help="A report of the rules, or a sequence in full; `sequences`: all side by side, as without a name.",
            show_default=False,
        ),
    ],
    company: Companies = (),
    by: Users = (),
    since: Since = None,
    until: Until = None,
    status: Annotated[tuple[str, ...], Parameter(help="Only enrollments of that status.")] = (),
    csv: Annotated[bool, Parameter(name="--csv", help="Print a report of the rules as CSV.")] = False,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Print a report of the rules, or the figures of sequences: enrolled, opened, clicked, replied, meetings, and what
    they are shares of.

    Of a sequence that has the name of a report: `segue report sequences NAME`. Days are those of enrollment; of a
    report those of the time it is grouped by, else of when its records came to be. Opens and clicks are those of
    people; machines are counted apart. A contact counts
    once (M1).

    For instance:
        segue report inquiries --since 2026-03-01 --csv
        segue report sequences trial_welcome --by me
    """
    from runtime.errors import InvalidInput

    asked = (company, by, since, until, status)
    match words:
        case () | ("sequences",):
            sequence = None
        case (sequence,):
            if _of_rules(project, sequence, json, csv, asked):
                return 0
        case ("sequences", sequence):
            pass
        case _:
            raise InvalidInput("one report at a time", "`segue dashboard` shows several")
    if csv:
        raise InvalidInput("figures of sequences come as a table or as JSON", "`--csv` is for reports of the rules")
    return _of_sequences(project, (sequence, *asked), json)


def _of_rules(project: Path | None, name: str, json: bool, csv: bool, about: tuple[Any, ...]) -> bool:
    """Whether the rules have such a report; then it was printed. Raises UnknownName where one is called almost so."""
    from dsl.diagnostics.suggest import did_you_mean
    from runtime.errors import InvalidInput, UnknownName
    from runtime.operators.reporting import Asked

    from ..reported import asked, rules_with_reports, show_result

    loaded = rules_with_reports(root_of(project))
    reports = loaded.program.reports if loaded is not None else {}
    if loaded is None or name not in reports:
        sequences = [of for kind, of in loaded.program.definitions if kind == "sequence"] if loaded is not None else []
        if name not in sequences and (hint := did_you_mean(name, [*reports, *sequences])) and reports:
            raise UnknownName(f"there is no report and no sequence `{name}`", hint)
        return False
    among = Asked(None, *about)
    if among.statuses:
        raise InvalidInput(f"`--status` is for figures of sequences, and `{name}` is a report", "change its `where:`")
    if json and csv:
        raise InvalidInput("JSON or CSV, not both")
    show_result(asked(loaded, name, among), json, csv)
    return True


def _of_sequences(project: Path | None, about: tuple[Any, ...], json: bool) -> int:
    from runtime.errors import UnknownName
    from runtime.operators.reporting import Asked, make_report
    from runtime.project.loading import load, load_settings, open_store

    from ..output import show_json

    settings = load_settings(root_of(project))
    asked = Asked(*about)
    with open_store(settings, readonly=True) as store, store.session() as session:
        try:
            found = make_report(session, settings, asked)
        except UnknownName:
            load(settings.root)  # broken rules have no reports: then that is what is told
            raise
    if json:
        show_json(found, settings.zone)
    else:
        _show(found)
    return 0


def show_figures(sequences: Sequence[SequenceMetrics]) -> None:
    """One line per sequence: counts, and the rates of those enrolled."""
    from ..output import percent, table

    columns = ("sequence", "enrolled", "opened", "clicked", "replied", "meetings", "unsubscribed", "bounced", "inside",
               "ended")  # fmt: skip
    rows = []
    for m in sequences:
        rates = (m.opened, m.clicked, m.replied, m.meetings, m.lead_quality.unsubscribed, m.lead_quality.bounced)
        rows.append((m.name or m.label, m.enrolled, *(percent(f.rate) for f in rates), m.active, m.ended))
    table(columns, rows, columns[1:])


def _show(found: Report) -> None:
    from ..output import put

    show_figures([*found.sequences, *([found.total] if len(found.sequences) > 1 else [])])
    for m in found.sequences if found.funnel else ():
        put()
        _one(m)
    _deals(found)
    goals = [(w.name, w.enrolled, _share(w.mailed), _share(w.met)) for w in found.workflows if w.met is not None]
    _part("Workflows", ("workflow", "enrolled", "were mailed", "met the goal"), goals)
    # Who passed a wait leaves no row there; a line of noughts would mislead.
    steps = [
        (("  " if s.rep_led else "") + s.label, s.reached, s.executed, s.skipped, s.waiting, s.left)
        for s in found.funnel
        if s.reached or s.kind not in ("wait", "finish")
    ]
    _part("Steps", ("step", "reached", "done", "left out", "waiting", "ended here"), steps)
    letters = [(t.template, t.sent, *map(_share, (t.opened, t.clicked, t.replied))) for t in found.templates]
    _part("Letters", ("letter", "sent", "opened", "clicked", "replied"), letters)
    months = [(m.month, m.enrolled, *map(_share, (m.opened, m.clicked, m.replied, m.meetings))) for m in found.months]
    _part("Months", ("enrolled in", "enrollments", "opened", "clicked", "replied", "meetings"), months)


def _part(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table of names and figures below its title; nothing where it would be empty."""
    from ..output import put, table

    if rows:
        put(f"\n{title}")
        table(columns, rows, columns[1:])


def _deals(found: Report) -> None:
    """Nothing where no deal belongs to an enrollment and none was closed in one."""
    from runtime.reading.values import money

    rows = [
        (name or "All", _share(d.created), _share(d.won), _share(d.lost), d.revenue.deals.count,
         money(d.revenue.amount, d.revenue.currency))
        for name, d in found.deals.items()
        if (name or len(found.sequences) > 1) and (d.revenue.deals.base or d.closed.count)
    ]  # fmt: skip
    columns = ("sequence", "deal created", "deal won", "deal lost", "deals won", "revenue")
    _part("Contacts with deals", columns, rows)


def _share(figure: object) -> str:
    from runtime.metrics import Figure

    from ..output import percent

    assert isinstance(figure, Figure)
    return f"{figure.count:,} ({percent(figure.rate)})"


def _one(m: SequenceMetrics) -> None:
    from ..output import put, table

    figures = [
        ("opened", m.opened),
        ("opened, by whom unknown", m.opened_unknown),
        ("opened by machines", m.opened_by_machine),
        ("clicked", m.clicked),
        ("clicked, by whom unknown", m.clicked_unknown),
        ("clicked by machines", m.clicked_by_machine),
        ("replied", m.replied),
        ("meetings", m.meetings),
        ("no reply", m.no_reply),
        ("bounced", m.lead_quality.bounced),
        ("unsubscribed", m.lead_quality.unsubscribed),
        ("reached", m.lead_quality.reached),
    ]
    if m.engagement:
        figures += [
            ("engaged", m.engagement.engaged),
            ("not engaged", m.engagement.none),
            ("residue", m.engagement.residue),
        ]
    table(("figure", "share", "of"), [(name, _share(f), f"{f.base:,} {f.of}") for name, f in figures], ("share",))
    put()
    table(("status", "enrollments"), sorted(m.statuses.items()), ("enrollments",))
