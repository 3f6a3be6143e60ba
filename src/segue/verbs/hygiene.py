"""`segue hygiene`: what is wrong with records, and the fixes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, at_least, root_of

if TYPE_CHECKING:
    from runtime.access.roles import Actor
    from runtime.hygiene import Change, Fixed
    from runtime.project.loading import Loaded
    from runtime.store.session import Session


def hygiene(
    name: Annotated[
        str | None, Parameter(help="One hygiene, or one rule of it (names.2); without it all of them, in figures.")
    ] = None,
    /,
    *,
    preview: Annotated[bool, Parameter(help="Show what `--fix` would write, old and new; write nothing.")] = False,
    fix: Annotated[bool, Parameter(help="Make the fixes of one hygiene; the next tick takes them in.")] = False,
    undo: Annotated[
        int | None, Parameter(help="Take a run of fixes back, by its number.", validator=at_least(1))
    ] = None,
    keep: Annotated[
        tuple[str, str] | None,
        Parameter(help="RULE RECORD: the record stays as it is, until a value changes that the rule looks at."),
    ] = None,
    words: Annotated[str | None, Parameter(help="With `--keep`: why.")] = None,
    as_user: AsUser = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Check the records by the hygiene rules: how many each finds; of one hygiene what a person has to look at.

    Exit codes: 0 nothing is found or what was asked for was done, 1 something is found, or a fix does not help,
    2 it could not be done.

    For instance:
        segue hygiene names --preview
        segue hygiene names --fix
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.project import loading as projects

    asked = [one for one, on in (("preview", preview), ("fix", fix), ("undo", undo is not None), ("keep", keep)) if on]
    if len(asked) > 1:
        raise InvalidInput(f"`--{asked[0]}` and `--{asked[1]}` exclude each other", "one at a time")
    if (preview or fix) and name is None:
        raise InvalidInput(f"`--{asked[0]}` of everything is refused", "name a hygiene; `segue hygiene` lists them")
    loaded = projects.load(root_of(project))
    who = actor(loaded.project, as_user)
    reads = preview or not asked
    with projects.open_store(loaded, readonly=reads) as store, store.session() as session:
        if undo is not None:
            return _undo(session, loaded, undo, who, json)
        if keep is not None:
            return _keep(session, loaded, keep, who, words, json)
        if name is not None and (preview or fix):
            return _fix(session, loaded, name, who if fix else None, limit, json)
        return _look(session, loaded, name, limit, json)


def _look(session: Session, loaded: Loaded, name: str | None, limit: int, json: bool) -> int:
    from runtime.hygiene import Findings

    from ..output import more_than, put, remark, show_json, table

    findings = Findings(session, loaded)
    rules = findings.overview(name)
    queue = findings.queue(name, limit) if name is not None else []
    total = sum(rule.found or 0 for rule in rules)
    if json:
        show_json({"rules": rules, **({"queue": queue} if name is not None else {})}, loaded.zone)
        return 1 if total else 0
    lines = [(r.rule, r.kind, r.object, r.found, r.condition) for r in rules]
    table(("rule", "kind", "of", "finds", "when"), lines, ("finds",))
    if queue:
        put()
        table(("rule", "record", "id", "what is wrong"), [(f.rule, f.external_id, f"#{f.id}", f.words) for f in queue])
    waits = sum(rule.found or 0 for rule in rules if rule.kind == "review")
    if name is not None:
        more_than(len(queue), waits, " to look at")
    if not rules:
        remark("there is no hygiene in the rules", "docs/hygiene.md tells how to write one")
    return 1 if total else 0


def _fix(session: Session, loaded: Loaded, name: str, who: Actor | None, limit: int, json: bool) -> int:
    from runtime.hygiene import fix, preview

    from ..output import plural, remark, show_json

    found = preview(session, loaded, name, limit) if who is None else fix(session, loaded, name, who, limit)
    if json:
        show_json(replace(found, changes=[_told(loaded, one) for one in found.changes]), loaded.zone)
        return 1 if found.told else 0
    _show(loaded, found)
    writes = f"{plural(found.written, 'value')} of {plural(found.records, 'record')}"
    if who is None:
        remark(f"would write {writes}", f"`segue hygiene {name} --fix` does")
    elif found.run is None:
        remark("nothing to fix")
    else:
        remark(f"asked for: {writes}, run {found.run}", f"`segue hygiene --undo {found.run}` takes it back")
    if found.waiting:
        remark(f"{plural(found.waiting, 'record')} with something in the inbox: after the next tick")
    return 1 if found.told else 0


def _told(loaded: Loaded, one: Change) -> Change:
    """Its values for another program."""
    from runtime.reading.values import plain

    type_ = loaded.schema.objects[one.object].properties[one.property].type
    return replace(one, old=plain(type_, one.old, loaded.zone), new=plain(type_, one.new, loaded.zone))


def _show(loaded: Loaded, found: Fixed) -> None:
    from runtime.reading.values import shown

    from ..output import more_than, remark, table

    rows = []
    for one in found.changes:
        type_ = loaded.schema.objects[one.object].properties[one.property].type
        old, new = (shown(value, type_, loaded.zone) or "nothing" for value in (one.old, one.new))
        rows.append((one.external_id, one.property, old, "->", new, " ".join(one.rules)))
    if rows:
        table(("record", "property", "old", "", "new", "rule"), rows)
    more_than(len(found.changes), found.written)
    for fix in found.stuck:
        remark(f"{fix.rule}: {fix.external_id}: the fix does not help, so a person has to look at it")
    if found.told > len(found.stuck):
        remark(f"and {found.told - len(found.stuck):,} more that their fix does not help")


def _undo(session: Session, loaded: Loaded, run: int, who: Actor, json: bool) -> int:
    from runtime.hygiene import undo

    from ..output import plural, put, remark, show_json

    done = undo(session, loaded.schema, run, who)
    if json:
        show_json(done)
        return 0
    put(f"asked for: {plural(done.back, 'value')} as before run {run}")
    if done.changed:
        remark(f"{plural(done.changed, 'value')} changed since: left as they are")
    if done.waiting:
        remark(f"{plural(done.waiting, 'value')} with something in the inbox: ask again after the next tick")
    return 0


def _keep(session: Session, loaded: Loaded, what: tuple[str, str], who: Actor, words: str | None, json: bool) -> int:
    from runtime.hygiene import keep

    from ..output import put, show_json

    rule, record = what
    id_ = keep(session, loaded, rule, record, who, words)
    if json:
        show_json({"rule": rule, "id": id_})
    else:
        put(f"{rule}: {record} stays as it is")
    return 0
