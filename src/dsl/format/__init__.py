"""The canonical layout: `format_source` prints a file from its words and comments, as its tree asks for."""

from .formatter import Formatted, format_range, format_source

__all__ = ["Formatted", "format_range", "format_source"]
