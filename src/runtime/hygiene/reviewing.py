"""Decisions about what a rule has found: the record may stay as it is, until a value that the rule looks at changes."""

from __future__ import annotations

from collections.abc import Sequence

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput
from ..operators import arguments
from ..project.loading import Loaded
from ..query.scope import Params
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session
from .finding import Findings
from .rules import Rule, found_sql, kept_under, rule_named


def keep(session: Session, loaded: Loaded, name: str, record: str, who: Actor, words: str | None = None) -> int:
    """Take a record out of what the rule `name` (`names.2`) finds; its id. Raises UnknownName, NotAllowed, and
    InvalidInput where the rule does not find it."""
    id_ = arguments.record(session, loaded.schema, rule_named(loaded.program, name).hygiene.object, record)
    if not keep_those(session, loaded, name, [id_], who, words):
        raise InvalidInput(f"the rule {name} finds nothing wrong with `{record}`", f"`segue hygiene {name}`")
    return id_


def keep_those(
    session: Session, loaded: Loaded, name: str, ids: Sequence[int], who: Actor, words: str | None = None
) -> list[int]:
    """The same for several, by their ids; those that the rule found. Raises UnknownName, NotAllowed."""
    rule = rule_named(loaded.program, name)
    findings = Findings(session, loaded)
    found = [id_ for id_ in ids if _is_found(findings, rule, id_)]
    detail = {"did": "keep", "rule": rule.name}
    about = About(rule.hygiene.object, found or ids, f"hygiene {rule.hygiene.name}", detail)
    if not found:
        permit(session, who, "hygiene", about)
        return []
    with acting(session, who, "hygiene", about):
        look_at(findings, rule, found, who, words)
    return found


def _is_found(findings: Findings, rule: Rule, id_: int) -> bool:
    params = Params()
    held = found_sql(findings.scope, rule, params)
    values = params.at(findings.now) | {"bucket": bucket_of(id_), "id": id_}
    sql = f"SELECT 1 FROM {quoted(rule.hygiene.object)} s WHERE s.bucket = :bucket AND s.id = :id AND {held}"
    return bool(findings.session.bound(sql, values))


def look_at(findings: Findings, rule: Rule, ids: Sequence[int], who: Actor, words: str | None) -> None:
    """Write the decision down, in the caller's transaction; an older one about the same record goes."""
    params = Params()
    under = kept_under(findings.scope, rule, params)
    for id_ in ids:
        mine = {"bucket": bucket_of(id_), "id": id_, "hygiene": rule.hygiene.name}
        findings.session.bound(
            "DELETE FROM segue_reviewed WHERE bucket = :bucket AND hygiene = :hygiene AND id = :id"
            " AND substr(rule, 1, 33) = :digest",
            mine | {"digest": f"{rule.digest}:"},
        )
        findings.session.bound(
            "INSERT INTO segue_reviewed (bucket, hygiene, rule, id, at, by_user, words) SELECT s.bucket,"
            f" CAST(:hygiene AS TEXT), {under}, s.id, CAST(:at AS BIGINT), CAST(:who AS TEXT), CAST(:words AS TEXT)"
            f" FROM {quoted(rule.hygiene.object)} s WHERE s.bucket = :bucket AND s.id = :id",
            params.at(findings.now) | mine | {"at": findings.now, "who": who.name, "words": words},
        )
