"""Snippets: texts called up by a shortcut such as `#suc`, with merge fields of a contact, then edited by hand (P6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dsl.diagnostics.suggest import of_those_declared
from dsl.program.blocks import Merge, Text
from dsl.program.conversations import PERSON
from dsl.program.others import Snippet
from dsl.schema.model import Project

from ..access.roles import Actor, allowed, refusal
from ..channels.templates import Renderer
from ..channels.values import Formats
from ..errors import InvalidInput, UnknownName
from ..project.loading import Loaded
from ..project.scopes import scope_of
from ..query.conditions import Writer
from ..query.scope import Params
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import folded, given_name
from ..store.session import Session


def listed(loaded: Loaded, place: str | None = None) -> list[Snippet]:
    """By shortcut; `place`: only those for a note, an email or a chat."""
    found = loaded.program.snippets.values()
    return sorted((s for s in found if place is None or place in s.use_in), key=lambda s: folded(s.shortcut))


def found(loaded: Loaded, shortcut: str) -> Snippet:
    """The one that `#suc`, `#SUC` or `suc` calls up. Raises UnknownName, InvalidInput (it is left out)."""
    wanted = _key(shortcut)
    for snippet in loaded.program.snippets.values():
        if _key(snippet.shortcut) == wanted:
            return snippet
    for left_out in loaded.left_out:
        if left_out.kind == "snippet" and _key(left_out.name) == wanted:
            raise InvalidInput(left_out.words)
    known = [snippet.shortcut for snippet in listed(loaded)]
    hint = of_those_declared("snippet", f"#{wanted}", known)
    raise UnknownName(f"there is no snippet `#{wanted[:60]}`", hint)


def written(snippet: Snippet) -> str:
    """As it stands in the rules, with its merge fields."""
    return "".join(part if isinstance(part, str) else part.source for part in snippet.text.parts)


def filled(session: Session, loaded: Loaded, snippet: Snippet, contact: int | None, who: Actor) -> str:
    """With the merge fields of a contact, those of the sender being of `who` uses it. Without a contact, and where a
    link is made by the mail it goes out with, a field stays as it is written. Raises NotAllowed."""
    if not allowed(who.role, "snippet"):
        raise refusal(who, "snippet")
    merges = [part for part in snippet.text.parts if isinstance(part, Merge)]
    values = _values(session, loaded, merges, contact) if contact is not None else {}
    ours = _ours(loaded.project, who)
    pieces = []
    renderer = Renderer(Formats.of(loaded.project), loaded.schema)
    for part in snippet.text.parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part.value is not None and contact is not None:
            pieces += renderer.plain(Text((part,)), [(values[part],)])
        elif part.value is None and part.builtin in ours:
            pieces += renderer.plain(Text((part,)), [(ours[part.builtin],)])
        else:
            pieces.append(part.source)
    return "".join(pieces)


def expanded(session: Session, loaded: Loaded, text: str, place: str, contact: int | None, who: Actor) -> str:
    """A text in which each line that is nothing but a shortcut becomes its snippet, if that is for such a `place`. What
    is no shortcut of the project stays as it was typed."""
    there = {_key(snippet.shortcut): snippet for snippet in listed(loaded, place)}
    fill = partial(filled, session, loaded, contact=contact, who=who)
    lines = text.split("\n")
    called = [there.get(_key(line)) if line.strip().startswith(("#", "\uff03")) else None for line in lines]
    return "\n".join(
        fill(snippet).rstrip("\n") if snippet is not None else line for line, snippet in zip(lines, called, strict=True)
    )


def _key(shortcut: str) -> str:
    """Width and case do not count (P6)."""
    return folded(shortcut.strip()).removeprefix("#")


def _values(session: Session, loaded: Loaded, merges: list[Merge], contact: int) -> Mapping[Merge, object]:
    """What each merge field of the record holds, read in one statement; nothing where it is not there yet."""
    asked = [merge for merge in merges if merge.value is not None]
    writer = Writer(scope_of(session, loaded), Params(), None)
    writer.values.objects["s"] = PERSON
    columns = [writer.values.sql(merge.value, "s") for merge in asked if merge.value is not None]
    if not columns:
        return {}
    values = writer.params.at(inbox.present(session)) | {"s_bucket": bucket_of(contact), "s_id": contact}
    rows = session.bound(
        f"SELECT {', '.join(columns)} FROM (SELECT 1 AS one) a LEFT JOIN {PERSON} s ON s.bucket = :s_bucket"
        " AND s.id = :s_id",
        values,
    )
    return dict(zip(asked, rows[0], strict=True))


def _ours(project: Project, who: Actor) -> dict[str, object]:
    """What is the account's, and the sender's."""
    account, user = project.account, project.users.get(who.name)
    label = user.label if user is not None else who.name
    return {
        "account.name": project.name,
        "account.postal_address": account.postal_address,
        "account.time_zone": account.time_zone,
        "account.currency": account.currency,
        "sender.name": label,
        "sender.first_name": given_name(label),
        "sender.email": user.email if user is not None else None,
        "sender.time_zone": (user.time_zone if user is not None else None) or account.time_zone,
    }
