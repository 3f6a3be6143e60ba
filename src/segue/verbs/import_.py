"""`segue import`: CSV files into the store, by a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of


def import_(
    file: Annotated[Path, Parameter(help="A CSV file, plain or .gz.")],
    /,
    *,
    map: Annotated[Path, Parameter(help="What becomes of a row; docs/import.md tells how to write it.")],
    live: Annotated[bool, Parameter(help="Let the rows start sequences and workflows (X2).")] = False,
    rejects: Annotated[Path | None, Parameter(help="Where rows set aside go. Without it: FILE.rejects.csv.")] = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Load a CSV file as records, links, events, users, consents or members of segments.

    The same file twice changes nothing. A bad row is set aside with its line and the reason, the rest is loaded.

    Exit codes: 0 all rows loaded, 1 some were set aside, 2 the file or the map cannot be used.

    For instance:
        segue import people.csv --map people.map.yaml --live
    """
    from runtime.operators.importing import import_rows

    from ..output import plural, remark, say, show_json
    from ..progress import progress

    with progress(f"import {file.name}") as begin:
        found = import_rows(
            root_of(project), file, map, live, rejects, lambda read, total: begin(total)(read, ""), as_user
        )
    result = found.result
    if json:
        show_json(found)
    else:
        parts = (("loaded", result.loaded), ("unchanged", result.unchanged), ("skipped", result.skipped))
        print(
            ", ".join(f"{n:,} {word}" for word, n in (*parts, ("set aside", result.rejected)) if n or word == "loaded")
        )
    for reject in result.first_rejects[:10]:
        say(f"  {file}:{reject.line}: {f'{reject.column}: ' if reject.column else ''}{reject.why}")
    if result.rejects:
        remark(
            f"{plural(result.rejected, 'row')} set aside, with the reasons, in {result.rejects}",
            "repair and import it with the same map",
        )
    for words in found.remarks:
        remark(words)
    return 1 if result.rejected else 0
