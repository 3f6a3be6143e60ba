"""Advance: every enrollment that is due moves by one block, in sets of equal (version, block, zone).

All read the state the pass began with: what a block does to the world goes to the inbox or the outbox and is seen by
the next pass. So results do not depend on how the due ones are cut into groups (X12). Nothing here loops over contacts,
but for texts with merge fields, which are rendered.

Two instants: `t` is the one being worked through, at which waits are counted and decided; `now` is when effects
happen. They differ only when the engine is late (X12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from dsl.program.blocks import (
    Block,
    EnrollIn,
    Exit,
    Finish,
    If,
    Notify,
    Send,
    Set,
    Task,
    Text,
    UnenrollFrom,
    UserRef,
    Wait,
    WaitCondition,
    WaitEvent,
)
from dsl.program.conditions import Duration, Unit
from dsl.schema.model import Kind

from ..errors import NeverOpen
from ..query.scope import Params
from ..query.values import Values
from ..store.dialect import json_object
from ..store.names import quoted
from ..store.session import Session
from ..times import durations, windows, zones
from ..times.calendars import WorkingCalendar
from .ending import Ending
from .rules import Rules, Version
from .texts import Texts
from .waking import waited_for

DEFAULT_GRACE = Duration(5, Unit.BUSINESS_DAYS)  # D6
_EFFECTS = (Send, Task, Notify, Set, EnrollIn, UnenrollFrom)
_HERE = (
    "m.slice = :slice AND m.version_id = :version AND m.block = :block AND m.zone = :zone AND m.person_zone ="
    " :person_zone AND m.first_by_hand = :first"
)
_FROM = f"FROM mover m CROSS JOIN segue_enrollment e WHERE {_HERE} AND e.bucket = m.bucket AND e.id = m.id"
_MINE = f"(bucket, id) IN (SELECT m.bucket, m.id FROM mover m WHERE {_HERE})"


@dataclass(frozen=True)
class Group:
    """Enrollments that move together."""

    slice: int
    version: Version
    block: int
    zone: str
    person_zone: str
    first_by_hand: bool  # the first step of an enrollment made by hand: at once, window or not (X16)

    @property
    def values(self) -> dict[str, object]:
        return {
            "slice": self.slice,
            "version": self.version.id,
            "block": self.block,
            "zone": self.zone,
            "person_zone": self.person_zone,
            "first": int(self.first_by_hand),
        }


class Advance:
    def __init__(
        self,
        session: Session,
        rules: Rules,
        ending: Ending,
        calendars: Mapping[str | None, WorkingCalendar],
        batch: int,
        order: Random | None = None,
    ) -> None:
        self.session, self.rules, self.ending, self.calendars = session, rules, ending, calendars
        self.batch, self.order = batch, order
        self.texts = Texts(session, rules.scope)

    def __call__(self, t: int, now: int) -> int:
        """Move everyone due at `t`; how many there were."""
        found = int(self.session.one("SELECT count(*) FROM segue_enrollment WHERE due <= :t", t=t))
        # Only who does not fit into one batch is counted out into several.
        slice_ = "(row_number() OVER (ORDER BY e.due, e.bucket, e.id) - 1) / :batch" if found > self.batch else "0"
        if found:
            self.session.bound(
                "INSERT INTO mover SELECT e.bucket, e.id, e.version_id, e.block, e.zone, e.person_zone,"
                f" CASE WHEN e.by_hand AND e.last_step_at IS NULL AND NOT e.waited THEN 1 ELSE 0 END, {slice_}"
                " FROM segue_enrollment e WHERE e.due <= :t ORDER BY +e.bucket, +e.id",  # +: by the index of dues
                {"t": t} | ({"batch": self.batch} if found > self.batch else {}),
            )
            for group in self._groups():
                self._move(group, t, now)
            self.session.run("DELETE FROM mover")
            self.ending.finish(t)
        return found

    def _groups(self) -> list[Group]:
        rows = self.session.run(
            "SELECT DISTINCT slice, version_id, block, zone, person_zone, first_by_hand FROM mover ORDER BY 1,"
            " 2, 3, 4, 5, 6"
        )
        if self.order is not None:
            self.order.shuffle(rows)
        return [Group(s, self.rules.versions[v], b, z, p, bool(f)) for s, v, b, z, p, f in rows]

    def _move(self, g: Group, t: int, now: int) -> None:
        block: Block = g.version.pinned.graph.blocks[g.block]
        if now > t and isinstance(block, _EFFECTS):
            # Late: what came in meanwhile is heard first, a stop among it (X12).
            return self._hold(g, now)
        match block:
            case Send():
                self._task(g, _draft(block, g.version), t, now) if block.as_task else self._send(g, block, now)
            case Wait():
                due = durations.after(t, block.length, g.zone, self._calendar(g))
                self._go(g, block.next, due, "waited = TRUE")
            case WaitEvent() | WaitCondition():
                self._wait_until(g, block, t)
            case If():
                self._branch(g, block, t)
            case Set():
                self._set(g, block, now)
            case Task():
                self._task(g, block, t, now)
            case Notify():
                self._notify(g, block, now)
            case EnrollIn():
                self._enroll_in(g, block, now)
            case UnenrollFrom():
                self._unenroll_from(g, block, now)
            case Exit(reason):
                self._end(g, "exit", reason)
            case Finish():
                self._finish(g, t)

    # --- the movement itself ------------------------------------------------------------------

    def _go(
        self,
        g: Group,
        block: int,
        due: int | None,
        also: str = "waited = FALSE",
        where: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Move the group to `block`, to be looked at again at `due`."""
        self.session.bound(
            f"UPDATE segue_enrollment SET block = :next, due = :due, began_at = NULL, {also} WHERE {_MINE}{where}",
            g.values | {"next": block, "due": due} | dict(values or {}),
        )

    def _hold(self, g: Group, until: int | None) -> None:
        """Look again at `until`, at the same block; None: never."""
        self.session.bound(f"UPDATE segue_enrollment SET due = :due WHERE {_MINE}", g.values | {"due": until})

    def _log(
        self,
        g: Group,
        at: int,
        what: str,
        name: str | None,
        outcome: str,
        where: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.session.bound(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, :at, :block, :what, :name, :outcome, NULL {_FROM}{where}",
            g.values | {"at": at, "what": what, "name": name, "outcome": outcome} | dict(values or {}),
        )

    def _step(self, g: Group, block: int, at: int, what: str, name: str) -> None:
        """Note a step done and go on to `block` at once."""
        self._log(g, at, what, name, "done")
        self._go(
            g,
            block,
            at,
            "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label",
            "",
            {"at": at, "label": f"{what} {name}"},
        )

    def _calendar(self, g: Group) -> WorkingCalendar:
        return self.calendars[g.version.pinned.calendar]

    def _open(self, g: Group, at: int, rows: str = "", values: Mapping[str, object] | None = None) -> int | None:
        """The first instant from `at` on at which this group may reach people (X16). None if there never is one: then
        these (all of the group, or `rows`) are set aside and the batch goes on."""
        window = None if g.first_by_hand else g.version.pinned.window
        quiet = self.rules.program.project.limits.quiet_hours
        try:
            return windows.clip(at, window, self._calendar(g), g.zone, quiet, g.person_zone)
        except NeverOpen as never:
            self.session.bound(
                "INSERT INTO ended SELECT e.bucket, e.id, 'errored', 'never_open', :words, NULL, e.block"
                f" {rows or _FROM} ON CONFLICT DO NOTHING",
                g.values | dict(values or {}) | {"words": never.message},
            )
            self.ending.some = True
            return None

    # --- blocks -------------------------------------------------------------------------------

    def _send(self, g: Group, block: Send, now: int) -> None:
        """The outbox row; the enrollment rests here until it is settled."""
        opens = self._open(g, now)
        if opens != now:
            return self._hold(g, opens)
        template = self.rules.program.templates[block.template]
        pinned = g.version.pinned
        automated = pinned.graph.rep_led is not None and g.block < pinned.graph.rep_led
        self.session.bound(
            "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind,"
            " template, topic, sender,"
            " automated, due, state) SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id, e.definition_id,"
            " 'email', :template,"
            f" :topic, e.sender, {'TRUE' if automated else 'FALSE'}, :at, 'planned' {_FROM}",
            g.values | {"template": block.template, "topic": template.topic, "at": now},
        )
        self._log(g, now, "send", block.template, "planned")
        self.session.bound(
            "UPDATE segue_enrollment SET due = NULL, waited = FALSE, began_at = NULL, ordinal = ordinal + 1"
            f" WHERE {_MINE}",
            g.values,
        )

    def _wait_until(self, g: Group, block: WaitEvent | WaitCondition, t: int) -> None:
        """On at once if it has come true, else at the deadline by `else`; at the deadline it still counts (X17)."""
        holds, values = self._come_true(g, block, t)
        of = quoted(g.version.pinned.object)
        true = (
            f" AND EXISTS (SELECT 1 FROM segue_enrollment e CROSS JOIN {of} s WHERE e.bucket = segue_enrollment.bucket"
            f" AND e.id = segue_enrollment.id AND s.bucket = e.bucket AND s.id = e.contact_id AND {holds})"
        )
        # As first statement the wait begins at the trigger event, else now.
        self.session.bound(
            "UPDATE segue_enrollment SET began_at = CASE WHEN ordinal = 0 AND NOT waited THEN enrolled_at ELSE"
            " :t END, resume_due = 0"
            f" WHERE began_at IS NULL AND {_MINE}",
            g.values | {"t": t},
        )
        mine = {"t": t} | values
        self._outcome(g, block.next, t, "wait", "happened", true, mine)
        self._outcome(g, block.timeout, t, "wait", "timeout", " AND began_at IS NOT NULL AND resume_due IS NULL", mine)
        deadline = durations.after(t, block.up_to, g.zone, self._calendar(g))
        self.session.bound(
            "UPDATE segue_enrollment SET due = :due, resume_due = NULL WHERE resume_due = 0 AND began_at IS"
            f" NOT NULL AND block = :block AND {_MINE}",
            g.values | {"due": deadline},
        )

    def _outcome(
        self, g: Group, block: int, t: int, what: str, outcome: str, which: str, values: Mapping[str, object]
    ) -> None:
        """Those of the group that satisfy `which` go to `block`, with a step row."""
        found = self.session.count(
            "INSERT INTO chosen (bucket, id) SELECT bucket, id FROM segue_enrollment WHERE block = :block AND"
            f" due <= :t AND {_MINE}{which}",
            g.values | dict(values) | {"t": t},
        )
        if not found:
            return
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, :what, NULL, :outcome, NULL FROM chosen c CROSS"
            " JOIN segue_enrollment e"
            " WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t, block=g.block, what=what, outcome=outcome,
        )  # fmt: skip
        # `due` moves beyond this pass's reach by the block: the group was cut by the block it had.
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, due = :t, began_at = NULL, resume_due = NULL, waited ="
            " TRUE, ordinal = ordinal + 1"
            " WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            next=block,
            t=t,
        )
        self.session.run("DELETE FROM chosen")

    def _come_true(self, g: Group, block: WaitEvent | WaitCondition, t: int) -> tuple[str, dict[str, object]]:
        if isinstance(block, WaitCondition):
            judged = self.rules.branches[(g.version.id, g.block)]
            return judged.predicate.sql, judged.predicate.at(t)
        params = Params()
        return waited_for(self.rules, block.events, g.version.pinned.object, params), params.at(t)

    def _branch(self, g: Group, block: If, t: int) -> None:
        judged = self.rules.branches[(g.version.id, g.block)]
        # Enrollment first, then its record: the other way round SQLite walks all records of a bucket for each.
        holds = (
            f"CASE WHEN EXISTS (SELECT 1 FROM segue_enrollment e CROSS JOIN {quoted(judged.object)} s WHERE"
            " e.bucket = q.bucket"
            f" AND e.id = q.id AND s.bucket = e.bucket AND s.id = e.contact_id AND {judged.predicate.sql}) THEN"
            " '1' ELSE '0' END"
        )
        values = judged.predicate.at(t)
        self.session.bound(
            f"INSERT INTO chosen (bucket, id, value) SELECT q.bucket, q.id, {holds} FROM mover q WHERE"
            f" {_HERE.replace('m.', 'q.')}",
            g.values | values,
        )
        self.session.bound(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'branch', NULL, CASE WHEN c.value = '1' THEN"
            " 'then' ELSE 'else' END, NULL"
            " FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            {"t": t, "block": g.block},
        )
        self.session.bound(
            "UPDATE segue_enrollment AS e SET block = CASE WHEN c.value = '1' THEN :then ELSE :otherwise END,"
            " due = :t, began_at = NULL,"
            # +: SQLite must walk the chosen, not all enrollments.
            " ordinal = e.ordinal + 1 FROM chosen c WHERE e.bucket = +c.bucket AND e.id = +c.id",
            {"then": block.then, "otherwise": block.otherwise, "t": t},
        )
        self.session.run("DELETE FROM chosen")

    def _set(self, g: Group, block: Set, now: int) -> None:
        """A write is an inbox row: the next pass sees it. No record there: skipped, and on (X23)."""
        kind = self.rules.scope.schema.objects[block.object].properties[block.property].type.kind
        params = Params()
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        if isinstance(block.value, Text):
            value, folded = self.texts.choose(
                block.value, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {_HERE}", g.values, now
            )
            joined = " CROSS JOIN chosen c"
            where = " AND c.bucket = e.bucket AND c.id = e.id"
        else:
            value, joined, where = values.sql(block.value, "s"), "", ""
            folded = values.sql(block.value, "s", fold=True) if kind is Kind.TEXT else ""
        target, bucket = self._target(g, block, values)
        pairs = [("v", value)] + ([("n", folded)] if kind is Kind.TEXT else [])
        rows = (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s{joined}"
            f" WHERE {_HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id ="
            f" e.contact_id{where}"
        )
        self.session.bound(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            f" SELECT {bucket}, :now, {_KEY}, e.contact_id, 'set', :object, {target}, :property, '',"
            f" {json_object(self.session.dialect, pairs)}, TRUE, :now {rows} AND {target} IS NOT NULL",
            params.constants | g.values | {"now": now, "object": block.object, "property": block.property},
        )
        name = ".".join((*block.path, block.property))
        outcome = f"CASE WHEN {target} IS NULL THEN :skipped ELSE 'done' END"
        self.session.bound(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, :now, :block, 'set', :name, {outcome}, NULL {rows}",
            params.constants | g.values | {"now": now, "name": name, "skipped": f"skipped(no {block.object})"},
        )
        self._go(
            g,
            block.next,
            now,
            "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label",
            "",
            {"at": now, "label": f"set {name}"},
        )
        if joined:
            self.session.run("DELETE FROM chosen")

    def _target(self, g: Group, block: Set, values: Values) -> tuple[str, str]:
        """SQL of the id and bucket of the record a `set` writes to."""
        if not block.path:
            return "s.id", "s.bucket"
        joins, end = values.hops(block.path, g.version.pinned.object, "s")
        return f"(SELECT {end}.id {joins} LIMIT 1)", f"(SELECT {end}.bucket {joins} LIMIT 1)"

    # --- people -------------------------------------------------------------------------------

    def _assignee(self, g: Group, to: UserRef | None, params: Params) -> str:
        """A sequence's tasks go to the enroller; a workflow's to `to`, else the owner, else nobody (X21)."""
        if g.version.pinned.kind == "sequence":
            return "e.enrolled_by"
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        if to is not None:
            return values.sql(to.value, "s")
        return 's."owner"' if "owner" in self.rules.scope.schema.objects[g.version.pinned.object].properties else "NULL"

    def _task(self, g: Group, block: Task, t: int, now: int) -> None:
        """Made at `tasks_at` of the day when reached by a wait, in the assignee's zone, in the window (X13, X16)."""
        params = Params()
        assignee = self._assignee(g, block.to, params)
        of = quoted(g.version.pinned.object)
        rows = (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {of} s WHERE {_HERE} AND e.bucket ="
            " m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id = e.contact_id"
        )
        who = self.session.bound(
            f"SELECT DISTINCT q.assignee, u.time_zone, q.waited FROM (SELECT {assignee} AS assignee, e.waited {rows}) q"
            " LEFT JOIN segue_user u ON u.name = q.assignee",
            params.constants | g.values,
        )
        for user, zone, waited in who:
            same = (
                f"({assignee} = :user OR ({assignee} IS NULL AND :user IS NULL)) AND {'' if waited else 'NOT '}e.waited"
            )
            values = params.constants | g.values | {"user": user}
            place = zones.resolve((zone,), self.rules.scope.zone)
            self._assigned(g, block, bool(waited), place, f"{rows} AND {same}", values, assignee, now)
        self._settle_tasks(g, block, now)

    def _assigned(
        self,
        g: Group,
        block: Task,
        waited: bool,
        zone: str,
        rows: str,
        values: dict[str, object],
        assignee: str,
        now: int,
    ) -> None:
        pinned = g.version.pinned
        at = now
        if waited and pinned.tasks_at is not None:
            at = max(now, windows.at_minute(now, pinned.tasks_at, zone))
        opens = self._open(g, at, rows, values)
        if opens != now:
            self.session.bound(
                f"UPDATE segue_enrollment SET due = :due WHERE (bucket, id) IN (SELECT e.bucket, e.id {rows})",
                values | {"due": opens},
            )
            return
        calendar = self._calendar(g)
        due = (
            durations.after(now, block.due_in, zone, calendar)
            if block.due_in
            else zones.day_start(zones.local_day(now, zone) + 1, zone) - zones.MINUTE
        )
        remind = windows.at_minute(due, pinned.remind_at, zone) if pinned.remind_at is not None else None
        title, _ = self.texts.choose(block.title, pinned.object, f"SELECT e.bucket, e.id {rows}", values, now)
        holds = block.waits and pinned.kind == "sequence"
        self.session.bound(
            "INSERT INTO segue_task (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, title,"
            " template, assignee, priority,"
            " created_at, due_at, remind_at, waits, block, name, state)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id, e.definition_id, :kind, {title}, :template,"
            f" {assignee}, :priority,"
            f" :now, :due, :remind, {'TRUE' if holds else 'FALSE'}, :block, :name, 'open'"
            f" {rows.replace(' WHERE ', ' CROSS JOIN chosen c WHERE c.bucket = e.bucket AND c.id = e.id AND ', 1)}",
            values
            | {
                "kind": block.kind,
                "template": block.template,
                "priority": block.priority,
                "now": now,
                "due": due,
                "remind": remind,
                "name": block.name,
            },
        )
        self.session.run("DELETE FROM chosen")

    def _settle_tasks(self, g: Group, block: Task, now: int) -> None:
        """Those whose task was made go on, or hold until it is done."""
        pinned = g.version.pinned
        made = (
            " AND EXISTS (SELECT 1 FROM segue_task k WHERE k.bucket = {0}.bucket AND k.enrollment_id = {0}.id"
            " AND k.ordinal = {0}.ordinal + 1)"
        )
        self._log(g, now, "task", block.kind, "created", made.format("e"))
        label = {"at": now, "label": f"task {block.kind}"}
        also = "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label"
        if block.waits and pinned.kind == "sequence":
            self._go(g, g.block, None, also + ", status = 'waiting_task'", made.format("segue_enrollment"), label)
        else:
            self._go(g, block.next, now, also, made.format("segue_enrollment"), label)

    def _notify(self, g: Group, block: Notify, now: int) -> None:
        opens = self._open(g, now)
        if opens != now:
            return self._hold(g, opens)
        params = Params()
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        words, _ = self.texts.choose(
            block.text, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {_HERE}", g.values, now
        )
        self.session.bound(
            "INSERT INTO segue_notification (bucket, enrollment_id, ordinal, contact_id, recipient, words, at)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id, {values.sql(block.to.value, 's')}, {words}, :now"
            f" FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s CROSS"
            " JOIN chosen c"
            f" WHERE {_HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id = e.contact_id"
            " AND c.bucket = e.bucket AND c.id = e.id",
            params.constants | g.values | {"now": now},
        )
        self.session.run("DELETE FROM chosen")
        self._step(g, block.next, now, "notify", "")

    def _command(self, g: Group, kind: str, target: str, payload: str, now: int) -> None:
        self.session.bound(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            f" SELECT e.bucket, :now, {_KEY}, e.contact_id, :kind, :object, e.contact_id, :target, '',"
            f" {payload}, TRUE, :now {_FROM}",
            g.values | {"now": now, "kind": kind, "object": g.version.pinned.object, "target": target},
        )

    def _enroll_in(self, g: Group, block: EnrollIn, now: int) -> None:
        """By the same enroller; not by hand (X16, X20)."""
        by = json_object(self.session.dialect, [("by", "e.enrolled_by")])
        self._command(g, "enroll", f"{block.kind} {block.name}", by, now)
        self._step(g, block.next, now, "enroll", f"{block.kind} {block.name}")

    def _unenroll_from(self, g: Group, block: UnenrollFrom, now: int) -> None:
        self._command(g, "unenroll", f"{block.kind} {block.name}", "'{}'", now)
        self._step(g, block.next, now, "unenroll", f"{block.kind} {block.name}")

    # --- ends ---------------------------------------------------------------------------------

    def _end(self, g: Group, reason: str, detail: str | None) -> None:
        self.session.bound(
            "INSERT INTO ended SELECT m.bucket, m.id, 'finished', :reason, :detail, NULL, m.block FROM mover m"
            f" WHERE {_HERE} ON CONFLICT DO NOTHING",
            g.values | {"reason": reason, "detail": detail},
        )
        self.ending.some = True

    def _finish(self, g: Group, t: int) -> None:
        """The end of the body. After the last automated mail of a dynamic sequence: the grace period first (D6)."""
        pinned = g.version.pinned
        entry = pinned.graph.rep_led
        if entry is None or g.block >= entry:
            return self._end(g, "no_reply" if pinned.kind == "sequence" else "completed", None)
        grace = durations.after(t, pinned.grace or DEFAULT_GRACE, g.zone, self._calendar(g))
        self.session.bound(
            f"INSERT INTO ended SELECT m.bucket, m.id, 'finished', 'no_engagement', NULL, NULL, m.block {_FROM}"
            " AND e.began_at IS NOT NULL ON CONFLICT DO NOTHING",
            g.values,
        )
        self.ending.some = True
        self.session.bound(
            f"UPDATE segue_enrollment SET began_at = :t, due = :due WHERE began_at IS NULL AND {_MINE}",
            g.values | {"t": t, "due": grace},
        )


# What a step's inbox row is called: unique, and the cause that the property history names.
_KEY = "'step ' || CAST(e.bucket AS TEXT) || '/' || CAST(e.id AS TEXT) || '/' || CAST(e.ordinal + 1 AS TEXT)"


def _draft(block: Send, version: Version) -> Task:
    """`send T as task`: a task of kind e-mail that holds the draft."""
    return Task(
        "email", Text((block.template,)), block.next, template=block.template, waits=version.pinned.kind == "sequence"
    )
