"""How the time of a file grows with its size: 100 kB and ten times as much of the same, ordinary and nasty.

    python -m benchmarks.growth [--json] [--bytes 100000]

Each input is parsed, checked and formatted as a file of a project; a ratio of 10 is linear, 12 is allowed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

from dsl.compile import compile_project
from dsl.format import format_source
from dsl.source import Source

_SEGMENT = (
    'segment s{n} "S {n}" of contact {{ email is known and has clicked_email at least 2 times within {n} days }}\n'
)
_WORKFLOW = (
    'workflow w{n} of contact {{\n  when: purchased\n  wait 3 days\n  if email is known {{ log note "{n}" }}\n}}\n'
)
INPUTS: dict[str, Callable[[int], str]] = {
    "segments": lambda n: _SEGMENT.format(n=n + 1),
    "workflows": lambda n: _WORKFLOW.format(n=n + 1),
    "misspelt names": lambda n: f'segment s{n} of contact {{ emial is known and frist_name = "x" }}\n',
    "misspelt keywords": lambda n: f"segmnet s{n} of contact {{ email is known }}\n",
    "half-typed lines": lambda n: f"segment s{n} of contact {{ email is\n}}\n",
    "missing braces": lambda n: f"segment s{n} of contact {{ email is known\n",
    "signs of elsewhere": lambda n: f"segment s{n} of contact {{ email == 'x' && !(phone <> \"y\") }}\n",
    "quotes": lambda n: f'segment s{n} of contact {{ email = "x }}\n',
    "full width": lambda n: f"segment s{n} of contact ｛ email ＝ “x” ｝\n",
    "one long condition": lambda n: " and email is known" if n else "segment s of contact { email is known",
    "one long list": lambda n: f', "{n}"' if n else 'segment s of contact { email in ["x"',
    "open parentheses": lambda n: "(" if n else "segment s of contact { ",
    "strays": lambda n: "@ ; ",
    "comments": lambda n: "# nothing\n",
}


def text(piece: Callable[[int], str], size: int) -> str:
    pieces, length, n = [], 0, 0
    while length < size:
        pieces.append(piece(n))
        length += len(pieces[-1].encode())
        n += 1
    return "".join(pieces)


def seconds(written: str) -> float:
    """The better of two runs."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        source = Source("f.segue", written)
        compile_project([source], None, None)
        format_source(source)
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--bytes", type=int, default=100_000)
    arguments = parser.parse_args()
    seconds("segment warm of contact { email is known }")
    found = {}
    for name, piece in INPUTS.items():
        small, large = seconds(text(piece, arguments.bytes)), seconds(text(piece, 10 * arguments.bytes))
        found[name] = {"small": round(small, 4), "large": round(large, 4), "ratio": round(large / small, 1)}
        if not arguments.json:
            print(f"{name:20} {small:8.3f} s {large:8.3f} s {large / small:6.1f}", flush=True)
    if arguments.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
