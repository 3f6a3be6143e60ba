"""Sending a broadcast by hand: reviewed first, then one row in the inbox, which the next tick obeys (L14)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.broadcasting import mailing
from dsl.program.codec import encode

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import ConfirmNeeded, InvalidInput
from ..project.loading import Loaded
from ..store import inbox
from ..store.ids import stable_hash
from ..store.session import Session
from .planned import Plan, planned

_ACT = "broadcast"


@dataclass(frozen=True, slots=True)
class Told:
    """`plan` as of the moment it was sent; `asked`: whether a row waits in the inbox now, or this was a dry run."""

    plan: Plan
    asked: bool


def send(
    session: Session,
    loaded: Loaded,
    name: str,
    who: Actor,
    confirm: int | None = None,
    dry_run: bool = False,
    working: bool = False,
) -> Told:
    """Ask for it to go to all of whom `to` is true at the next tick and who have not had it. `confirm`: how many the
    reviewer saw that get it; needed above `limits.enroll_at_once`, and where it is given it must be so still.
    `working`: a worker is on the store, by the rules it began with.

    Raises ConfirmNeeded, InvalidInput, NotAllowed, UnknownName, StoreError."""
    if not dry_run:
        permit(session, who, _ACT, About(name=name))
    with planned(session, loaded, name) as found:
        plan = found.plan
    if dry_run:
        return Told(plan, False)
    _confirmed(plan, confirm, loaded.project.limits.enroll_at_once)
    if working:
        _same_as_run(session, loaded, name)
    at, order = inbox.present(session), inbox.now()
    about = About(name=name, detail={"receive": plan.receive, "asked": plan.asked})
    row = inbox.row(
        "broadcast", "contact", stable_hash(f"broadcast {name}"), f"broadcast {name}", {"by": who.name},
        at=at, rank=order, key=f"broadcast:{name}:{order}",
    )  # fmt: skip
    with acting(session, who, _ACT, about):
        inbox.put(session, [row])
    return Told(plan, True)


def _confirmed(plan: Plan, confirm: int | None, limit: int) -> None:
    if confirm is not None and confirm != plan.receive:
        raise InvalidInput(
            f"{plan.receive:,} would get it now, not {confirm:,}", f"look again: `segue broadcast plan {plan.name}`"
        )
    if confirm is None and plan.receive > limit:
        raise ConfirmNeeded(
            f"broadcast `{plan.name}` would go to {plan.receive:,} people; the limit is {limit:,}",
            f"look at `segue broadcast plan {plan.name}`, then send it with `--confirm {plan.receive}`",
        )


def _same_as_run(session: Session, loaded: Loaded, name: str) -> None:
    """Raises InvalidInput where the worker has another text of it, or none."""
    sql = "SELECT program FROM segue_definition WHERE kind = 'broadcast' AND name = :name AND vanished_at IS NULL"
    if session.one(sql, name=name) != encode(mailing(loaded.program.broadcasts[name])):
        raise InvalidInput(
            f"broadcast `{name}` is new or edited since the worker began, which does not know of it",
            "start the worker again, then send it",
        )
