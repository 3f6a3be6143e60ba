"""A playbook at the terminal: asked line by line, put aside unfinished, saved and told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.access.roles import Actor
    from runtime.project.loading import Loaded
    from runtime.talks.drafts import Draft
    from runtime.talks.questions import Sitting
    from runtime.talks.saving import Saved


def ask(loaded: Loaded, at: Sitting, who: Actor, json: bool, draft: Draft | None) -> int:
    """Ask at the terminal and save; what is not finished is put aside. The exit code."""
    from runtime.talks import talks as core
    from runtime.talks.opening import reader

    from .asking import Asking, Interrupted
    from .output import say

    asking = Asking(at, reader(at.session, loaded), _line, say, draft.answers if draft is not None else {})
    try:
        asking()
    except Interrupted:
        print(file=sys.stderr)
        return aside(at, asking.typed, asking.outcome, who, json, draft)
    number = draft.id if draft is not None else None
    return show_saved(loaded, core.run(loaded, at, asking.typed, asking.outcome, who, number, asking.kept), json)


def _line(prompt: str) -> str:
    """What is typed next. stdout is data where it goes elsewhere than to the terminal."""
    from .output import clean

    if sys.stdout.isatty():
        return input(clean(prompt))
    print(clean(prompt), end="", file=sys.stderr, flush=True)
    return input()


def aside(
    at: Sitting, typed: Mapping[str, object], outcome: str | None, who: Actor, json: bool, draft: Draft | None
) -> int:
    """Keep what was answered so far as a draft, over what `draft` kept before."""
    from runtime.talks.drafts import put_aside

    from .options import called
    from .output import put, remark, show_json

    before = dict(draft.answers) if draft is not None else {}
    id_ = put_aside(at, before | _texts(typed, outcome), who, draft.id if draft is not None else None)
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


def _texts(typed: Mapping[str, object], outcome: str | None) -> dict[str, str]:
    """Answers as a draft keeps them: as text."""
    texts = {name: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in typed.items()}
    return texts | ({"outcome": outcome} if outcome is not None else {})
