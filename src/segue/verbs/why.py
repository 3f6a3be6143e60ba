"""`segue why`: one person and one definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.why.definitions import Why
    from runtime.why.lives import Life, StepTaken
    from runtime.why.proof import Part


def why(
    contact: Annotated[str, Parameter(help="An id (#123), external id or e-mail address.")],
    definition: Annotated[str, Parameter(help='A sequence or workflow; "workflow x" where both have the name.')],
    /,
    *,
    at: Annotated[str | None, Parameter(help='As of then: `2026-03-02`, "2026-03-02 09:00", "+30 days".')] = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Say why somebody is, or is not, in a definition, as of the store's clock or another time.

    Each part of its conditions with true or false and the values and events behind it, the part that decides, refusals
    with their reasons, and every step taken, skipped, deferred or refused.

    For instance:
        segue why ann@example.com trial_welcome --at 2026-03-02
    """
    from runtime.project.loading import load, open_store
    from runtime.why.definitions import why as ask

    from ..output import show_json

    loaded = load(root_of(project))
    with open_store(loaded, readonly=True) as store, store.session() as session:
        found = ask(session, loaded, contact, definition, at)
    if json:
        show_json(found, loaded.zone)
    else:
        _show(found)
    return 0


def _show(found: Why) -> None:
    from runtime.reading.values import instant

    from ..output import plural, put, remark, title

    title(f"{found.contact} in {found.definition}: {found.summary}")
    for setting in found.settings:
        put(f"\n{setting.name}:")
        for part in setting.parts:
            decisive = part.decisive
            for line in _lines(part, 1, decisive if decisive.size < part.size else None):
                put(line)
    for refused in found.refusals:
        told_already = not refused.detail or f"({refused.detail})" in refused.reason
        detail = "" if told_already else f", {refused.detail}"
        put(f"\nrefused {instant(refused.at, found.zone)}  {refused.words} [{refused.reason}{detail}]")
    for life in found.enrollments:
        _life(life, found.zone)
    remark(f"as of {instant(found.at, found.zone)} {found.zone}")
    if found.waiting:
        remark(f"{plural(found.waiting, 'fact')} about them in the inbox, not yet taken in")


def _lines(part: Part, depth: int, decisive: Part | None) -> Iterator[str]:
    """The part that decides the whole is pointed at, where not all of it does."""
    mark = "✓" if part.holds else "✗"
    because = f"   ({part.because})" if part.because else ""
    pointed = "   <- this decides" if part is decisive else ""
    yield f"{'  ' * depth}{mark} {part.words}{because}{pointed}"
    for inner in part.parts:
        yield from _lines(inner, depth + 1, decisive)


def _life(life: Life, zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import put, table

    old = ", on an older version" if life.old_version else ""
    reason = f": {life.words} [{life.reason}]" if life.reason else ""
    status = life.status.replace("_", " ")
    put(f"\nenrollment {life.nr} ({life.id}), {status}{reason}{old}, sender {life.sender or 'none'}")
    table(
        ("when", "step", "outcome", "detail"),
        [(instant(s.at, zone), f"{s.what} {s.name}".strip(), _outcome(s, zone), _detail(s)) for s in life.steps],
    )
    put_off = [s.due for s in life.steps if s.due is not None and f"{s.what} {s.name}" == life.next]
    if (due := min(put_off, default=life.due)) is not None:
        said = ", ".join(filter(None, (instant(due, zone), life.next, life.held)))
        put(f"next: {said}")
    elif life.next:
        put(f"next: {life.next}, as soon as what it waits for is settled")


def _detail(step: StepTaken) -> str:
    return f"{step.words} [{step.detail}]" if step.words and step.words != step.detail else step.detail


def _outcome(step: StepTaken, zone: str) -> str:
    from runtime.reading.values import instant

    return step.outcome if step.due is None else f"{step.outcome} until {instant(step.due, zone)}"
