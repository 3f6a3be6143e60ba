"""`expect nothing else`: whatever reached people or changed their records must be named by some expectation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dsl.diagnostics.articles import article
from dsl.program.tests import (
    ExpectCall,
    ExpectCreated,
    ExpectFields,
    ExpectLink,
    ExpectMail,
    ExpectNothing,
    ExpectNotice,
    ExpectTask,
)

from . import ties
from .expected import Judge
from .outcome import Failure


def nothing_else(judge: Judge, expected: ExpectNothing) -> Failure | None:
    """Mails sent, tasks, notifications, calls, records made, properties written by the definitions and given records
    linked or unlinked, up to here, that no expectation of this test names, be it before or after. Enrollments may begin
    and end unnamed; one that ended with an error may not."""
    unnamed = list(_unnamed(judge))
    if not unnamed:
        return None
    count = "something" if len(unnamed) == 1 else f"{len(unnamed)} things"
    return Failure(expected.span, f"{count} else happened", "; ".join(unnamed))


def _unnamed(judge: Judge) -> Iterator[str]:
    stage, happened, items = judge.stage, judge.happened, judge.stage.test.items
    mails = [e for e in items if isinstance(e, ExpectMail) and not e.negated]
    tasks = [e for e in items if isinstance(e, ExpectTask) and not e.negated]
    notices = [e for e in items if isinstance(e, ExpectNotice) and not e.negated]
    fields = [e for e in items if isinstance(e, ExpectFields)]
    at: Callable[[int], str] = stage.local
    for mail in happened.mails():
        if mail.state == "sent" and not any(judge.is_mail(e, mail) for e in mails):
            yield f"`{_who(judge, mail.who)}` received `{mail.template}` at {at(mail.at)}"
    for task in happened.tasks():
        if not any(judge.is_task(e, task) for e in tasks):
            yield f"a task `{task.kind}` for `{_who(judge, task.who)}` was made at {at(task.at)}"
    for notice in happened.notices():
        if not any(judge.is_notice(e, notice) for e in notices):
            yield f'`{notice.user or "nobody"}` was told "{notice.words}" at {at(notice.at)}'
    calls = [e for e in items if isinstance(e, ExpectCall) and not e.negated]
    for call in judge.effects.calls():
        if not any(judge.is_call(e, call) for e in calls):
            yield judge.told(call)
    created = [e for e in items if isinstance(e, ExpectCreated) and not e.negated]
    for made in judge.effects.made():
        if made.id not in stage.ids.values() and not any(judge.is_made(e, made) for e in created):
            yield f"{article(made.object)} was created" + (
                f" by {made.source[0]} `{made.source[1]}`" if made.source else ""
            )
    for write in happened.writes():
        if not any(judge.is_write(e, write) for e in fields):
            path = ".".join((_who(judge, write.who), *write.path, write.property))
            yield f"`{path}` was written by {write.source[0]} `{write.source[1]}` at {at(write.at)}"
    yield from _ties(judge)
    for enrollment in happened.enrollments():
        if enrollment.status == "errored":
            kind, name = enrollment.source
            yield f"`{_who(judge, enrollment.who)}` ended with an error in {kind} `{name}`: {enrollment.reason}"


def _ties(judge: Judge) -> Iterator[str]:
    stage = judge.stage
    expected = [e for e in stage.test.items if isinstance(e, ExpectLink)]
    for found, gone in zip(ties.changed(stage), (False, True), strict=True):
        for tie in sorted(found, key=lambda tie: (tie[0].owner, tie[0].name, tie[1:])):
            if not any(e.negated is gone and ties.is_tie(stage, e, tie) for e in expected):
                way, one, other = tie
                word = "unlinked from" if gone else "linked to"
                yield f"`{_who(judge, one)}` was {word} `{_who(judge, other)}` as `{way.name}`"


def _who(judge: Judge, id_: int) -> str:
    person = judge.stage.people.get(id_)
    return person.name if person else "a new record"
