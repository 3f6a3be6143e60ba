"""What the scores of the rules say of one record, as of an instant (G18-G20, X35)."""

from __future__ import annotations

from dsl.program.conditions import ScoreValue
from dsl.program.definitions import Program
from dsl.schema.model import Kind, Type

from ..query.conditions import Writer
from ..query.scope import Params, Scope
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session


def scores_of(session: Session, program: Program, of: str, id_: int, at: int) -> dict[str, float | None]:
    """Each score of that object by its name, in the order of the rules; None where nothing ever gave it points. One
    statement, which reads this record's rows alone."""
    names = [name for name, score in program.scores.items() if score.object == of]
    if not names:
        return {}
    params = Params()
    values = Writer(Scope(program, session.dialect, {}, {}), params, None).values
    values.objects["s"] = of
    columns = ", ".join(values.sql(ScoreValue(name, Type(Kind.NUMBER)), "s") for name in names)
    sql = f"SELECT {columns} FROM {quoted(of)} s WHERE s.bucket = :bucket AND s.id = :id"
    found = session.bound(sql, {**params.at(at), "bucket": bucket_of(id_), "id": id_})
    return {name: _plain(value) for name, value in zip(names, found[0], strict=True)} if found else {}


def _plain(value: object) -> float | None:
    """PostgreSQL gives a decimal."""
    return None if value is None else float(str(value))
