"""Text to nodes: `parse` reads one file, reports every syntax problem in it and keeps what is sound."""

from .parse import Parsed, parse

__all__ = ["Parsed", "parse"]
