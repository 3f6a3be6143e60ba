"""What Segue says about a problem: one value, many renderers."""

from .diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity

__all__ = ["Diagnostic", "Edit", "Fix", "FixKind", "Label", "Severity"]
