"""What happened to each enrollment, as bits: figures count who has a bit (M1-M6, M11-M15).

An enrollment keeps the bits of what was done in it (decision 0040); what its end tells is added when they are read. So
all enrollments are read once from front to back, whatever is asked of them, and none is looked up. Nothing reads the
contact's own record: a figure stays when someone is unenrolled or deleted (M24).

People are counted, not enrollments: first all enrollments are, as most people have one; then those of people with
several are taken off again, and the people added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ..store.dialect import joined
from ..store.seen import Seen
from ..store.session import Row, Session
from .filters import Chosen

_NO_REPLY, _REP_LED, _ALL_BITS = 2048, 4096, 8192
# Numbers as letters: from the first that prints up to those that stand for no letter by themselves.
_FIRST, _LETTERS = 32, 0xD800 - 32
_PART = 100_000  # letters, an even number
# How an enrollment ended tells what no event of its own may tell: also a reply to another mail ends it (M4).
_ENDED = (
    f"CASE e.status WHEN 'unenrolled' THEN CASE e.reason WHEN 'reply' THEN {Seen.REPLIED:d}"
    f" WHEN 'meeting' THEN {Seen.MET:d} WHEN 'bounce' THEN {Seen.BOUNCED:d}"
    f" WHEN 'unsubscribed' THEN {Seen.UNSUBSCRIBED:d} ELSE 0 END"
    # M6: it ran to its end and nobody answered; active, bounced, unsubscribed and removed ones are not counted.
    f" WHEN 'finished' THEN CASE WHEN (e.seen & {Seen.REPLIED:d}) = 0 THEN {_NO_REPLY} ELSE 0 END ELSE 0 END"
)
# M14: engaged with the automated part AND began to receive what the rep does: a task or a mail given after the switch.
# A mail that only waits to be sent is none yet, and one to somebody else they never get (X20).
_GIVEN = (
    "SELECT 1 FROM segue_step t WHERE t.bucket = s.bucket AND t.enrollment_id = s.enrollment_id AND t.ordinal >"
    " s.ordinal AND t.what IN ('send', 'task') AND t.outcome NOT IN ('planned', 'deferred', 'cancelled', 'refused',"
    " 'sent', 'unknown') AND substr(t.outcome, 1, 7) <> 'skipped'"
)
_MAILED = (
    "SELECT 1 FROM segue_outbox o WHERE o.bucket = s.bucket AND o.enrollment_id = s.enrollment_id AND o.ordinal >"
    " s.ordinal AND o.kind = 'email' AND o.state IN ('sent', 'unknown') AND o.contact_id = e.contact_id"
)
_BEGAN = (
    "EXISTS (SELECT 1 FROM segue_step s WHERE s.bucket = e.bucket AND s.enrollment_id = e.id AND s.what = 'switch'"
    f" AND (EXISTS ({_GIVEN}) OR EXISTS ({_MAILED})))"
)
_LED = f"CASE WHEN e.engaged_at IS NOT NULL AND (e.seen & {Seen.DRAWN:d}) <> 0 AND {_BEGAN} THEN {_REP_LED} ELSE 0 END"
MASKS: Mapping[str, int] = {
    "opened": Seen.OPENED | Seen.OPENED_UNKNOWN,  # M2: of any mail of the sequence, automated or sent from a task
    "opened_unknown": Seen.OPENED_UNKNOWN,
    "opened_by_machine": Seen.OPENED_BY_MACHINE,
    "clicked": Seen.CLICKED,  # M3
    "clicked_unknown": Seen.CLICKED_UNKNOWN,
    "clicked_by_machine": Seen.CLICKED_BY_MACHINE,
    "replied": Seen.REPLIED,
    "met": Seen.MET,
    "no_reply": _NO_REPLY,
    "bounced": Seen.BOUNCED,
    "unsubscribed": Seen.UNSUBSCRIBED,
    "lost": Seen.BOUNCED | Seen.UNSUBSCRIBED,  # B union U of M13
    # Who opened or clicked a mail of the automated part (D2), and who replied (D7): the rest is M15.
    "engaged": Seen.DRAWN | Seen.REPLIED,
    "rep_led": _REP_LED,
}
Counts = Mapping[str, int]


def bits(rep_led: bool = False) -> str:
    """SQL of the bits of an enrollment `e`; who is led by a rep only where that is asked, for it is looked up."""
    return f"(e.seen | {_ENDED}{f' | {_LED}' if rep_led else ''})"


def has(fact: str) -> str:
    """SQL: an enrollment `e` has the fact."""
    return f"({bits(fact == 'rep_led')} & {MASKS[fact]:d}) <> 0"


class Count(StrEnum):
    """What is counted: contacts of each definition, contacts of all of them once, of all dynamic ones once (D1),
    enrollments of each span."""

    DEFINITION = "definition"
    ALL = "all"
    DYNAMIC = "dynamic"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many have each fact, by its name, `enrolled` among them: by the number of the definition, of all, of the
    dynamic ones, by the number of the span; nothing of what was not asked for."""

    of_definitions: Mapping[int, Counts] = field(default_factory=dict)
    of_all: Counts = field(default_factory=Counter)
    of_dynamic: Counts = field(default_factory=Counter)
    of_spans: Mapping[int, Counts] = field(default_factory=dict)


