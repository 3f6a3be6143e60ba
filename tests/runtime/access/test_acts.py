"""What each role may do, asked of the core itself, and that it is written down (issue 5: roles, the audit log)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.access.audit import About, acting
from runtime.access.roles import ACTS, ADMIN, OPERATOR, REP, ROLES, VIEWER, Actor, actor, allowed, refusal
from runtime.errors import NotAllowed
from runtime.operators import acts, commands, outbox
from runtime.operators.tasks import assign_tasks, settle_tasks
from runtime.project.loading import Loaded
from runtime.reading import Choice, page
from runtime.reading.activity import count_acts, page_of_acts
from runtime.store import meta
from runtime.store.session import Session
from tests.runtime.engine.harness import PROJECT, MakeWorld, World, compiled

PEOPLE = PROJECT
for _name, _role in (("rep", "rep"), ("amy", "operator"), ("gone", "admin")):
    PEOPLE = PEOPLE.replace(f"  {_name}: {{", f"  {_name}: {{role: {_role}, ")
RULES = """
sequence x { when: manually  sender: rep  task call "Call"  send intro }
workflow w of contact { when: manually  wait 3 days }
"""
# The least role for what is one's own, and for what is not; None: there is no such thing of one's own.
EXPECTED = {
    **dict.fromkeys(("enroll", "pause", "resume", "unenroll", "task", "assign"), (REP, OPERATOR)),
    **dict.fromkeys(("talk", "form", "survey", "note", "snippet", "ticket", "deal"), (REP, OPERATOR)),
    **dict.fromkeys(("import", "broadcast", "hygiene", "outbox"), (OPERATOR, OPERATOR)),
    **dict.fromkeys(("run", "confirm", "migrate", "delete", "vacuum", "rebuild"), (ADMIN, ADMIN)),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_what_a_role_may(role: str, act: str) -> None:
    rank = ROLES.index
    own, others = EXPECTED[act]
    assert allowed(role, act) == (rank(role) >= rank(own))
    assert allowed(role, act, own=False) == (rank(role) >= rank(others))


def test_every_act_is_expected() -> None:
    assert ACTS.keys() == EXPECTED.keys()


def test_without_roles_everybody_may_and_with_one_the_unknown_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, several = compiled(RULES).project, compiled(RULES, project=PEOPLE).project
    assert actor(alone, "anybody") == Actor("anybody", ADMIN)
    assert [actor(several, name).role for name in ("rep", "amy", "mute", "anybody")] == [REP, OPERATOR, VIEWER, VIEWER]
    assert actor(several, "gone") == Actor("gone", VIEWER), "who works here no more keeps no role"
    monkeypatch.setenv("SEGUE_USER", "amy")
    assert actor(several) == Actor("amy", OPERATOR)
    assert actor(several, "rep") == Actor("rep", REP)


def test_what_is_refused_is_a_sentence() -> None:
    rep = Actor("rep", REP)
    assert str(refusal(rep, "delete")) == "rep is a rep and may not delete records"
    told = [
        str(refusal(rep, act, own=False)).partition("may not ")[2] for act in ("pause", "enroll", "unenroll", "talk")
    ]
    assert told == [
        "pause enrollments that are not their own", "enroll into workflows",
        "unenroll those whom somebody else enrolled", "change talks and drafts that are not their own",
    ]  # fmt: skip


# --- acts of the core -------------------------------------------------------------------------


def _loaded(world: World) -> Loaded:
    p = world.program
    return Loaded(Path(), p.project, p.schema, p, (), (), {})


def _inside(worlds: MakeWorld) -> World:
    """Ann was enrolled by rep, whose task she is; bob by amy."""
    world = worlds(RULES, project=PEOPLE).contact("ann").contact("bob", owner="amy")
    world.enroll("ann", "sequence x", by="rep", at="03-02 09:00")
    world.enroll("bob", "sequence x", by="amy", at="03-02 09:00")
    return world.run_to("03-02 10:00")


Did = Callable[[Session, World, Actor, str], object]


def _keys(session: Session, name: str) -> list[commands.EnrollmentKey]:
    return [line.key for line in page(session, Choice("x")) if line.contact.startswith(name)]


def _task(session: Session, name: str) -> str:
    own = {"ann": "rep", "bob": "amy"}[name]
    sql = "SELECT bucket, enrollment_id, ordinal FROM segue_task WHERE assignee = :own AND state = 'open'"
    return ".".join(map(str, session.run(sql, own=own)[0]))


def _enroll(kind: str) -> Did:
    return lambda s, w, who, name: acts.enroll(s, _loaded(w), [name], kind, who.name)


def _delete(session: Session, world: World, who: Actor, name: str) -> object:
    return acts.delete(session, world.program.schema, "contact", [name], who)


OF_SOMEBODY: dict[str, Did] = {
    "pause": lambda s, w, who, name: commands.pause(s, _keys(s, name), who),
    "resume": lambda s, w, who, name: commands.resume(s, _keys(s, name), who),
    "unenroll": lambda s, w, who, name: commands.unenroll(s, _keys(s, name), who),
    "assign": lambda s, w, who, name: assign_tasks(
        s, _loaded(w), [_task(s, name)], {"ann": "amy", "bob": "rep"}[name], who
    ),
    "task": lambda s, w, who, name: settle_tasks(s, [(_task(s, name), "done")], who),
}


def _tried(session: Session, world: World, did: Did, who: Actor, name: str) -> bool:
    """Whether it was allowed; refused or not, it is in the log, and what was refused is nowhere else."""
    before, waiting = count_acts(session), session.one("SELECT count(*) FROM segue_inbox")
    try:
        did(session, world, who, name)
        done = True
    except NotAllowed as refused:
        assert who.name in str(refused)
        assert "role" in refused.hint
        done = False
    line = page_of_acts(session)[0]
    assert count_acts(session) > before
    assert (line.by_user, line.role, line.refused) == (who.name, who.role, not done)
    after = session.one("SELECT count(*) FROM segue_inbox")
    assert after > 0 if done else after == waiting
    return done


@pytest.mark.parametrize("act", OF_SOMEBODY)
def test_a_rep_acts_on_their_own_and_an_operator_on_everybodys(worlds: MakeWorld, act: str) -> None:
    world, did = _inside(worlds), OF_SOMEBODY[act]
    with world.store.session() as session:
        if act == "resume":
            commands.pause(session, [*_keys(session, "ann"), *_keys(session, "bob")], Actor("zoe", ADMIN))
            world.run_to("03-02 10:01")
        for name, role, others in (("anybody", VIEWER, False), ("rep", REP, False), ("zoe", OPERATOR, True)):
            assert _tried(session, world, did, Actor(name, role), "bob") == others
        assert not _tried(session, world, did, Actor("rep", VIEWER), "ann")
        assert _tried(session, world, did, Actor("rep", REP), "ann")
        line = page_of_acts(session)[0]
        assert (line.act, line.object, line.record_id is not None) == (act, "contact", True)


def test_a_rep_enrolls_into_sequences_and_not_into_workflows(worlds: MakeWorld) -> None:
    world = worlds(RULES, project=PEOPLE).contact("ann").run_to("03-02 10:00")
    with world.store.session() as session:
        for name, sequence, workflow in (("rep", True, False), ("mute", False, False), ("amy", True, True)):
            who = actor(world.program.project, name)
            assert _tried(session, world, _enroll("sequence x"), who, "ann") == sequence
            assert _tried(session, world, _enroll("workflow w"), who, "ann") == workflow


@pytest.mark.parametrize(
    ("role", "settles", "deletes"), [(REP, False, False), (OPERATOR, True, False), (ADMIN, True, True)]
)
def test_messages_and_deletions(worlds: MakeWorld, role: str, settles: bool, deletes: bool) -> None:
    world = _inside(worlds)
    world.finish_task("ann").run_to("03-02 11:00")
    who = Actor("zoe", role)
    with world.store.session() as session:
        [(key,)] = session.run("SELECT key FROM segue_outbox WHERE state = 'sent'")
        with session.transaction():
            session.run("UPDATE segue_outbox SET state = 'unknown' WHERE state = 'sent'")
        assert _tried(session, world, lambda s, *_: outbox.settle(s, [(key, "sent")], who), who, "") == settles
        assert _tried(session, world, _delete, who, "ann") == deletes


def test_what_fails_half_way_is_not_in_the_log(worlds: MakeWorld) -> None:
    """The act and its row are one transaction."""
    world = _inside(worlds)
    with world.store.session() as session:
        with pytest.raises(ZeroDivisionError), acting(session, Actor("amy", ADMIN), "note", About("contact", (7,))):
            session.run("INSERT INTO segue_meta (key, value) VALUES ('half', 'way')")
            _ = 1 // 0
        assert count_acts(session) == 0
        assert meta.read(session, "half") is None


def test_the_log_is_listed_by_user_since_and_page_by_page(worlds: MakeWorld) -> None:
    world = _inside(worlds)
    with world.store.session() as session:
        for name in ("rep", "amy", "rep"):
            with acting(session, Actor(name, ADMIN), "note", About("contact", (1, 2), "name", {"n": name})):
                pass
        [first] = page_of_acts(session, limit=1)
        assert (count_acts(session), first.by_user, first.record_id, first.detail) == (6, "rep", 2, {"n": "rep"})
        below = page_of_acts(session, after=(first.id,))
        assert [line.by_user for line in below] == [
            "rep",
            "amy",
            "amy",
            "rep",
            "rep",
        ]
        assert count_acts(session, by="amy") == len(page_of_acts(session, by="amy")) == 2
        assert [count_acts(session, since=at) for at in (first.at, first.at + 1)] == [6, 0]
        assert not page_of_acts(session, since=first.at + 1)


def test_what_a_rep_may_not_is_said_of_the_act() -> None:
    rep = Actor("mia", REP)
    assert refusal(rep, "enroll", own=False).message == "mia is a rep and may not enroll into workflows"
    assert refusal(rep, "deal", own=False).message == "mia is a rep and may not change deals that are not their own"
