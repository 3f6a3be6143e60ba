"""One step of one enrollment (X8, X12, X18, S21, S22)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dsl.program import blocks as b
from dsl.program import conditions as c
from dsl.schema.model import TopicKind
from runtime.store.ids import record_id
from tests.runtime.engine.arms import arm_of
from tests.runtime.engine.dates import Moment

from .clocks import clock
from .effects import Effects
from .limits import Waiting
from .people import Enrollment, Event, Person


class Steps(Effects):
    def advance(self, e: Enrollment, t: Moment) -> None:
        match block := self.block(e):
            case b.Wait() | b.WaitEvent() | b.WaitCondition() | b.WaitClock() | b.WaitDate():
                self.wait(e, block, t)
            case b.If() | b.Split():
                self.choose(e, block, t)
            case b.Send(as_task=False):
                self.plan_mail(e, block, t)
            case b.SendTo():
                self.plan_mails(e, block, t)
            case b.Task():
                self.task(e, block, t)
            case b.Notify() | b.Slack() | b.Webhook():
                self.call(e, block, t)
            case b.Exit():
                self.ending.append((e, "finished", "exit"))
            case b.Finish():
                self.finish(e, t)
            case _:
                self.effect(e, block, t)

    def choose(self, e: Enrollment, block: b.If | b.Split, t: Moment) -> None:
        if isinstance(block, b.If):
            then = self.holds(block.condition, e.person, t, e)
            what, name, next_ = "branch", "then" if then else "else", block.then if then else block.otherwise
        else:
            arm = block.arms[arm_of(e.definition.name, block, record_id("contact", e.person.name))]
            what, name, next_ = "split", arm.name, arm.next
        e.block, e.due, e.began = next_, t, None
        self.note(e, t, what, None, name)

    def not_before(self, e: Enrollment, at: Moment, t: Moment) -> bool:
        """Whether it has to wait until then."""
        if at > t:
            e.due, e.began = at, e.began or t
        return at > t

    # --- mail ---------------------------------------------------------------------------------

    def plan_mail(self, e: Enrollment, block: b.Send, t: Moment) -> None:
        if self.not_before(e, self.opens(e, t, self.zone_of(e), mail=True), t):
            return
        self.note(e, t, "send", block.template, "planned")
        entry = e.definition.pinned.graph.rep_led
        e.sent[e.ordinal] = entry is not None and e.block < entry
        e.due, e.waited, e.began = None, False, None
        self.resting.append((e, e.person))

    def plan_mails(self, e: Enrollment, block: b.SendTo, t: Moment) -> None:
        """To whom it applies in the company (X20); the window is the enrollment's, quiet hours are theirs."""
        if self.not_before(e, self.opens(e, t, self.zone_of(e)), t):
            return
        assert block.path == ("company", "contact") and block.condition is not None
        mates = [p for p in self.alive() if p.company is not None and p.company == e.person.company]
        found = [p for p in mates if e.person.exists and self.holds(block.condition, p, t, e)]
        for _ in found:
            self.note(e, t, "send", block.template, "planned")
        if not found:
            self.note(e, t, "send", block.template, "skipped(no contact)")
            e.block, e.due, e.waited, e.began = block.next, t, False, None
            return
        e.due, e.waited, e.began = None, False, None
        self.resting += [(e, p) for p in sorted(found, key=lambda p: record_id("contact", p.name))]

    def settle(self, w: Waiting, t: Moment, skipped: str | None = None) -> None:
        """`skipped`: by the frequency cap, which ends no sequence. Who rests at several goes on after the last."""
        e, block = w.enrollment, w.block
        refused = skipped or self.send_refused(w.to, block)
        self.note(e, t, "send", block.template, "refused" if refused else "sent")
        if refused and not skipped and e.definition.kind == "sequence":
            self.end(e, t, "unenrolled", refused)
            return
        if not refused:
            self.queue.append(("event", (w.to, Event(t, "received_email", {"template": block.template}))))
        if not self.mails.left(e):
            e.block, e.due, e.waited = block.next, t, False

    def send_refused(self, to: Person, block: b.Send | b.SendTo) -> str | None:
        if not to.exists or not to.props.get("email"):
            return "no_address"
        topic = self.program.schema.topics[self.program.templates[block.template].topic]
        if topic.kind is TopicKind.MARKETING and self.program.project.consent == "strict":
            return "no_consent"
        if any(
            v.kind in ("unsubscribed", "marked_spam") or (v.kind == "bounced" and v.fields.get("kind") == "hard")
            for v in self.said(to)
        ):
            return "suppressed"
        return None

    # --- tasks and calls ----------------------------------------------------------------------

    def task(self, e: Enrollment, block: b.Task, t: Moment) -> None:
        if self.not_before(e, self.opens(e, self.task_at(e, t), self.zone_of(e)), t):
            return
        self.note(e, t, "task", block.kind, "created")
        e.waited, e.began = False, None
        if block.waits and e.definition.pinned.kind == "sequence":
            e.status, e.due = "waiting_task", None
        else:
            e.block, e.due = block.next, t

    def task_at(self, e: Enrollment, t: Moment) -> Moment:
        """After a wait, at the hour at which the sender's tasks are due (S22)."""
        pinned = e.definition.pinned
        if not e.waited or e.began is not None or pinned.tasks_at is None:
            return t
        user = self.program.project.users.get(e.sender or "") if pinned.kind == "sequence" else None
        theirs = ZoneInfo(user.time_zone) if user and user.time_zone else self.zone
        return max(t, clock(t.astimezone(theirs).date(), pinned.tasks_at, theirs))

    def call(self, e: Enrollment, block: b.Notify | b.Slack | b.Webhook, t: Moment) -> None:
        """Nobody rests there; a webhook is called at any hour."""
        if not isinstance(block, b.Webhook) and self.not_before(e, self.opens(e, t, self.zone_of(e)), t):
            return
        if isinstance(block, b.Notify):
            self.on(e, block.next, t, "notify", "")
            return
        what = "slack" if isinstance(block, b.Slack) else "webhook"
        self.note(e, t, what, block.channel, "planned")
        e.block, e.due, e.waited, e.began = block.next, t, False, None
        self.note(e, t, what, block.channel, "sent")

    # --- the end ------------------------------------------------------------------------------

    def finish(self, e: Enrollment, t: Moment) -> None:
        pinned = e.definition.pinned
        entry = pinned.graph.rep_led
        if entry is None or e.block >= entry:
            self.ending.append((e, "finished", "no_reply" if pinned.kind == "sequence" else "completed"))
        elif e.began is None:
            grace = pinned.grace or c.Duration(5, c.Unit.BUSINESS_DAYS)
            e.began, e.due = t, self.later(t, grace, self.zone_of(e))
        else:
            self.ending.append((e, "finished", "no_engagement"))
