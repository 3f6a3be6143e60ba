"""Facts of `programs.history` as rows of the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.programs import UTC, company_of


def micros(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


def text(values: dict[str, Any]) -> dict[str, Any]:
    """Storage values: text stands there twice, as it is and folded."""
    return values | {
        f"{n}__n": str(v).casefold()
        for n, v in values.items()
        if n in ("email", "phone", "first_name") and v is not None
    }


def fields_of(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    return dict(fields) | ({"kind": "hard"} if kind == "bounced" else {})


def begun(name: str, props: dict[str, Any], created: datetime) -> Iterator[inbox.InboxRow]:
    """Somebody, in their company if they have one."""
    given, firm = text({n: v for n, v in props.items() if v is not None}), company_of(name)
    yield inbox.record_row("contact", name, given, at=micros(created))
    if firm is None:
        return
    yield inbox.record_row("company", firm, {"name": firm, "name__n": firm}, at=micros(created))
    yield inbox.link_row(
        "contact", record_id("contact", name), "company", record_id("company", firm), at=micros(created)
    )


def fact_rows(number: int, at: datetime, kind: str, values: tuple[Any, ...]) -> Iterator[inbox.InboxRow]:
    """`number`: which of the facts it is."""
    id_ = record_id("contact", values[0])
    if kind == "event":
        fields = fields_of(values[1], values[2])
        yield inbox.event_row(values[1], id_, f"e{number}", fields, at=micros(at), class_=values[3])
    elif kind == "set":
        yield inbox.set_row("contact", id_, values[1], values[2], at=micros(at))
    else:
        deal = {"pipeline": "sales", "stage": values[2], "name": values[1], "name__n": values[1]}
        yield inbox.record_row("deal", values[1], deal, at=micros(at), rank=number)
        yield inbox.link_row("contact", id_, "deal", record_id("deal", values[1]), at=micros(at))
