"""What a tick with 100 due costs on a small base and on a large one: cost must follow what changes, not what is there.

python -m benchmarks.tick [--json] [--bases 1000,100000] [--due 100]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.due_store import KEPT, DueStore, T
from runtime.times.zones import MINUTE

TICKS = 10


def milliseconds(people: int, due: int) -> float:
    """The median time of one tick, of ten that follow each other."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'crm.db'}"
        made = DueStore(url, people, due, minutes=TICKS, rules=KEPT)
        try:
            return median(_tick(made, T + n * MINUTE) for n in range(TICKS))
        finally:
            made.close()


def _tick(made: DueStore, t: int) -> float:
    began = time.perf_counter()
    made.engine.run(t)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--bases", default="1000,100000")
    parser.add_argument("--due", type=int, default=100)
    arguments = parser.parse_args()
    bases = [int(base) for base in arguments.bases.split(",")]
    found = {base: round(milliseconds(base, arguments.due), 1) for base in bases}
    ratio = round(found[bases[-1]] / found[bases[0]], 2)
    if arguments.json:
        print(json.dumps({"due": arguments.due, "milliseconds_per_tick": found, "ratio": ratio}, indent=2))
        return
    for base, taken in found.items():
        print(f"{arguments.due} due on a base of {base:>9,}: {taken:6.1f} ms a tick")
    print(f"ratio {ratio}")


if __name__ == "__main__":
    main()
