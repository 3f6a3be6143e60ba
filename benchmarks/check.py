"""`segue check` on made-up projects beside other tools on the same content: `check.py [--json] [--definitions 10000]`.

Whole processes, interleaved, medians; the ratios are of one run. Beside the time on the clock stands that of the
processors, of a process and its children together: what others do meanwhile on the machine is not in it. Peers that
are not installed are named as absent.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.rule_files import SCHEMA, SETTINGS, Rule, rules
from benchmarks.rule_texts import as_python, as_segue, as_yaml

ROOT = Path(__file__).parent.parent
SEGUE = "import sys; from segue.main import main; sys.exit(main(sys.argv[1:]))"
IN_MEMORY = Path(__file__).with_name("check_in_memory.py")
RUFF = ("check", "--isolated", "--no-cache", "--quiet", "--select", "E,F,W", "--line-length", "200")
YAML_QUARTER = 4  # ruamel.yaml is so slow that it gets a quarter

PYDANTIC = """
import sys, yaml
from typing import Any
from pydantic import BaseModel, Field
class Rule(BaseModel):
    kind: str
    name: str
    label: str
    when: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    body: str = ""
    topic: str = ""
    subject: str = ""
for rule in yaml.load(open(sys.argv[1], encoding="utf-8"), yaml.CSafeLoader):
    Rule.model_validate(rule)
"""
RUAMEL = "import sys; from ruamel.yaml import YAML; YAML().load(open(sys.argv[1], encoding='utf-8'))"
CEL = """
import sys, celpy
environment = celpy.Environment()
for line in open(sys.argv[1], encoding="utf-8"):
    environment.compile(line)
"""


@dataclass(frozen=True)
class Case:
    """`before` is done each time, off the clock; `scale` what its time is multiplied with."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None
    scale: float = 1.0
    processors: int | None = None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--definitions", type=int, default=10_000)
    arguments.add_argument("--files", type=int, default=1_000)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), given.definitions, given.files, given.rounds)
    print(json.dumps(figures, indent=2) if given.json else _table(figures))


def measure(folder: Path, definitions: int, files: int, rounds: int) -> dict[str, object]:
    """Seconds by case, and what they are in `ruff check` of as many bytes of Python."""
    made = list(rules(definitions))
    sizes = _write(folder, made, files)
    cases, absent = _cases(folder, made)
    times: dict[str, list[tuple[float, float]]] = {case.name: [] for case in cases}
    for _ in range(rounds):
        for case in cases:
            case.before()
            times[case.name].append(_seconds(case, folder))
    clock = {name: statistics.median(one for one, _ in taken) for name, taken in times.items()}
    processors = {name: statistics.median(one for _, one in taken) for name, taken in times.items()}
    in_memory = json.loads(_run([sys.executable, str(IN_MEMORY), str(folder / "project")], folder))
    return {
        "definitions": definitions,
        "files": files,
        "bytes": sizes,
        "seconds": _rounded(clock),
        "processor seconds": _rounded(processors),
        "times ruff": _in_ruff(clock),
        "times ruff, processors": _in_ruff(processors),
        "in a process that lives, milliseconds": in_memory,
        "absent": absent,
    }


def _rounded(times: Mapping[str, float]) -> dict[str, float]:
    return {name: round(seconds, 3) for name, seconds in times.items()}


def _in_ruff(times: Mapping[str, float]) -> dict[str, float]:
    return {name: round(seconds / times["ruff check E,F,W"], 2) for name, seconds in times.items()}


