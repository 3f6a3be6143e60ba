"""Home's list holds what needs someone, and nothing that does not."""

from __future__ import annotations

from benchmarks.make_store import NOW
from dsl.schema import standard_schema
from runtime.reading.attention import Concern, Need, attention
from runtime.reading.behind import behind
from runtime.store import inbox, meta
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.times.zones import MINUTE


def _store(session: Session) -> Store:
    """The store it is a session of: only whether a worker has it is asked of it."""
    engine = session.connection.engine
    return Store(engine, "sqlite://" if session.dialect == "sqlite" else engine.url.render_as_string())


def _needs(session: Session, now: int = NOW) -> list[Need]:
    return list(attention(_store(session), session, now).needs)


def _virtual(session: Session) -> None:
    with session.transaction():
        meta.write(session, "clock_kind", "virtual")


def test_errors_are_counted_by_definition(session: Session) -> None:
    _virtual(session)
    wanted = session.run(
        "SELECT d.name, count(*) FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id"
        " WHERE e.status = 'errored' GROUP BY d.name ORDER BY d.name"
    )
    errors = [need for need in _needs(session) if need.concern is Concern.ERRORED]
    assert wanted and [(need.of, need.count) for need in errors] == [(f"sequence {name}", n) for name, n in wanted]


def test_x22_overdue_tasks_are_those_due_before_the_stores_clock(session: Session) -> None:
    _virtual(session)
    overdue = {need.of: (need.count, need.since) for need in _needs(session) if need.concern is Concern.OVERDUE}
    wanted = session.run(
        "SELECT assignee, count(*), min(due_at) FROM segue_task WHERE state = 'open' AND due_at < :now"
        " GROUP BY assignee",
        now=NOW,
    )
    assert overdue == {user or "": (count, since) for user, count, since in wanted}


def test_s21_the_reminders_of_a_user_are_one_line_until_a_task_is_done_or_overdue(session: Session) -> None:
    _virtual(session)

    def reminded() -> dict[str, tuple[int, int | None]]:
        needs = [need for need in _needs(session) if need.concern is Concern.REMINDED]
        return {need.of: (need.count, need.since) for need in needs}

    open_, keys = (3, 2, 1), session.run("SELECT bucket, enrollment_id, ordinal FROM segue_task LIMIT 6")
    assert len(keys) == 6 and reminded() == {}
    times = [(NOW, NOW - n * MINUTE) for n in open_] + [(NOW, NOW + 1), (NOW - 1, NOW - 2), (NOW + 1, NOW)]
    states = ["open"] * 5 + ["done"]
    with session.transaction():
        for (bucket, enrollment, ordinal), (due, remind), state in zip(keys, times, states, strict=True):
            session.run(
                "UPDATE segue_task SET assignee = 'mia', state = :state, due_at = :due, remind_at = :remind"
                " WHERE bucket = :b AND enrollment_id = :e AND ordinal = :o",
                state=state, due=due, remind=remind, b=bucket, e=enrollment, o=ordinal,
            )  # fmt: skip
    assert reminded() == {"mia": (3, NOW - 3 * MINUTE)}


def test_what_has_waited_for_more_than_a_minute_is_late(session: Session) -> None:
    _virtual(session)
    row = inbox.row("delete", "contact", 1, "", {}, at=NOW - 2 * MINUTE, rank=1, key="late")
    with session.transaction():
        inbox.put(session, [row])
    late = [need for need in _needs(session) if need.concern is Concern.LATE]
    assert late == [Need(Concern.LATE, 1, "facts", NOW - 2 * MINUTE)]


def test_nobody_working_is_told_of_a_store_on_the_real_clock_alone(session: Session) -> None:
    assert Concern.NOBODY in {need.concern for need in _needs(session)}
    _virtual(session)
    assert Concern.NOBODY not in {need.concern for need in _needs(session)}


def test_counters_are_those_of_the_store(session: Session) -> None:
    _virtual(session)
    found = attention(_store(session), session, NOW)
    statuses = session.run("SELECT status, count(*) FROM segue_enrollment GROUP BY status")
    assert dict(found.statuses) == dict(statuses) and found.contacts == 200
    assert found.tasks == session.one("SELECT count(*) FROM segue_task WHERE state = 'open'")


def test_a_new_store_needs_nobody() -> None:
    with Store.memory(standard_schema()) as store, store.session() as session:
        found = attention(store, session, NOW)
    assert found.needs == () and found.clock is None and found.contacts == 0


def test_what_is_behind_is_told_by_definition(session: Session) -> None:
    _virtual(session)
    wanted = {
        f"{kind} {name}": (due, late, errored)
        for kind, name, due, late, errored in session.run(
            "SELECT d.kind, d.name, sum(CASE WHEN e.due <= :now THEN 1 ELSE 0 END),"
            " sum(CASE WHEN e.due <= :late THEN 1 ELSE 0 END), sum(CASE WHEN e.status = 'errored' THEN 1 ELSE 0 END)"
            " FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id GROUP BY d.kind, d.name",
            now=NOW,
            late=NOW - MINUTE,
        )
        if due or errored
    }
    now, found = behind(session, 0)
    assert now == NOW and {f"{one.kind} {one.name}": (one.due, one.late, one.errored) for one in found} == wanted
    assert any(one.errored and one.words for one in found)
    assert [one.late for one in found] == sorted((one.late for one in found), reverse=True)
