"""Users, and teams that name them."""

from __future__ import annotations

from collections.abc import Mapping

from ..diagnostics import Label, closest, did_you_mean
from .model import User
from .names import Named, nfc
from .places import check_zone
from .problems import guess
from .reading import Reading
from .shape_of_project import UserShape


def read_users(shapes: Mapping[str, UserShape], reading: Reading) -> dict[str, User]:
    """The users by name; what people call them is the label."""
    users = {}
    for name in reading.names(shapes, Named.USER, "users"):
        shape, path = shapes[name], ("users", name)
        zone = None if shape.time_zone is None else check_zone(shape.time_zone, (*path, "time_zone"), reading)
        email = shape.email
        if email is not None and not _is_address(email):
            span = reading.at(*path, "email")
            reading.problems.error("wrong-value", f"`{email}` is no e-mail address", span)
            email = None
        users[name] = User(name, shape.name or name, email, zone, shape.active, reading.key(*path), shape.role)
    return users


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not any(c.isspace() or c in "<>,;" for c in text) and "@" not in local


def read_teams(
    written: Mapping[str, list[str]], users: Mapping[str, User], reading: Reading
) -> dict[str, tuple[str, ...]]:
    """The users of each team, in the order in which round robin takes them."""
    teams = {}
    for name in reading.names(written, Named.TEAM, "teams"):
        first: dict[str, int] = {}
        for i, member in enumerate(map(nfc, written[name])):
            span = reading.at("teams", name, i)
            if member not in users:
                fix, help = guess(span, closest(member, users)), did_you_mean(member, users)
                reading.problems.error("unknown-user", f"there is no user `{member}`", span, help=help, fix=fix)
            elif first.setdefault(member, i) != i:
                other = Label(reading.at("teams", name, first[member]), "the other one")
                reading.problems.error("duplicate-option", f"`{member}` is in this team already", span, other=other)
        teams[name] = tuple(first)
    return teams
