"""What all tables of ours are made with."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData

metadata = MetaData()


def key(name: str, type_: type = BigInteger) -> Column[object]:
    """A column of the primary key."""
    return Column(name, type_, primary_key=True, autoincrement=False)
