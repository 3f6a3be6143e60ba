"""What reaches people: mails into the outbox, tasks, notifications, in their windows (X16). Quiet hours are the mailed
person's: they hold mail, and neither tasks nor notifications of those who work here."""

from __future__ import annotations

from dsl.program.blocks import Notify, Send, Task, Text, UserRef

from ...query.scope import Params
from ...query.values import Values
from ...store.names import quoted
from ...times import durations, windows, zones
from ..rows import STEPPED
from ..rules import Version
from .moving import HERE, Group, Moving


class People(Moving):
    """`claims_at_once`: this worker, where mail planned in its hours is claimed by that; `claimed` counts them until
    they are dispatched."""

    claims_at_once: str | None = None
    claimed = 0

    def send(self, g: Group, block: Send, now: int) -> None:
        """The outbox row; the enrollment rests here until it is settled. `send T as task` is a task with a draft."""
        if block.as_task:
            return self.task(g, _draft(block, g.version), now)
        opens = self.open(g, now)
        if opens != now:
            return self.closed(g, opens, now)
        template = self.rules.program.templates[block.template]
        pinned = g.version.pinned
        automated = pinned.graph.rep_led is not None and g.block < pinned.graph.rep_led
        owner = self.claims_at_once
        effect = (
            "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, template,"
            " topic, sender, automated, due, state, owner) SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id,"
            f" e.definition_id, 'email', :name, :topic, e.sender, {'TRUE' if automated else 'FALSE'}, :at,"
            " :state, :owner"
        )
        kept = "" if owner is None else ", rests = due"
        sets = f"due = NULL{kept}, began_at = NULL, ordinal = ordinal + 1"
        said = {"at": now, "what": "send", "name": block.template, "outcome": "planned"}
        state = "planned" if owner is None else "claimed"
        found = self.take(g, sets, said | {"topic": template.topic, "state": state, "owner": owner}, effect)
        self.claimed += found if owner is not None else 0

    def _assignee(self, g: Group, to: UserRef | None, params: Params) -> str:
        """A sequence's tasks go to the enroller; a workflow's to `to`, else the owner, else nobody (X21)."""
        if g.version.pinned.kind == "sequence":
            return "e.enrolled_by"
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        if to is not None:
            return values.sql(to.value, "s")
        return 's."owner"' if "owner" in self.rules.scope.schema.objects[g.version.pinned.object].properties else "NULL"

    def task(self, g: Group, block: Task, now: int) -> None:
        """Made at `tasks_at` of the day when reached by a wait, in the assignee's zone, in the window (X13, X16)."""
        params = Params()
        assignee = self._assignee(g, block.to, params)
        of = quoted(g.version.pinned.object)
        rows = (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {of} s WHERE {HERE} AND e.bucket ="
            " m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id = e.contact_id"
        )
        # `tasks_at` is that of the day of the wait's end: who was held until it, or by the window, looks at it no more.
        after_wait = "(e.waited AND e.began_at IS NULL)"
        who = self.session.bound(
            f"SELECT DISTINCT q.assignee, u.time_zone, q.waited FROM (SELECT {assignee} AS assignee, {after_wait} AS"
            f" waited {rows}) q LEFT JOIN segue_user u ON u.name = q.assignee",
            params.constants | g.values,
        )
        for user, zone, waited in who:
            whose = f"({assignee} = :user OR ({assignee} IS NULL AND :user IS NULL))"
            same = f"{whose} AND {'' if waited else 'NOT '}{after_wait}"
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
        opens = self.open(g, at, rows, values, quiet=False)
        if opens != now:
            self.session.bound(
                "UPDATE segue_enrollment SET due = :due, began_at = coalesce(began_at, :now)"
                f" WHERE (bucket, id) IN (SELECT e.bucket, e.id {rows})",
                values | {"due": opens, "now": now},
            )
            return
        title, _ = self.texts.choose(block.title, pinned.object, f"SELECT e.bucket, e.id {rows}", values, now)
        due, remind = self._times(g, block, zone, now)
        chosen = rows.replace(" WHERE ", " CROSS JOIN chosen c WHERE c.bucket = e.bucket AND c.id = e.id AND ", 1)
        made = {"kind": block.kind, "template": block.template, "priority": block.priority, "name": block.name}
        self.session.bound(
            "INSERT INTO segue_task (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, title, template,"
            " assignee, priority, created_at, due_at, remind_at, waits, block, name, state)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id, e.definition_id, :kind, {title}, :template,"
            f" {assignee}, :priority, :now, :due, :remind, {'TRUE' if _holds(g, block) else 'FALSE'}, :block, :name,"
            f" 'open' {chosen}",
            values | made | {"now": now, "due": due, "remind": remind},
        )
        self.session.run("DELETE FROM chosen")

    def _times(self, g: Group, block: Task, zone: str, now: int) -> tuple[int, int | None]:
        """When it is due (`due in`, else by the end of its day; S21) and when the reminder comes."""
        end_of_day = zones.day_start(zones.local_day(now, zone) + 1, zone) - zones.MINUTE
        due = durations.after(now, block.due_in, zone, self.calendar(g)) if block.due_in else end_of_day
        at = g.version.pinned.remind_at
        return due, windows.at_minute(due, at, zone) if at is not None else None

    def _settle_tasks(self, g: Group, block: Task, now: int) -> None:
        """Those whose task was made go on, or hold until it is done."""
        made = (
            " AND EXISTS (SELECT 1 FROM segue_task k WHERE k.bucket = {0}.bucket AND k.enrollment_id = {0}.id"
            " AND k.ordinal = {0}.ordinal + 1)"
        )
        self.log(g, now, "task", block.kind, "created", made.format("e"))
        label = {"at": now, "label": f"task {block.kind}"}
        also = STEPPED
        if _holds(g, block):
            self.go(g, g.block, None, also + ", status = 'waiting_task'", made.format("segue_enrollment"), label)
        else:
            self.go(g, block.next, now, also, made.format("segue_enrollment"), label)

    def notify(self, g: Group, block: Notify, now: int) -> None:
        opens = self.open(g, now, quiet=False)
        if opens != now:
            return self.closed(g, opens, now)
        params = Params()
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        words, _ = self.texts.choose(
            block.text, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}", g.values, now
        )
        self.session.bound(
            "INSERT INTO segue_notification (bucket, enrollment_id, ordinal, contact_id, recipient, words, at)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id, {values.sql(block.to.value, 's')}, {words}, :now"
            f" FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s CROSS"
            " JOIN chosen c"
            f" WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id = e.contact_id"
            " AND c.bucket = e.bucket AND c.id = e.id",
            params.constants | g.values | {"now": now},
        )
        self.session.run("DELETE FROM chosen")
        self.step(g, block.next, now, "notify", "")


def _holds(g: Group, block: Task) -> bool:
    """Whether what follows waits for the task; in a workflow it never does (X22)."""
    return block.waits and g.version.pinned.kind == "sequence"


def _draft(block: Send, version: Version) -> Task:
    """`send T as task`: a task of kind e-mail that holds the draft."""
    return Task(
        "email", Text((block.template,)), block.next, template=block.template, waits=version.pinned.kind == "sequence"
    )
