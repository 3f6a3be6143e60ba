"""`webhook` and `slack`: outbox rows with the JSON they send, made where the step is taken.

Nobody rests there: what follows goes on at once, and what became of the call is a later row of the step log. A mail
that must wait for an answer is what `wait until` is for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import orjson

from dsl.program.blocks import Merge, Slack, Text, Webhook
from dsl.program.conditions import Value
from dsl.schema import minor_digits
from dsl.schema.model import Kind, Type

from ...store.session import Row
from ...times.zones import to_datetime
from ..rows import STEPPED
from .moving import Group, Moving

Write = Callable[[Sequence[object]], object]  # the columns of one row -> what stands in the JSON
_FOR_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Calls(Moving):
    def slack(self, g: Group, block: Slack, now: int) -> None:
        """In the window (X16), at any hour of the person's: it is the team that reads it."""
        opens = self.open(g, now, quiet=False)
        if opens != now:
            return self.closed(g, opens, now)
        rows = self._read(g, [block.text], now)
        literals = [part if isinstance(part, str) else None for part in block.text.parts]

        def written(row: Row) -> dict[str, object]:
            values = iter(self.texts.renderer.values(block.text, row[2:]))
            return {"text": "".join(_escaped(next(values)) if part is None else part for part in literals)}

        self._plan(g, "slack", block.channel, [(row, written(row)) for row in rows], now)
        self._past(g, "slack", block.channel, block.next, now)

    def webhook(self, g: Group, block: Webhook, now: int) -> None:
        rows = self._read(g, [value for _, value in block.fields], now)
        writes: list[tuple[str, slice, Write]] = []
        at = 2
        for name, value in block.fields:
            width = _width(value)
            writes.append((name, slice(at, at + width), self._writer(value)))
            at += width
        told = [(row, {name: write(row[columns]) for name, columns, write in writes}) for row in rows]
        self._plan(g, "webhook", block.channel, told, now)
        self._past(g, "webhook", block.channel, block.next, now)

    def _read(self, g: Group, told: Sequence[Value | Text], now: int) -> list[Row]:
        """(bucket, id, columns ..) of the group."""
        values = self.values(g)
        columns: list[str] = []
        for one in told:
            if isinstance(one, Text):
                columns += self.texts.columns(one, g.version.pinned.object, values.params)
            else:
                columns.append(values.sql(one, "s"))
        picked = "".join(f", {sql}" for sql in columns)
        return self.session.bound(f"SELECT e.bucket, e.id{picked} {self.rows(g)}", values.params.at(now) | g.values)

    def _writer(self, value: Value | Text) -> Write:
        if isinstance(value, Text):
            return lambda columns: self.texts.renderer.plain(value, [columns])[0]
        return partial(_one, value.type, self.rules.scope.zone)

    def _plan(self, g: Group, kind: str, name: str, told: list[tuple[Row, dict[str, object]]], now: int) -> None:
        self.session.many(
            "INSERT INTO chosen (bucket, id, value) VALUES (:b, :i, :v)",
            [{"b": row[0], "i": row[1], "v": orjson.dumps(body).decode()} for row, body in told],
        )
        self.session.bound(
            "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, template,"
            " topic, payload, automated, due, state) SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id,"
            f" e.definition_id, :kind, :name, '', c.value, FALSE, :now, 'planned' {self.rows(g, chosen=True)}",
            g.values | {"kind": kind, "name": name, "now": now},
        )
        self.session.run("DELETE FROM chosen")

    def _past(self, g: Group, kind: str, name: str, block: int, now: int) -> None:
        self.log(g, now, kind, name, "planned")
        self.go(
            g,
            block,
            now,
            STEPPED,
            "",
            {"at": now, "label": f"{kind} {name}"},
        )


def _width(value: Value | Text) -> int:
    return sum(isinstance(part, Merge) for part in value.parts) if isinstance(value, Text) else 1


def _escaped(value: str) -> str:
    """A value is text in Slack and nothing else: no link, and no call for everybody's attention."""
    return "".join(_FOR_SLACK.get(letter, letter) for letter in value)


def _one(type_: Type, zone: str, columns: Sequence[object]) -> object:
    """A stored value as JSON: money in whole units, moments as in ISO 8601, several choices as a list."""
    (value,) = columns
    if value is None:
        return None
    match type_.kind:
        case Kind.MONEY:
            digits = minor_digits(type_.currency or "USD")
            return round(int(str(value)) / 10**digits, digits) if digits else int(str(value))
        case Kind.DATETIME:
            return to_datetime(int(str(value)), zone).isoformat()
        case Kind.BOOL:
            return bool(value)
        case Kind.DATE:
            return str(value)
        case Kind.MULTI_CHOICE:
            return [option for option in str(value).split(";") if option]
        case Kind.NUMBER | Kind.PERCENT:
            number = float(str(value))
            return int(number) if number.is_integer() else number
    return value