def tallies(
    session: Session, c: Chosen, *counts: Count, spans: Sequence[int] = (), dynamic: frozenset[int] = frozenset()
) -> Tallies:
    """By one statement. `spans`: the instants that part the spans, in order. `dynamic`: definitions with a rep-led
    part; without them nobody is led by a rep."""
    if not c.definitions:
        return Tallies()
    led = dynamic.intersection(id_ for id_, *_ in c.definitions)
    asked = [count for count in counts if led or count is not Count.DYNAMIC]
    key = _Key(c, spans, bits(rep_led=bool(led)))
    values = c.values | {f"span{nr}": begins for nr, begins in enumerate(spans)}
    found: dict[Count, dict[int, Counter[str]]] = {count: {} for count in Count}
    for of, number, n in _counted(session.bound(_statement(c, key, asked, led, session.dialect), values)):
        span, definition, mine = key.told(number)
        place = {Count.DEFINITION: definition, Count.ALL: 0, Count.DYNAMIC: 0, Count.SPAN: span}
        for count in _meant(of, asked, definition in led):
            _add(found[count].setdefault(place[count], Counter()), mine, -n if of == "less" else n)
    all_, of_dynamic = (found[count].get(0, Counter()) for count in (Count.ALL, Count.DYNAMIC))
    return Tallies(found[Count.DEFINITION], all_, of_dynamic, found[Count.SPAN])


def _meant(of: str, asked: Sequence[Count], is_dynamic: bool) -> Sequence[Count]:
    """What a row counts for: an enrollment for all that is asked, one that is taken off for all but spans."""
    if of not in ("each", "less"):
        return (Count(of),)
    left_out = {count for count, out in ((Count.DYNAMIC, not is_dynamic), (Count.SPAN, of == "less")) if out}
    return [count for count in asked if count not in left_out]


def _add(counted: Counter[str], mine: int, n: int) -> None:
    counted["enrolled"] += n
    counted.update({fact: n for fact, mask in MASKS.items() if mine & mask})


class _Key:
    """What an enrollment is counted for as one number, span, definition and bits in it. `place` is span and definition,
    one of `places`."""

    def __init__(self, c: Chosen, spans: Sequence[int], bits: str) -> None:
        self._many = max(id_ for id_, *_ in c.definitions) + 1
        self.places = (len(spans) + 1) * self._many
        before = " ".join(f"WHEN e.enrolled_at < :span{nr} THEN {nr}" for nr in range(len(spans)))
        span = f"CASE {before} ELSE {len(spans)} END" if spans else "0"
        self.place = f"({span} * {self._many} + e.definition_id)"
        self.bits = bits

    def told(self, number: int) -> tuple[int, int, int]:
        """(number of the span, number of the definition, bits)."""
        place, mine = divmod(number, _ALL_BITS)
        return *divmod(place, self._many), mine


def _statement(c: Chosen, key: _Key, asked: Sequence[Count], led: frozenset[int], dialect: str) -> str:
    """(what it is, number, how many): every enrollment; those of people with several, to be taken off; these people."""
    counted = [_each(c, key, dialect)]
    people = [count for count in asked if count is not Count.SPAN]
    if people:
        number = f"q.definition_id * {_ALL_BITS} + q.bits"
        counted.append(f"SELECT 'less', {number}, count(*) FROM several q GROUP BY {number}")
    counted += [_people(count, led) for count in people]
    # Materialized: SQLite would work the bits out anew wherever they are named.
    return f"WITH several AS MATERIALIZED ({_several(c, key)}) " + " UNION ALL ".join(counted)


def _each(c: Chosen, key: _Key, dialect: str) -> str:
    """SQLite sorts all rows to group them, which takes longer than to read them. It gives two letters for each instead,
    as one text, of which `_counted` makes the numbers again."""
    rows = f"FROM segue_enrollment e WHERE {c.whole}"
    if dialect == "sqlite" and key.places < _LETTERS:
        letters = f"char({key.place} + {_FIRST}, {key.bits} + {_FIRST})"
        return f"SELECT 'each' AS what, coalesce({joined(dialect, letters, '')}, ''), 0 {rows}"
    return f"SELECT 'each' AS what, {key.place} * {_ALL_BITS} + {key.bits}, count(*) {rows} GROUP BY 2"


def _counted(rows: Iterable[Row]) -> Iterator[tuple[str, int, int]]:
    """The rows of the statement with numbers in place of letters."""
    for of, number, n in rows:
        if not isinstance(number, str):
            yield of, number, n
            continue
        pairs = Counter[tuple[str, str]]()
        for at in range(0, len(number), _PART):  # in parts: meanwhile other threads, the screen's, have their turn
            part = number[at : at + _PART]
            pairs.update(zip(part[::2], part[1::2], strict=True))
        for (place, mine), many in pairs.items():
            yield of, (ord(place) - _FIRST) * _ALL_BITS + ord(mine) - _FIRST, many


def _several(c: Chosen, key: _Key) -> str:
    """The enrollments of those who have several. The index of people tells who that is."""
    theirs = "e.bucket, e.contact_id"
    those = (
        f"SELECT {theirs} FROM segue_enrollment e WHERE {c.in_index_of_people} GROUP BY {theirs} HAVING count(*) > 1"
    )
    return (
        f"SELECT {theirs}, e.definition_id, {key.bits} AS bits FROM ({those}) m CROSS JOIN segue_enrollment e"
        f" WHERE e.bucket = m.bucket AND e.contact_id = m.contact_id AND {c.where}"
    )


def _people(count: Count, led: frozenset[int]) -> str:
    place = "r.definition_id" if count is Count.DEFINITION else "0"
    among = f" WHERE r.definition_id IN ({', '.join(map(str, sorted(led)))})" if count is Count.DYNAMIC else ""
    either = " + ".join(f"max(r.bits & {1 << nr})" for nr in range(_ALL_BITS.bit_length() - 1))
    each = "r.bucket, r.contact_id" + (", r.definition_id" if count is Count.DEFINITION else "")
    people = f"SELECT {place} * {_ALL_BITS} + {either} AS number FROM several r{among} GROUP BY {each}"
    return f"SELECT '{count}', q.number, count(*) FROM ({people}) q GROUP BY q.number"
