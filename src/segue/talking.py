"""A playbook at the terminal: asked line by line, put aside unfinished, saved and told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.access.roles import Actor
    from runtime.project.loading import Loaded
    from runtime.talks.drafts import Draft
    from runtime.talks.questions import Sitting
    from runtime.talks.saving import Saved


def ask(loaded: Loaded, at: Sitting, who: Actor, json: bool, draft: Draft | None) -> int:
    """Ask at the terminal and save; what is not finished is put aside. The exit code."""
    from runtime.errors import StoreError
    from runtime.talks import drafts, saved_talks
    from runtime.talks.opening import reader

    from .asking import Asking, Interrupted
    from .output import say

    saved_talks.begin(at, who)
    before = dict(draft.answers) if draft is not None else {}
    number = draft.id if draft is not None else drafts.fresh()

    def keep() -> None:
        with suppress(StoreError):  # a store that is held for a moment ends no talk
            drafts.hold(at, before | _texts(asking.typed, asking.outcome), who, number)

    asking = Asking(at, reader(at.session, loaded), _line, say, before, keep)
    try:
        asking()
    except Interrupted:
        print(file=sys.stderr)
        return aside(at, before | _texts(asking.typed, asking.outcome), who, json, number)
    return show_saved(
        loaded, saved_talks.save(loaded, at, asking.typed, asking.outcome, who, number, asking.kept), json
    )


def _line(prompt: str) -> str:
    """What is typed next. stdout is data where it goes elsewhere than to the terminal."""
    from .output import clean

    if sys.stdout.isatty():
        return input(clean(prompt))
    print(clean(prompt), end="", file=sys.stderr, flush=True)
    return input()


def aside(at: Sitting, texts: Mapping[str, str], who: Actor, json: bool, draft: int | None = None) -> int:
    """Keep what was answered so far, the outcome among it, as a draft: in the place of `draft` where there is one."""
    from runtime.talks.drafts import put_aside

    from .options import called
    from .output import put, remark, show_json

    id_ = put_aside(at, texts, who, draft)
    if json:
        show_json({"draft_id": id_})
    else:
        put(f"put aside: {id_}")
        remark(f"`{called()} playbook resume {id_}` takes it up")
    return 0


def show_saved(loaded: Loaded, saved: Saved, json: bool) -> int:
    """Tell what came of it; 0, the exit code."""
    from runtime.store.ids import bucket_of

    from .answered_json import told
    from .output import plural, put, remark, show_json

    talk = f"{bucket_of(saved.record_id)}.{saved.id}"
    if json:
        fields = told(loaded, saved.kind, saved.name, saved)
        del fields["id"]
        show_json({"talk": talk, **fields}, loaded.zone)
        return 0
    revision = f", revision {saved.revision}" if saved.revision > 1 else ""
    put(f"saved: {saved.kind} {saved.name}, {plural(saved.answered, 'answer')}, talk {talk}{revision}")
    for one in saved.written:
        if one.record is None:
            remark(f"`{one.property}` was written nowhere: there is no {one.object}")
    return 0


def _texts(typed: Mapping[str, str], outcome: str | None) -> dict[str, str]:
    return {**typed, **({"outcome": outcome} if outcome is not None else {})}
