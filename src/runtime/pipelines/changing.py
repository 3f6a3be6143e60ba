"""A record in a pipeline is given values and ties after it was made: what its next stage needs, and whatever else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsl.diagnostics.articles import article
from dsl.schema.model import Association

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput
from ..operators import arguments
from ..project.loading import Settings
from ..store import inbox
from ..store.session import Session
from ..store.values import Storage
from ..talks.typed import Reader
from .acts import act_of
from .making import read_value, settable, targets
from .places import pipelined, place, tied_to

Ties = Sequence[tuple[Association, int]]


@dataclass(frozen=True, slots=True)
class Changed:
    """What was asked for. `values` in the store's encoding, None: it is to have none. `tied`, `untied`: pairs of an
    association and a record's id. `lacking`: associations that the schema wants as a warning, and none is left."""

    object: str
    id: int
    record: str
    values: Mapping[str, Storage]
    tied: tuple[tuple[str, int], ...]
    untied: tuple[tuple[str, int], ...]
    lacking: tuple[str, ...] = ()


def change(
    session: Session,
    settings: Settings,
    of: str,
    record: str,
    written: Mapping[str, str],
    links: Sequence[tuple[str, str]],
    unlinks: Sequence[tuple[str, str]],
    who: Actor,
) -> Changed:
    """Ask for values and ties of one record. A text that is empty takes the value away; `pipeline` and `stage` are not
    among what can be set: a move goes by the rules.

    Raises UnknownName, InvalidInput, NotAllowed; then nothing is asked for."""
    object_type = settings.schema.objects[pipelined(settings.schema, of)]
    id_ = arguments.record(session, settings.schema, of, record)
    stands = place(session, settings.schema, of, id_)
    about = About(of, (id_,), stands.pipeline or "", {"set": ", ".join(written), "ties": len(links) + len(unlinks)})
    own = stands.owner == who.name
    permit(session, who, act_of(of), about, own)
    if not written and not links and not unlinks:
        raise InvalidInput("what is to change?", "say `kind=bug`, `--link deal=D1` or `--unlink deal=D1`")
    values = _values(session, settings, of, written)
    tied = targets(session, settings, object_type, links)
    untied = targets(session, settings, object_type, unlinks)
    lacking = _left_without(session, id_, tied, untied)
    at, order = inbox.present(session), inbox.now()
    cause = f"set by {who.name}/{id_}/{order}"
    rows = [
        inbox.set_row(of, id_, name, value, at=at, rank=order, key=f"{cause}/{name}") for name, value in values.items()
    ]
    for some, unlink in ((tied, False), (untied, True)):
        for a, to in some:
            key = f"{cause}/{a.name} {to}"  # asked for again it is another wish: on the virtual clock `at` stands still
            rows.append(inbox.link_row(of, id_, a.name, to, at=at, rank=order, unlink=unlink, key=key))
    with acting(session, who, act_of(of), about, own):
        inbox.put(session, rows)
    now, no_more = (tuple((a.name, to) for a, to in some) for some in (tied, untied))
    return Changed(of, id_, record, values, now, no_more, lacking)


def _left_without(session: Session, id_: int, tied: Ties, untied: Ties) -> tuple[str, ...]:
    """The associations that the schema wants and nothing is left in. Raises InvalidInput for one that it demands (P9),
    and for a tie that is asked for and taken away at once."""
    if both := [a.name for a, to in untied if (a, to) in tied]:
        raise InvalidInput(f"`{both[0]}` is to be tied and tied no more, to one and the same", "say one of the two")
    again = {a.name for a, _ in tied}
    bare = [
        a
        for a in dict.fromkeys(a for a, _ in untied)
        if a.required is not None
        and a.name not in again
        and not tied_to(session, a, id_) - {to for other, to in untied if other is a}
    ]
    if demanded := [a for a in bare if a.required == "error"]:
        name, of = demanded[0].name, demanded[0].owner
        raise InvalidInput(
            f"every {of} is tied to {article(name)}, and none would be left", f"say `--link {name}=RECORD` too"
        )
    return tuple(a.name for a in bare)


def _values(session: Session, settings: Settings, of: str, written: Mapping[str, str]) -> dict[str, Storage]:
    users = {*settings.project.users, *(row[0] for row in session.run("SELECT name FROM segue_user"))}
    read = Reader.of(settings.project, users)
    found: dict[str, Storage] = {}
    for name, text in written.items():
        if name == "owner":
            raise InvalidInput("`owner` is not set here", f"`segue {of} assign` gives it to somebody")
        property_ = settable(settings.schema.objects[of], name)
        found[name] = read_value(read, property_, text) if text.strip() else None
        if found[name] is None and not property_.may_be_missing:
            raise InvalidInput(f"every {of} has `{name}`", "give it a value")
    return found
