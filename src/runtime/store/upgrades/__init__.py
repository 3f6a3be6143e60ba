"""Brings our own tables from the format of an older Segue to today's: alembic's revisions, one a format.

The number in segue_meta says which format a store has; alembic's own table of versions would be a second truth. All of
an upgrade is one transaction of its caller, with what `segue migrate` does for the schema: half of it never stays.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection, found: int, wanted: int) -> None:
    """Run the revisions after format `found`, up to `wanted`, on a connection whose transaction has begun."""
    with Operations.context(MigrationContext.configure(connection)):
        for revision in revisions(found, wanted):
            revision.upgrade()


def revisions(found: int, wanted: int) -> list[ModuleType]:
    """The revisions after format `found`, oldest first; 0 is a database without any table of ours."""
    script = ScriptDirectory(str(Path(__file__).parent))
    between = script.iterate_revisions(str(wanted), str(found) if found else "base")
    return [revision.module for revision in between][::-1]
