"""How long the language server takes after an edit in a large project: `language_server.py [--json] [--files 1000]`.

Inside the server: the changed text is taken in, all that it can have changed is checked again, and the findings of the
files they changed in are made ready to be sent. No protocol and no pause are in it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.rule_files import SCHEMA, SETTINGS, rules
from benchmarks.rule_texts import as_segue
from lsp.completing import complete
from lsp.hovering import hover
from lsp.members import nobody_knows
from lsp.names import named_at, uses
from lsp.projects import Projects
from lsp.publishing import states


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--files", type=int, default=1_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder).resolve(), given.files)
    print(json.dumps(figures, indent=2) if given.json else _table(figures))


def _table(figures: dict[str, dict[str, float]]) -> str:
    lines = [f"{took['clock']:>8.1f} {took['processor']:>9.1f}  {what}" for what, took in figures.items()]
    return "\n".join(["   clock processor  (ms)", *lines])


def measure(folder: Path, files: int) -> dict[str, dict[str, float]]:
    """Milliseconds, medians of many."""
    texts = {f"rule_{number:05}.segue": as_segue(rule) for number, rule in enumerate(rules(files))}
    for name, text in {"schema.yaml": SCHEMA, "segue.yaml": SETTINGS, **texts}.items():
        (folder / name).write_text(text, "utf-8")
    projects = Projects()
    before: dict[str, object] = {}

    def told() -> None:
        """As the server does before it sends: every file's findings, held against what was told last."""
        now = states(projects)
        before.update({uri: state for uri, (_, state) in now.items() if before.get(uri) != state})

    def opened(_: int) -> None:
        projects.open_folder(folder)
        told()

    figures = {"reading and checking all files": _median(opened, 1)}
    (project,) = projects.all()
    chosen = list(texts.items())[:: max(1, files // 40)]

    def edit(number: int) -> None:
        name, text = chosen[number % len(chosen)]
        projects.change((folder / name).as_uri(), f"{text}# {number}\n")
        told()

    def misspelt(number: int) -> None:
        name, text = chosen[number % len(chosen)]
        projects.change(
            (folder / name).as_uri(), text.replace(" }", f" nonsense_{number} }}").replace("plan", "pln", 1)
        )
        told()

    name = chosen[0][0]
    source = project.source(name)
    assert source is not None
    middle = source.text.index("plan")
    figures["a harmless edit, to its findings"] = _median(edit)
    figures["an edit with a mistake, to its findings"] = _median(misspelt)
    figures["hover"] = _median(lambda _: hover(project, source, middle, nobody_knows))
    figures["completion"] = _median(lambda _: complete(project, source, middle))
    things = [use.thing for use in named_at(project, name, middle)]
    figures["references over all files"] = _median(lambda _: uses(project, things), 10)
    return figures


def _median(act: Callable[[int], object], times: int = 40) -> dict[str, float]:
    """By the clock, and of the processor alone: they differ where others work on the machine."""
    clock, processor = [], []
    for number in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act(number)
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return {"clock": statistics.median(clock), "processor": statistics.median(processor)}


if __name__ == "__main__":
    main()
