"""`segue init`: a small project to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import called


def init(
    folder: Annotated[
        Path, Parameter(help="Where; made if it is not there. Without it: this folder.", show_default=False)
    ] = Path(),
    /,
    *,
    from_: Annotated[str, Parameter(name="--from", help="A part of the rule library: library/segments.")] = "",
) -> int:
    """Make a small project to start from: settings, a schema, and a first segment, sequence and template.

    With --from a part of the rule library instead, with its tests and all it names elsewhere. Nothing that is there
    already is written over.

    For instance:
        segue init shop
        segue init shop --from library/segments
    """
    from ..output import say
    from ..starter import make_project

    made = make_project(folder, from_)
    for path in made:
        say(f"made {path}")
    go, segue = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && ", called(folder)
    if from_:
        say(f"\nType next:\n  {go}{segue} check && {segue} test")
        return 0
    say(f"\nType next:\n  {go}{segue} check")
    say(f"  {segue} migrate && {segue} import people.csv --map people.map.yaml --live")
    say(f"  {segue} plan --until +7days    # who would be mailed; writes nothing")
    say(f"  {segue} run --until 2026-04-01 # the virtual clock: a month in a moment, mails as files in outbox/")
    return 0
