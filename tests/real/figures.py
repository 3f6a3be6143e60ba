"""`python -m tests.real.figures [PROJECT ..]`: runs the projects with a store on disk and a Maildir, each in a process
of its own, and says how long each stage took and how much memory the process held at most.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def measure(name: str) -> dict[str, float]:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    began = time.perf_counter()
    from runtime.channels.maildir import MaildirChannel
    from tests.real.projects import ALL
    from tests.real.world import run

    project = next(p for p in ALL if p.name == name)
    figures: dict[str, float] = {"start-up": time.perf_counter() - began}
    with tempfile.TemporaryDirectory() as folder:
        world = run(project, f"sqlite:///{folder}/crm.db", MaildirChannel(Path(folder) / "outbox"))
        figures |= world.took
        figures["instants"] = world.instants
        figures["enrollments"] = world.count("segue_enrollment")
        figures["messages"] = sum(1 for _ in (Path(folder) / "outbox" / "new").iterdir())
        world.close()
        figures["store, MB"] = Path(folder, "crm.db").stat().st_size / 1e6
    figures["all, s"] = time.perf_counter() - began
    figures["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def main(names: list[str]) -> None:
    measured = {}
    for name in names:
        command = [sys.executable, "-m", "tests.real.figures", "--one", name]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        measured[name] = json.loads(done.stdout)
    rows = list(next(iter(measured.values())))
    print(f"{'':16}" + "".join(f"{name:>16}" for name in measured))
    for row in rows:
        whole = row in ("instants", "enrollments", "messages")
        print(f"{row:16}" + "".join(f"{m[row]:>16,.0f}" if whole else f"{m[row]:>16,.2f}" for m in measured.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main(sys.argv[1:] or ["olist", "opportunities", "cdnow", "clickstream"])
