"""schema.yaml: text in; schema and diagnostics out."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Source
from .model import Schema


def read_schema(source: Source, currency: str = "USD") -> tuple[Schema, tuple[Diagnostic, ...]]:
    """The schema of a project and all that is wrong with its file.

    Money without a currency of its own is in `currency`, the account's (X32). What is wrong is left out, or read
    as what was likely meant, so that the rule files can be checked in the same run. A file that is no YAML at all
    gives the standard CRM, so that not every rule is called wrong because of it (`schema_file.py`).
    """
    # pydantic and ruamel.yaml take 100 ms to load; who only needs the schema's types does not pay for them.
    from .schema_file import schema_of

    return schema_of(source, currency)
