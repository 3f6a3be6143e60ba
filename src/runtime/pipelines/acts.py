"""What people do with records in pipelines: rows of the inbox with a line of the audit, in one transaction. The next
tick makes it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dsl.diagnostics.articles import article
from dsl.schema import moves

from ..access import audit
from ..access.audit import About
from ..access.roles import ACTS, Actor
from ..errors import InvalidInput
from ..operators import arguments
from ..project.loading import Settings
from ..store import inbox
from ..store.session import Session
from .places import Place, check_move, pipelined, place

# The stage or the owner that a record had, by how it is named, when somebody decided on it.
Seen = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for of one record: `stage` it is to stand in, `owner` it is to have. `before`: the stage or owner
    it had when this was decided."""

    object: str
    id: int
    record: str
    before: str | None
    stage: str | None = None
    owner: str | None = None


def move(
    session: Session,
    settings: Settings,
    of: str,
    records: Sequence[str],
    to: str,
    who: Actor,
    seen: Seen | None = None,
) -> list[Asked]:
    """Ask for all to be moved to one stage or, where the rules of a pipeline forbid one, none (P8). A move is made if
    its record still stands where it stood now; if somebody was faster it is told in the audit. With `seen` it is
    refused at once where one stands elsewhere by now.

    Raises UnknownName, InvalidInput, NotAllowed."""
    return _moved(session, settings, of, [(text, to) for text in records], who, seen)


def close(
    session: Session,
    settings: Settings,
    of: str,
    records: Sequence[str],
    who: Actor,
    to: str | None = None,
    seen: Seen | None = None,
) -> list[Asked]:
    """Ask for all to be moved to the stage that closes them; `to` says which where there are several, `seen` as in
    `move`.

    Raises UnknownName, InvalidInput, NotAllowed."""
    _may(session, of, _places(session, settings, of, records), {"to": to or ""}, who)
    wanted = [(text, to or _closing(session, settings, of, text)) for text in records]
    return _moved(session, settings, of, wanted, who, seen, must_close=True)


def assign(
    session: Session,
    settings: Settings,
    of: str,
    records: Sequence[str],
    to: str,
    who: Actor,
    seen: Seen | None = None,
) -> list[Asked]:
    """Ask for all to belong to a user or, where one belongs to somebody else by now than in `seen`, for none.

    Raises UnknownName, InvalidInput, NotAllowed."""
    found = _places(session, settings, of, records)
    about = _may(session, of, found, {"owner": to}, who)
    if "owner" not in settings.schema.objects[of].properties:
        raise InvalidInput(f"{article(of)} has no `owner`", "declare it in schema.yaml, of type user")
    user = arguments.colleague(session, settings.project.users, to)
    order = inbox.now()
    rows = [
        _row("set", stands, "owner", {"v": user}, f"given by {who.name}/{stands.id}/{order}", session, order)
        for _, stands in found
    ]

    def check() -> None:
        inbox.in_turn(session, "set")
        for text, stands in _places(session, settings, of, records):
            if seen is not None and text in seen and seen[text] != stands.owner:
                raise _too_late(session, stands, text, "given away", f"{stands.owner or 'nobody'} has it", "owner")

    _ask(session, about, rows, who, check)
    return [Asked(of, stands.id, text, stands.owner, owner=user) for text, stands in found]


