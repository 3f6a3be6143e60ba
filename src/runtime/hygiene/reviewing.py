"""Decisions about what a rule has found: the record may stay as it is, until a value that the rule looks at changes."""

from __future__ import annotations

from collections.abc import Sequence

from .. import arguments
from ..audit import About, acting
from ..errors import InvalidInput
from ..project import Loaded
from ..query.scope import Params
from ..roles import Actor
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session
from .finding import Findings
from .rules import Rule, found_sql, kept_under, rule_named


def keep(session: Session, loaded: Loaded, name: str, record: str, who: Actor, words: str | None = None) -> int:
    """Take a record out of what the rule `name` (`names.2`) finds; its id. Raises UnknownName, NotAllowed, and
    InvalidInput where the rule does not find it."""
    rule = rule_named(loaded.program, name)
    of = rule.hygiene.object
    id_ = arguments.record(session, loaded.schema, of, record)
    findings = Findings(session, loaded)
    about = About(of, (id_,), f"hygiene {rule.hygiene.name}", {"did": "keep", "rule": rule.name})
    with acting(session, who, "hygiene", about):
        if not _is_found(findings, rule, id_):
            raise InvalidInput(f"the rule {rule.name} finds nothing wrong with `{record}`", f"`segue hygiene {name}`")
        look_at(findings, rule, [id_], who, words)
    return id_


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
