"""Forms of the language that this version recognises and does not run yet."""

from __future__ import annotations

from ..syntax import nodes
from .findings import Findings


def not_yet(findings: Findings, node: nodes.Unsupported) -> None:
    """One word about a form of the language's later half; what holds it is left out of the program."""
    findings.info("not-yet", node.span, f"{node.what} is not supported by this version yet", "left out")