def _moved(
    session: Session,
    settings: Settings,
    of: str,
    wanted: Sequence[tuple[str, str]],
    who: Actor,
    seen: Seen | None,
    must_close: bool = False,
) -> list[Asked]:
    targets = dict(wanted)
    found = _places(session, settings, of, list(targets))
    about = _may(session, of, found, {"to": ", ".join(dict.fromkeys(targets.values()))}, who)
    for text, stands in found:
        if seen is not None and text in seen and seen[text] != stands.stage:
            raise _too_late(session, stands, text, "moved", f"from `{seen[text]}` to `{stands.stage}`", "to")
        if must_close and targets[text] not in _closing_stages(settings, stands):
            raise InvalidInput(
                f"`{targets[text]}` does not close {article(of)}",
                f"these do: {', '.join(_closing_stages(settings, stands))}",
            )
        check_move(settings.schema, stands, targets[text], text)
    order = inbox.now()
    rows = [
        _row(
            "move", stands, "stage",
            {"from": stands.stage, "to": targets[text], "by": who.name, "role": who.role},
            f"moved by {who.name}/{stands.id}/{order}", session, order,
        )
        for text, stands in found
    ]  # fmt: skip
    _ask(session, about, rows, who)
    return [Asked(of, stands.id, text, stands.stage, stage=targets[text]) for text, stands in found]


def _places(session: Session, settings: Settings, of: str, records: Sequence[str]) -> list[tuple[str, Place]]:
    """Each record once, as it was written first."""
    pipelined(settings.schema, of)
    found: dict[int, str] = {}
    for text in records:
        found.setdefault(arguments.record(session, settings.schema, of, text), text)
    return [(text, place(session, settings.schema, of, id_)) for id_, text in found.items()]


def _closing(session: Session, settings: Settings, of: str, text: str) -> str:
    ((_, stands),) = _places(session, settings, of, [text])
    stages = _closing_stages(settings, stands)
    if not stages:
        raise InvalidInput(f"nothing closes {of} `{text}`", "a stage of its pipeline needs `closed: true`")
    if len(stages) > 1:
        raise InvalidInput(f"how does {of} `{text}` end?", f"say `--stage`: {', '.join(stages)}")
    return stages[0]


def _closing_stages(settings: Settings, stands: Place) -> tuple[str, ...]:
    pipeline = settings.schema.pipelines.get((stands.object, stands.pipeline or ""))
    return moves.closing(pipeline) if pipeline is not None else ()


def _too_late(session: Session, stands: Place, text: str, done: str, so: str, noted: str) -> InvalidInput:
    """Who did it is told, where a person did; `so`: how it is now, `noted`: what the log notes of such an act."""
    by = session.one(
        "SELECT a.by_user FROM segue_audit a WHERE a.record_id = :id AND a.object = :of AND a.act = :act"
        " AND a.refused = 0 AND a.detail LIKE :noted ORDER BY a.at DESC, a.id DESC LIMIT 1",
        id=stands.id, of=stands.object, act=act_of(stands.object), noted=f'%"{noted}":%',
    )  # fmt: skip
    whom = f", by {by}" if by else ""
    return InvalidInput(
        f"{stands.object} `{text}` was {done} meanwhile{whom}: {so}", "nothing was done; look at it again"
    )


def _row(
    kind: str, stands: Place, name: str, payload: Mapping[str, str | None], key: str, session: Session, order: int
) -> inbox.InboxRow:
    at = inbox.present(session)
    return inbox.row(kind, stands.object, stands.id, name, payload, at=at, rank=order, key=key)


def _may(session: Session, of: str, found: Sequence[tuple[str, Place]], detail: Mapping[str, str], who: Actor) -> About:
    """What the log says of it; asked before anything else is looked at. Raises NotAllowed."""
    own = all(stands.owner == who.name for _, stands in found)
    pipelines = dict.fromkeys(stands.pipeline or "" for _, stands in found)
    about = About(of, [stands.id for _, stands in found], ", ".join(pipelines), dict(detail))
    audit.permit(session, who, act_of(of), about, own)
    return about


def _ask(
    session: Session, about: About, rows: Sequence[inbox.InboxRow], who: Actor, check: Callable[[], None] = lambda: None
) -> None:
    """`check` is done in the transaction, before this act stands in the log."""
    assert about.object is not None
    with session.transaction():
        check()
        audit.write(session, who, act_of(about.object), about)
        inbox.put(session, rows)


def act_of(of: str) -> str:
    """What the roles call an act on such a record: what is neither ticket nor deal is dealt with as a ticket."""
    return of if of in ACTS else "ticket"
