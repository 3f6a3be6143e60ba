"""Waits, branches and ends: blocks that decide and touch nothing outside."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.blocks import If, Split, Wait, WaitCondition, WaitEvent
from dsl.program.conditions import Duration, Unit

from ...query.scope import Params
from ...store.names import quoted
from ...times import durations
from ...times.zones import MINUTE
from ..judging.waking import waited_for
from ..rows import STEP
from .moving import FROM, HERE, MINE, Group, Moving
from .splits import arm_sql

DEFAULT_GRACE = Duration(5, Unit.BUSINESS_DAYS)  # D6


class Waits(Moving):
    def wait(self, g: Group, block: Wait, t: int) -> None:
        due = durations.after(t, block.length, g.zone, self.calendar(g))
        self.go(g, block.next, due, "waited = TRUE")

    def wait_until(self, g: Group, block: WaitEvent | WaitCondition, t: int) -> None:
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
            f" WHERE began_at IS NULL AND {MINE}",
            g.values | {"t": t},
        )
        self._deadlines(g, block)
        mine = {"t": t} | values
        self._outcome(g, block.next, t, "wait", "happened", true, mine)
        self._outcome(g, block.timeout, t, "wait", "timeout", " AND began_at IS NOT NULL AND resume_due IS NULL", mine)
        self.session.bound(
            "UPDATE segue_enrollment SET due = resume_due, resume_due = NULL WHERE resume_due IS NOT NULL AND"
            f" block = :block AND {MINE}",
            g.values,
        )

    def _deadlines(self, g: Group, block: WaitEvent | WaitCondition) -> None:
        """`up to D` counts from the very instant the wait began, seconds included; days are counted once a minute."""
        new = f"resume_due = 0 AND block = :block AND {MINE}"
        began = self.session.bound(
            f"SELECT DISTINCT began_at - began_at % :minute FROM segue_enrollment WHERE {new}",
            g.values | {"minute": MINUTE},
        )
        for (at,) in began:
            self.session.bound(
                "UPDATE segue_enrollment SET resume_due = :deadline + (began_at - :at)"
                f" WHERE began_at - began_at % :minute = :at AND {new}",
                g.values
                | {"at": at, "minute": MINUTE, "deadline": durations.after(at, block.up_to, g.zone, self.calendar(g))},
            )

    def _outcome(
        self, g: Group, block: int, t: int, what: str, outcome: str, which: str, values: Mapping[str, object]
    ) -> None:
        """Those of the group that satisfy `which` go to `block`, with a step row."""
        found = self.session.count(
            "INSERT INTO chosen (bucket, id) SELECT bucket, id FROM segue_enrollment WHERE block = :block AND"
            f" due <= :t AND {MINE}{which}",
            g.values | dict(values) | {"t": t},
        )
        if not found:
            return
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, :what, NULL, :outcome, NULL FROM chosen c CROSS"
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
        # At the deadline itself an event still counts, a second later it does not.
        until = "coalesce(e.resume_due, e.due)"
        return waited_for(self.rules, block.events, g.version.pinned.object, params, until), params.at(t)

    def branch(self, g: Group, block: If, t: int) -> None:
        judged = self.rules.branches[(g.version.id, g.block)]
        # Of a record that is gone nothing holds.
        holds = f"CASE WHEN s.id IS NOT NULL AND {judged.predicate.sql} THEN '1' ELSE '0' END"
        self.session.bound(
            f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, {holds} FROM mover m CROSS JOIN"
            f" segue_enrollment e LEFT JOIN {quoted(judged.object)} s ON s.bucket = e.bucket AND s.id = e.contact_id"
            f" WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id",
            g.values | judged.predicate.at(t),
        )
        self.session.bound(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'branch', NULL, CASE WHEN c.value = '1' THEN"
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

    def split(self, g: Group, block: Split, t: int) -> None:
        """Each record to its own arm, the same for ever (X19)."""
        name = self.rules.by_id[g.version.definition_id].definition.name
        arm = arm_sql(name, block, "e.contact_id")
        self.session.bound(f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, {arm} {FROM}", g.values)
        names: dict[str, object] = {f"name{i}": arm.name for i, arm in enumerate(block.arms)}
        places: dict[str, object] = {f"next{i}": arm.next for i, arm in enumerate(block.arms)}
        self.session.bound(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'split', NULL,"
            f" {_by_arm('name', len(names))}, NULL"
            " FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            {"t": t, "block": g.block} | names,
        )
        self.session.bound(
            f"UPDATE segue_enrollment AS e SET block = {_by_arm('next', len(places))}, due = :t, began_at = NULL,"
            # +: SQLite must walk the chosen, not all enrollments.
            " ordinal = e.ordinal + 1 FROM chosen c WHERE e.bucket = +c.bucket AND e.id = +c.id",
            {"t": t} | places,
        )
        self.session.run("DELETE FROM chosen")

    def end(self, g: Group, reason: str, detail: str | None) -> None:
        self.ending.gather(
            f"SELECT m.bucket, m.id, 'finished', :reason, :detail, NULL, m.block FROM mover m WHERE {HERE}",
            g.values | {"reason": reason, "detail": detail},
        )

    def finish(self, g: Group, t: int) -> None:
        """The end of the body. After the last automated mail of a dynamic sequence: the grace period first (D6)."""
        pinned = g.version.pinned
        entry = pinned.graph.rep_led
        if entry is None or g.block >= entry:
            return self.end(g, "no_reply" if pinned.kind == "sequence" else "completed", None)
        grace = durations.after(t, pinned.grace or DEFAULT_GRACE, g.zone, self.calendar(g))
        self.ending.gather(
            f"SELECT m.bucket, m.id, 'finished', 'no_engagement', NULL, NULL, m.block {FROM}"
            " AND e.began_at IS NOT NULL",
            g.values,
        )
        self.session.bound(
            f"UPDATE segue_enrollment SET began_at = :t, due = :due WHERE began_at IS NULL AND {MINE}",
            g.values | {"t": t, "due": grace},
        )


def _by_arm(prefix: str, arms: int) -> str:
    """SQL: the value of the arm that was chosen."""
    return "CASE c.value " + " ".join(f"WHEN '{i}' THEN :{prefix}{i}" for i in range(arms)) + " END"
