"""What Segue says about a problem: one value, many renderers."""

from .diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from .order import in_order, summary
from .render_concise import render_concise
from .render_full import render_full
from .render_json import as_json, render_json
from .suggest import closest, did_you_mean

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "FixKind",
    "Label",
    "Severity",
    "as_json",
    "closest",
    "did_you_mean",
    "in_order",
    "render_concise",
    "render_full",
    "render_json",
    "summary",
]
