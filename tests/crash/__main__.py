"""The long form of the crash tests: `python -m tests.crash --kills 200 --people 5000 --store postgres`."""

from __future__ import annotations

import argparse
import contextlib
import time

from .disturb import disturbed, undisturbed
from .world import server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often a run is disturbed, over all runs")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--mail", choices=["maildir", "read", "smtp"], default="maildir")
    parser.add_argument("--mean", type=float, default=1.2, help="seconds between two of them")
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    postgres = asked.store == "postgres"
    with server() if postgres else contextlib.nullcontext() as own:
        began = time.monotonic()
        undisturbed(asked.people)
        print(f"undisturbed: {time.monotonic() - began:.0f} s", flush=True)
        total = disturbed(
            asked.people, asked.seed, asked.kills, asked.mean, mail=asked.mail, server=own,
            ways=("worker", "worker", "server", "backend") if postgres else ("worker",),
            told=lambda line: print(line, flush=True),
        )  # fmt: skip
    print(f"{asked.people} people, {asked.store}, {asked.mail}: {total}, every run as the undisturbed one")


if __name__ == "__main__":
    main()