def _write(folder: Path, made: Sequence[Rule], files: int) -> dict[str, int]:
    project, python = folder / "project", folder / "python"
    texts = [as_segue(rule) for rule in made]
    _spread(project, texts, files, ".segue")
    (project / "schema.yaml").write_text(SCHEMA)
    (project / "segue.yaml").write_text(SETTINGS)
    wanted, classes, size = sum(map(len, texts)), list[str](), 0
    for rule in made:  # as many bytes of Python, no more
        classes.append(as_python(rule))
        size += len(classes[-1])
        if size >= wanted:
            break
    _spread(python, classes, files, ".py")
    (folder / "rules.yaml").write_text("".join(map(as_yaml, made)))
    (folder / "quarter.yaml").write_text("".join(map(as_yaml, made[: len(made) // YAML_QUARTER])))
    (folder / "conditions.cel").write_text("\n".join(" && ".join(t.cel for t in r.tests) for r in made if r.tests))
    return {"segue": wanted, "python": size, "yaml": (folder / "rules.yaml").stat().st_size}


def _spread(folder: Path, texts: Sequence[str], files: int, suffix: str) -> None:
    each = -(-len(texts) // files)
    for number in range(files):
        path = folder / f"area_{number % 20}" / f"part_{number}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(texts[number * each : (number + 1) * each]))


def _cases(folder: Path, made: Sequence[Rule]) -> tuple[list[Case], list[str]]:
    def forget() -> None:
        shutil.rmtree(folder / "cache" / "segue" / "checks", ignore_errors=True)

    def change() -> None:
        with (folder / "project" / "area_3" / "part_3.segue").open("a") as file:
            file.write("# changed\n")

    segue = [sys.executable, "-c", SEGUE, "check", str(folder / "project")]
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    cases = [
        Case("segue check, cold", segue, forget),
        Case("segue check, cold, one processor", segue, forget, processors=1),
        Case("segue check, nothing changed", segue),
        Case("segue check, one file changed", segue, change),
        Case("ruff check E,F,W", [ruff, *RUFF, str(folder / "python")]),
        Case("python -m compileall", [sys.executable, "-m", "compileall", "-q", "-f", str(folder / "python")]),
        Case("ruamel.yaml", [sys.executable, "-c", RUAMEL, str(folder / "quarter.yaml")], scale=YAML_QUARTER),
    ]
    absent = []
    if find_spec("yaml"):
        cases.append(Case("PyYAML (C) and pydantic", [sys.executable, "-c", PYDANTIC, str(folder / "rules.yaml")]))
    else:
        absent.append("PyYAML")
    if find_spec("celpy"):
        cases.append(Case("cel-python", [sys.executable, "-c", CEL, str(folder / "conditions.cel")]))
    else:
        absent.append("cel-python")
    return cases, absent


def _seconds(case: Case, folder: Path) -> tuple[float, float]:
    """On the clock, and on all processors."""
    started, before = time.perf_counter(), _of_children()
    _run(case.command, folder, case.processors)
    return (time.perf_counter() - started) * case.scale, (_of_children() - before) * case.scale


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: Sequence[str], folder: Path, processors: int | None = None) -> str:
    """Findings are no failure (1); anything else is."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")))
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": paths}
    all_of_them = os.sched_getaffinity(0)
    if processors is not None:
        os.sched_setaffinity(0, sorted(all_of_them)[:processors])
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    finally:
        os.sched_setaffinity(0, all_of_them)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def _table(figures: dict[str, object]) -> str:
    columns = [figures[name] for name in ("seconds", "times ruff", "processor seconds", "times ruff, processors")]
    lines = [f"{figures['definitions']:,} definitions in {figures['files']:,} files, bytes: {figures['bytes']}"]
    lines.append(f"{'':<36} {'seconds':>9} {'x ruff':>8} {'processors':>11} {'x ruff':>8}")
    for name in columns[0]:  # type: ignore[attr-defined]  # four dicts
        clock, ratio, processors, of_ruff = (column[name] for column in columns)  # type: ignore[index]  # as above
        lines.append(f"{name:<36} {clock:>9.3f} {ratio:>8.2f} {processors:>11.3f} {of_ruff:>8.2f}")
    lines.append(f"in a process that lives, ms: {figures['in a process that lives, milliseconds']}")
    return "\n".join([*lines, *(f"absent: {name}" for name in figures["absent"])])  # type: ignore[attr-defined]  # a list


if __name__ == "__main__":
    main()
