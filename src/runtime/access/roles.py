"""What people may do: four roles, and what each act takes. The one place that knows; the command line and the terminal
app ask it and never decide themselves.

A project in which no user has a role is one person's: everybody may do everything. As soon as one has, whoever has
none, whoever works here no more (`active: false`) and whoever is unknown only reads.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass

from dsl.schema.model import Project

from ..errors import NotAllowed

# From the least to the most; each may do what those before it may.
VIEWER, REP, OPERATOR, ADMIN = ROLES = ("viewer", "rep", "operator", "admin")


@dataclass(frozen=True, slots=True)
class Act:
    """`own` is the role it takes where the thing is one's own, `others` where it is somebody else's or everybody's.
    `words` complete "may not"; `of_others` does where only the latter is refused, "" for `words` and the usual end."""

    own: str
    others: str
    words: str
    of_others: str = ""


ACTS: Mapping[str, Act] = {
    "enroll": Act(REP, OPERATOR, "enroll", "enroll into workflows"),
    "pause": Act(REP, OPERATOR, "pause enrollments"),
    "resume": Act(REP, OPERATOR, "resume enrollments"),
    "unenroll": Act(REP, OPERATOR, "unenroll", "unenroll those whom somebody else enrolled"),
    "task": Act(REP, OPERATOR, "mark tasks"),
    "assign": Act(REP, OPERATOR, "give tasks to somebody", "give away tasks that are not their own"),
    "talk": Act(REP, OPERATOR, "run playbooks", "change talks and drafts that are not their own"),
    "form": Act(REP, OPERATOR, "fill in forms"),
    "survey": Act(REP, OPERATOR, "invite to surveys or answer them for somebody"),
    "note": Act(REP, OPERATOR, "write notes"),
    "snippet": Act(REP, OPERATOR, "use snippets"),
    "ticket": Act(REP, OPERATOR, "change tickets"),
    "deal": Act(REP, OPERATOR, "change deals"),
    "import": Act(OPERATOR, OPERATOR, "import"),
    "broadcast": Act(OPERATOR, OPERATOR, "send broadcasts"),
    "hygiene": Act(OPERATOR, OPERATOR, "put data right"),
    "outbox": Act(OPERATOR, OPERATOR, "settle messages"),
    "run": Act(ADMIN, ADMIN, "run the rules"),
    "confirm": Act(ADMIN, ADMIN, "let a definition take in a crowd"),
    "migrate": Act(ADMIN, ADMIN, "change the store's tables"),
    "delete": Act(ADMIN, ADMIN, "delete records"),
    "vacuum": Act(ADMIN, ADMIN, "let go what is over"),
    "rebuild": Act(ADMIN, ADMIN, "rebuild segments"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name`, which the log keeps, and the role that segue.yaml gives them."""

    name: str
    role: str


def actor(project: Project, name: str | None = None) -> Actor:
    """Who acts under `name`; without one whoever sits at the machine."""
    who = name or at_the_machine()
    if all(user.role is None for user in project.users.values()):
        return Actor(who, ADMIN)
    user = project.users.get(who)
    return Actor(who, user.role if user is not None and user.active and user.role is not None else VIEWER)


def at_the_machine() -> str:
    """SEGUE_USER of the environment, else the name they logged in with."""
    if named := os.environ.get("SEGUE_USER"):
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


def allowed(role: str, act: str, own: bool = True) -> bool:
    """Whether a role may do an act of `ACTS`: to what is one's own, or to what is not. Everybody may read."""
    return ROLES.index(role) >= ROLES.index(needed(act, own))


def needed(act: str, own: bool = True) -> str:
    """The least role that may."""
    return ACTS[act].own if own else ACTS[act].others


def refusal(who: Actor, act: str, own: bool = True) -> NotAllowed:
    """The sentence for somebody who may not."""
    words = ACTS[act].words
    if not own and allowed(who.role, act):
        words = ACTS[act].of_others or f"{words} that are not their own"
    message = f"{who.name} is {_a(who.role)} and may not {words}"
    return NotAllowed(
        message, f"this takes the role {needed(act, own)}; `users:` in segue.yaml gives roles, `--as` says who acts"
    )


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "ao" else f"a {role}"
