"""Who would get a broadcast now, who later and who not, before anything is sent: by the very statements of the engine,
in the temporary tables of one connection. Nothing of the store is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dsl.diagnostics.suggest import perhaps
from dsl.program.broadcasting import mailing
from dsl.program.others import Broadcast

from ..engine import work
from ..engine.entering.enroll import Enroll
from ..engine.judging.dependencies import condition_hash, parts_read, score_hash
from ..engine.judging.occasions import everybody
from ..engine.judging.touches import Touches
from ..engine.leaving.ending import Ending
from ..engine.phases import calendars_of
from ..engine.rules import Live, Rules, Version
from ..engine.sending.cap import Cap
from ..engine.sending.hours import Hours
from ..errors import InvalidInput, StoreError, UnknownName
from ..metrics.people import NAME
from ..operators.arguments import known
from ..project.loading import Loaded
from ..query.scope import SEGMENT_NUMBERS, Scope
from ..reading import reasons
from ..store import inbox, meta
from ..store.session import Session

NOW, LATER = "now", "later"  # who gets it; all other groups are reasons why not
GROUPS = (
    NOW, LATER, "enrolled_before", "already_enrolled", "suppressed", "no_address", "bounced", "marked_spam",
    "unsubscribed", "unsubscribed_topic", "no_consent", "cap", "loop_guard",
)  # fmt: skip
_VERSION = 0  # the number of a version that no store has
_HELD = ("quiet_hours", "cap")


@dataclass(frozen=True, slots=True)
class Group:
    """`reason`: `now`, `later`, or why they get none; `detail` narrows it down. `words` for people."""

    reason: str
    detail: str | None
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`at`: the instant (µs) for which this was worked out; `asked`: all of whom `to` is true, the sum of the groups.
    `receive` of them get it, now or later. `waiting`: facts in the inbox that may still change this."""

    name: str
    label: str
    template: str
    topic: str
    at: int
    asked: int
    receive: int
    groups: tuple[Group, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Person:
    """One of a group. `until`: when somebody of the group `later` gets it (µs); after quiet hours the frequency cap has
    its say then (L15)."""

    id: int
    name: str
    email: str | None
    until: int | None


class Planned:
    """A plan with its people, as long as it is open (`planned`)."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.session, self.plan = session, plan

    def people(self, reason: str, after: int = 0, limit: int = 50) -> list[Person]:
        """Those of all groups with that reason, by id; `after`: the id of the last one of the page before. Raises
        UnknownName for what is no group."""
        here = dict.fromkeys(group.reason for group in self.plan.groups)
        if reason not in {*GROUPS, *here}:
            meant = perhaps(reason, {*GROUPS, *here}) or f"those of this plan are {', '.join(here) or 'none'}"
            raise UnknownName(f"there is no group `{reason}`", meant)
        rows = self.session.run(
            f"SELECT t.contact_id, {NAME}, p.email, t.until FROM (SELECT o.bucket, o.id AS contact_id, o.until FROM"
            f" ({_OUTCOMES}) o WHERE o.reason = :reason AND o.id > :after ORDER BY o.id LIMIT :limit) t"
            " JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY t.contact_id",
            reason=reason, after=after, limit=limit,
        )  # fmt: skip
        return [Person(*row) for row in rows]


@contextmanager
def planned(session: Session, loaded: Loaded, name: str) -> Iterator[Planned]:
    """Work it out as of now. Raises UnknownName, InvalidInput, StoreError."""
    known("broadcast", name, loaded.program.broadcasts)
    broadcast = loaded.program.broadcasts[name]
    work.prepare(session)
    try:
        yield Planned(session, _plan(session, loaded, broadcast))
    finally:
        work.clear(session)


def _plan(session: Session, loaded: Loaded, broadcast: Broadcast) -> Plan:
    if meta.clock(session) is None:
        raise StoreError("nothing has been run on this store yet", "`segue run` takes the rules in first")
    _kept(session, loaded, broadcast)
    t = inbox.present(session)
    rules, live = _rules(session, loaded, broadcast)
    _entrants(session, rules, live, t)
    _held(session, rules, t)
    rows = session.run(
        f"SELECT o.reason, o.detail, count(*) FROM ({_OUTCOMES}) o GROUP BY o.reason, o.detail ORDER BY 3 DESC, 1, 2"
    )
    groups = sorted((_group(*row) for row in rows), key=lambda g: (g.reason not in (NOW, LATER), g.reason == LATER))
    return Plan(
        broadcast.name, broadcast.label, broadcast.template, loaded.program.templates[broadcast.template].topic, t,
        sum(g.count for g in groups), sum(g.count for g in groups if g.reason in (NOW, LATER)), tuple(groups),
        int(session.one("SELECT count(*) FROM segue_inbox WHERE at <= :t", t=t)),
    )  # fmt: skip


def _group(reason: str, detail: str | None, count: int) -> Group:
    return Group(reason, detail, int(count), _WORDS.get((reason, detail)) or reasons.refused(reason))


_WORDS = {
    (NOW, None): "get it as soon as it is sent",
    (LATER, "quiet_hours"): "get it when their quiet hours are over",
    (LATER, "cap"): "get it when the frequency cap lets it through",
    ("cap", None): reasons.held("cap"),
    ("already_enrolled", None): "are getting it already",
    ("enrolled_before", None): "it went to them before, or the frequency cap skipped it",
}


def _kept(session: Session, loaded: Loaded, broadcast: Broadcast) -> None:
    """Whose members or points a condition reads is kept by runs: what they do not know yet has none. Raises
    InvalidInput."""
    there = {(kind, name): hash_ for kind, name, hash_ in session.run("SELECT kind, name, hash FROM segue_segment")}
    program = loaded.program
    for kind, name in sorted(parts_read((broadcast.to, broadcast.suppress))):
        if kind == "score":
            same = there.get(("score", name)) == score_hash(program, program.scores[name])
        else:
            condition = program.segments[name].condition
            now = "static" if condition is None else condition_hash(program, condition)
            same = there.get(("static" if condition is None else "segment", name)) == now
        if not same:
            raise InvalidInput(
                f"{kind} `{name}` is new or edited since the last run, so nobody knows who is meant",
                "`segue run` takes it in; a worker that runs has to be started again",
            )


def _rules(session: Session, loaded: Loaded, broadcast: Broadcast) -> tuple[Rules, Live]:
    """The broadcast as if it were the one definition there is."""
    numbers: dict[str, int] = dict(session.run(SEGMENT_NUMBERS))
    ids = {(kind, name): id_ for kind, name, id_ in session.run("SELECT kind, name, id FROM segue_definition")}
    d = mailing(broadcast)
    scope = Scope(loaded.program, session.dialect, numbers, ids)
    live = Live(ids.get(("broadcast", broadcast.name), 0), _VERSION, d, 0)
    return Rules(scope, [], [live], {_VERSION: Version(_VERSION, live.id, d.pinned)}), live


def _entrants(session: Session, rules: Rules, live: Live, t: int) -> None:
    """All of whom `to` is true, with what keeps them out: in the table `entrant`."""
    everybody(session, live, rules.only[live.id], t)
    touches = Touches(session, rules.scope, frozenset())
    Enroll(session, rules, touches, Ending(session, touches), calendars_of(rules)).judge(live, 1, t)


def _held(session: Session, rules: Rules, t: int) -> None:
    """What is put off, of those let in: in the table `candidate`, under numbers that no
    enrollment has, in the order of those they will get."""
    (live,) = rules.live
    template = rules.program.templates[str(getattr(live.definition.pinned.graph.blocks[0], "template", ""))]
    session.run(
        f"INSERT INTO candidate SELECT x.bucket, {_NUMBER}, 1, x.contact_id, :version, 'email', :topic, :template,"
        " x.zone, x.person_zone, 0, c.email__n, :t, NULL, NULL, NULL FROM entrant x CROSS JOIN contact c"
        " WHERE x.reason IS NULL AND c.bucket = x.bucket AND c.id = x.contact_id",
        version=_VERSION, topic=template.topic, template=template.name, t=t,
    )  # fmt: skip
    hours = Hours(session, rules, Ending(session, Touches(session, rules.scope, frozenset())), calendars_of(rules))
    hours(t)
    Cap(session, rules)(t)
    hours.clip(t)


_NUMBER = "x.contact_id - 9223372036854775807"
# Each of them once. Mail of others that waits for room under the cap stands among the candidates too.
_OUTCOMES = f"""
SELECT x.bucket, x.contact_id AS id, q.until,
    CASE WHEN x.reason IS NOT NULL THEN x.reason WHEN q.verdict IS NULL THEN '{NOW}'
    WHEN q.verdict IN ('{"', '".join(_HELD)}') THEN '{LATER}' WHEN q.verdict = 'skip' THEN 'cap'
    ELSE 'never_open' END AS reason,
    CASE WHEN x.reason IS NOT NULL THEN x.detail WHEN q.verdict IN ('{"', '".join(_HELD)}') THEN q.verdict END AS detail
FROM entrant x LEFT JOIN candidate q ON q.bucket = x.bucket AND q.enrollment_id = {_NUMBER} AND q.ordinal = 1
"""
