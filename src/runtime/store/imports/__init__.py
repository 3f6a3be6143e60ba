"""Importing CSV files by maps: docs/import.md."""

from .map import ImportMap, read_map
from .rejects import Reject
from .run import ImportResult, import_file

__all__ = ["ImportMap", "ImportResult", "Reject", "import_file", "read_map"]
