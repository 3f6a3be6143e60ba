"""Whether an expectation holds, and in what words it is told that it does not."""

from __future__ import annotations

from dsl.program.conditions import Const
from dsl.program.tests import (
    Effect,
    ExpectCall,
    ExpectConsent,
    ExpectCreated,
    ExpectEnded,
    ExpectFields,
    ExpectFinding,
    ExpectLink,
    ExpectMail,
    ExpectMember,
    ExpectNote,
    ExpectNotice,
    ExpectRow,
    ExpectTask,
    Person,
)

from ..query.scope import Params
from ..query.values import Values
from ..reading.values import shown
from ..store.names import quoted
from . import looked_at, ties
from .acts import storage
from .happened import Key, Mail, Notice, Task, Write
from .judging_effects import JudgedEffects, shortened, words_of
from .outcome import Failure
from .standing import named

_HUNDREDTH = 0.005

Single = ExpectMail | ExpectTask | ExpectNotice | ExpectFields | ExpectMember | ExpectEnded | Effect


class Judge(JudgedEffects):
    """Judges the expectations of one place in a test by all that happened up to it."""

    def __call__(self, expected: Single) -> Failure | None:
        match expected:
            case ExpectMail():
                return self._mail(expected)
            case ExpectTask():
                return self._task(expected)
            case ExpectNotice():
                return self._notice(expected)
            case ExpectFields():
                return self._fields(expected)
            case ExpectMember():
                return self.member(expected)
            case ExpectEnded():
                return self.ended(expected)
            case _:
                return self._effect(expected)

    def _effect(self, expected: Effect) -> Failure | None:
        match expected:
            case ExpectCall():
                return self.call(expected)
            case ExpectNote():
                return self.note(expected)
            case ExpectCreated():
                return self.created(expected)
            case ExpectLink():
                return ties.link(self.stage, expected)
            case ExpectConsent():
                return self.consent(expected)
            case ExpectRow():
                return looked_at.row(self.stage, expected)
            case ExpectFinding():
                return looked_at.finding(self.stage, expected)
            case _:
                return looked_at.snippet(self.stage, expected)

    # --- does a thing that happened satisfy an expectation? ------------------------------------

    def is_mail(self, e: ExpectMail, mail: Mail) -> bool:
        at = e.at is None or self.stage.local(mail.at) == e.at.replace("T", " ")
        same = mail.who == self.stage.id_of(e.who) and mail.template == e.template
        sent = same and mail.state == "sent" and at and e.source in (None, mail.source)
        return sent and (e.said is None or e.said.fits(self.happened.words(mail)))

    def is_task(self, e: ExpectTask, task: Task) -> bool:
        same = task.who == self.stage.id_of(e.who) and task.kind == e.kind
        fits = (e.said is None or e.said.fits(task.title)) and e.priority in (None, task.priority)
        times = self._is_at(e.due, task.due) and self._is_at(e.reminded, task.reminded)
        return same and fits and times and e.assigned in (None, task.assignee) and e.source in (None, task.source)

    def _is_at(self, wanted: str | None, at: int | None) -> bool:
        """A minute, or any time of a day."""
        return wanted is None or (at is not None and self.stage.local(at).startswith(wanted.replace("T", " ")))

    def is_notice(self, e: ExpectNotice, notice: Notice) -> bool:
        fits = e.said is None or e.said.fits(notice.words)
        return notice.user == e.user and fits and e.source in (None, notice.source)

    def is_write(self, e: ExpectFields, write: Write) -> bool:
        own = write.who == self.stage.id_of(e.who) if not write.path else self._leads(write, e.who)
        named = write.property in {name for name, _ in e.fields} and write.object == e.who.object
        return own and named and e.source in (None, write.source)

    def _leads(self, write: Write, who: Person) -> bool:
        """Whether the path of a write ends at that record."""
        of = self.stage.people[write.who].object
        values = Values(self.stage.engine.rules.scope, Params())
        joins, end = values.hops(write.path, of, "s")
        rows = self.stage.session.run(
            f"SELECT (SELECT {end}.id {joins} LIMIT 1) FROM {quoted(of)} s WHERE s.bucket = :b AND s.id = :id",
            b=write.who % 256,
            id=write.who,
        )
        return bool(rows) and rows[0][0] == self.stage.id_of(who)

    # --- mails, tasks, notifications -----------------------------------------------------------

    def _mail(self, e: ExpectMail) -> Failure | None:
        theirs = [m for m in self.happened.mails() if m.who == self.stage.id_of(e.who)]
        fitting = [m for m in theirs if self.is_mail(e, m)]
        if bool(fitting) is not e.negated:
            return None
        what = f"`{e.template}`" + _at(e.at) + words_of(e.said) + _from(e.source)
        if e.negated:
            return Failure(e.span, f"`{e.who.name}` has received {what}", self._sent(fitting[0], "sent"))
        same = [m for m in theirs if m.template == e.template]
        sent = [m for m in same if m.state == "sent"]
        if e.said is not None and sent:
            return Failure(e.span, f"`{e.who.name}` has not received {what}", "; ".join(map(self._read, sent)))
        return Failure(e.span, f"`{e.who.name}` has not received {what}", self._other_mail(same, theirs))

    def _read(self, mail: Mail) -> str:
        return f'{self._sent(mail, "sent")}: "{shortened(self.happened.words(mail))}"'

    def _other_mail(self, same: list[Mail], theirs: list[Mail]) -> str:
        sent = [m for m in same if m.state == "sent"]
        if sent:
            return "; ".join(self._sent(m, "sent") for m in sent)
        if same:
            last = same[-1]
            reason = f" ({last.reason})" if last.reason else ""
            return self._sent(last, f"{last.state}{reason}")
        others = [f"`{m.template}`" for m in theirs if m.state == "sent"]
        return f"received {' and '.join(others)} instead" if others else "no mail was sent to them"

    def _sent(self, mail: Mail, word: str) -> str:
        return f"{word} at {self.stage.local(mail.at)}{_by(mail.source)}"

    def _task(self, e: ExpectTask) -> Failure | None:
        theirs = [t for t in self.happened.tasks() if t.who == self.stage.id_of(e.who)]
        fitting = [t for t in theirs if self.is_task(e, t)]
        if bool(fitting) is not e.negated:
            return None
        to = f" assigned to `{e.assigned}`" if e.assigned else ""
        due = f" due {e.due.replace('T', ' ')}" if e.due else ""
        due += f" reminded {e.reminded.replace('T', ' ')}" if e.reminded else ""
        as_ = f" with priority `{e.priority}`" if e.priority else ""
        what = f"task `{e.kind}` for `{e.who.name}`{to}{due}{as_}{words_of(e.said)}{_from(e.source)}"
        if e.negated:
            return Failure(e.span, f"there is a {what}", self._made(fitting[0]))
        same = [t for t in theirs if t.kind == e.kind] or theirs
        return Failure(e.span, f"there is no {what}", "; ".join(map(self._made, same)) or "no task was made for them")

    def _made(self, task: Task) -> str:
        whose = f"assigned to `{task.assignee}`" if task.assignee else "assigned to nobody"
        due = f", due {self.stage.local(task.due)}" if task.due is not None else ""
        due += f", reminded {self.stage.local(task.reminded)}" if task.reminded is not None else ""
        of = f", priority `{task.priority}`" if task.priority else ""
        return f'`{task.kind}` "{task.title}" made at {self.stage.local(task.at)}{due}{of}, {whose}{_by(task.source)}'

    def _notice(self, e: ExpectNotice) -> Failure | None:
        notices = self.happened.notices()
        fitting = [n for n in notices if self.is_notice(e, n)]
        if bool(fitting) is not e.negated:
            return None
        words = " of anything" * (e.said is not None and e.said.part) + words_of(e.said)
        if e.negated:
            return Failure(e.span, f"`{e.user}` was notified{words}{_from(e.source)}", self._told(fitting[0]))
        own = [n for n in notices if n.user == e.user] or notices
        message = f"`{e.user}` was not notified{words}{_from(e.source)}"
        return Failure(e.span, message, "; ".join(map(self._told, own)) or "nobody was notified")

    def _told(self, notice: Notice) -> str:
        at = self.stage.local(notice.at)
        return f'`{notice.user or "nobody"}` was told "{notice.words}" at {at}{_by(notice.source)}'

    # --- properties ---------------------------------------------------------------------------

    def _fields(self, e: ExpectFields) -> Failure | None:
        for name, value in e.fields:
            found = self.value(e.who.object, self.stage.id_of(e.who), name)
            if not self.same(e.who.object, name, value, found):
                return self._other_value(e, name, value, found)
        for name, points in e.scores:
            if (other := self._other_points(e, name, points)) is not None:
                return other
        if e.source is None:
            return None
        written = {w.property for w in self.happened.writes() if self.is_write(e, w)}
        left = [name for name, _ in e.fields if name not in written]
        if not left:
            return None
        others = [w for w in self.happened.writes() if w.property == left[0] and w.object == e.who.object]
        instead = f"written by {named(others[-1].source)}" if others else "no definition has written it"
        return Failure(e.span, f"`{e.who.name}.{left[0]}` was not written{_from(e.source)}", instead)

    def _other_points(self, e: ExpectFields, name: str, points: float | None) -> Failure | None:
        """A score has two decimals (X35)."""
        found = self.points(e.who.object, self.stage.id_of(e.who), name)
        if found == points or (found is not None and points is not None and abs(found - points) < _HUNDREDTH):
            return None
        wanted, is_ = ("missing" if one is None else f"`{one:.10g}`" for one in (points, found))
        return Failure(e.span, f"score `{name}` of `{e.who.name}` is not {wanted}", f"it is {is_}")

    def _other_value(self, e: ExpectFields, name: str, value: Const | None, found: object) -> Failure:
        type_ = self.stage.program.schema.objects[e.who.object].properties[name].type
        zone = self.stage.test.zone
        wanted = "missing" if value is None else f"`{shown(storage(value, type_, zone), type_, zone)}`"
        instead = f"it is {self.shown(e.who.object, name, found)}"
        return Failure(e.span, f"`{e.who.name}.{name}` is not {wanted}", instead)


def _at(at: str | None) -> str:
    return f" at {at.replace('T', ' ')}" if at else ""


def _from(source: Key | None) -> str:
    return f" from {named(source)}" if source else ""


def _by(source: Key) -> str:
    return f" by {named(source)}"
