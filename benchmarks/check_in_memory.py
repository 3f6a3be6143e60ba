"""A workspace as the language server has it: all files once, then one changed. Prints milliseconds as JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from dsl.source import Source
from dsl.workspace import Workspace
from runtime.project.loading import read_texts, table_file


def main() -> None:
    texts = read_texts(Path(sys.argv[1]))
    workspace = Workspace(table_file())
    workspace.configure(texts.schema, texts.settings)
    for source in texts.rules:
        workspace.update(source)
    first = _milliseconds(workspace)
    changes = []
    for number, source in enumerate(texts.rules[:9]):
        workspace.update(Source(source.name, f"{source.text}# change {number}\n"))
        changes.append(_milliseconds(workspace))
    print(json.dumps({"all files": round(first), "one file changed": round(statistics.median(changes), 1)}))


def _milliseconds(workspace: Workspace) -> float:
    started = time.perf_counter()
    workspace.check()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
