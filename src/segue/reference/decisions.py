"""The list of decisions, from the records."""

from __future__ import annotations

from pathlib import Path

from .markdown import page as joined

_RECORDS = Path(__file__).parents[3] / "docs" / "decisions"


def page() -> str:
    records = sorted(_RECORDS.glob("[0-9]*.md"))
    titles = [path.read_text("utf-8").partition("\n")[0].removeprefix("# ") for path in records]
    return joined(
        "# Decisions",
        "What was decided, and why; twenty lines each. [Architecture](../architecture.md) is the way in.",
        "\n".join(f"- [{title}]({path.name})" for path, title in zip(records, titles, strict=True)),
    )
