"""Reports and dashboards of the rules (P14): asked of a store by one statement each, put into words, drawn as text."""

from .asking import Reports
from .results import Cell, Column, Progress, Result, Row

__all__ = ["Cell", "Column", "Progress", "Reports", "Result", "Row"]
