"""The project's store brought to its schema, unless somebody inside still needs what the schema has no more
(X26)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..access.audit import About, acting
from ..access.roles import Actor, actor, allowed, refusal
from ..engine.going_live.needed import counted, refused_by
from ..errors import StoreError
from ..project.loading import Settings, load_settings, store_address
from ..store import migrate
from ..store.changes import Refusal
from ..store.store import Store


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was changed (of a dry run: what would be), and what is refused, each in words."""

    store: str
    changes: tuple[str, ...]
    refused: tuple[str, ...]
    dry_run: bool


def migrate_project(root: Path, dry_run: bool = False, by: str | None = None) -> Migrated:
    """Plan and apply; `by`: who asks, without a name whoever sits at the machine. A dry run is everybody's. Raises
    NotAllowed, SchemaMismatch where something is refused (a dry run tells instead), StoreError."""
    settings = load_settings(root)
    if dry_run and _is_new(settings):
        with Store.open("sqlite://", create=True) as empty:
            return _told(migrate.plan(empty, settings.schema), _file_of(settings), dry_run)
    who = actor(settings.project, by)
    if not dry_run and not allowed(who.role, "migrate"):
        raise refusal(who, "migrate")  # not written down: the store may have no such table yet
    with Store.open(store_address(settings), create=True) as store:
        plan = _with_those_inside(migrate.plan(store, settings.schema), settings)
        if not dry_run:
            migrate.apply(plan)
            _write_down(store, who, plan)
        return _told(plan, store.name, dry_run)


def _with_those_inside(plan: migrate.Plan, settings: Settings) -> migrate.Plan:
    """The plan with a refusal for each thing that a pinned version reads and the schema has no more, with the
    enrollments counted. A run would refuse the same; here it is said before anything is changed."""
    if plan.first:
        return plan
    with plan.store.session() as session:
        needed = refused_by(session, settings.schema)
    refusals = (Refusal(f"{what}, but {counted(count)}") for what, count in sorted(needed.items()))
    return replace(plan, refusals=(*plan.refusals, *refusals))


def _write_down(store: Store, who: Actor, plan: migrate.Plan) -> None:
    with store.session() as session, acting(session, who, "migrate", About(detail={"changes": "; ".join(plan.words)})):
        pass


def _told(plan: migrate.Plan, store: str, dry_run: bool) -> Migrated:
    refused = tuple(line for r in plan.refusals for line in (r.words, *(f"  {row}" for row in r.rows)))
    return Migrated(store, plan.words, refused, dry_run)


def _is_new(settings: Settings) -> bool:
    """A dry run makes no file."""
    path = _file_of(settings)
    return bool(path) and not Path(path).exists()


def _file_of(settings: Settings) -> str:
    kind, _, path = store_address(settings).partition(":///")
    if kind == "sqlite" and path and not Path(path).parent.is_dir():
        raise StoreError(f"there is no folder {Path(path).parent} for the store", "create the folder first")
    return path if kind == "sqlite" else ""
