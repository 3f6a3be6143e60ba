"""Whether expectations on calls, notes, new records and consent hold, and what to say where they do not."""

from __future__ import annotations

from dsl.diagnostics.articles import article
from dsl.program.conditions import Const, ScoreValue
from dsl.program.tests import ExpectCall, ExpectConsent, ExpectCreated, ExpectNote, Said
from dsl.schema.model import Kind, Type

from ..query.scope import Params
from ..query.values import Values
from ..reading.values import shown
from ..store.names import quoted
from ..times.zones import MINUTE, iso_date, local_day, parse_local
from .acts import storage
from .effects import Call, Effects, Made
from .outcome import Failure
from .stage import Stage
from .standing import Standing, named

_LONGEST = 100  # letters of a note in a message


class JudgedEffects(Standing):
    """The part of the judge that looks at what left the engine, and at records that were not given."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.effects = Effects(stage, self.happened.keys)

    # --- calls --------------------------------------------------------------------------------

    def is_call(self, e: ExpectCall, call: Call) -> bool:
        same = (call.kind, call.channel) == (e.kind, e.channel) and e.source in (None, call.source)
        return same and (e.said is None or e.said.fits(call.words))

    def call(self, e: ExpectCall) -> Failure | None:
        calls = self.effects.calls()
        fitting = [call for call in calls if self.is_call(e, call)]
        if bool(fitting) is not e.negated:
            return None
        what = f"{e.kind} `{e.channel}`{words_of(e.said)}" + (f" from {named(e.source)}" if e.source else "")
        if e.negated:
            return Failure(e.span, f"{what} was called", self.told(fitting[0]))
        others = "; ".join(map(self.told, [c for c in calls if c.channel == e.channel] or calls))
        return Failure(e.span, f"{what} was not called", others or "nothing was called")

    def told(self, call: Call) -> str:
        at = self.stage.local(call.at)
        return f'{call.kind} `{call.channel}` was told "{shortened(call.words)}" at {at} by {named(call.source)}'

    # --- notes and consent --------------------------------------------------------------------

    def note(self, e: ExpectNote) -> Failure | None:
        notes = self.effects.notes(e.who.object, self.stage.id_of(e.who))
        fitting = [words for words in notes if e.said is None or e.said.fits(words)]
        if bool(fitting) is not e.negated:
            return None
        if e.negated:
            return Failure(e.span, f"there is a note on `{e.who.name}`{words_of(e.said)}", f'"{shortened(fitting[0])}"')
        others = "; ".join(f'"{shortened(words)}"' for words in notes)
        return Failure(e.span, f"there is no note on `{e.who.name}`{words_of(e.said)}", others or "it has no note")

    def consent(self, e: ExpectConsent) -> Failure | None:
        state = self.effects.consent(self.stage.id_of(e.who), e.topic)
        wanted = "opted_in" if e.opted_in else "opted_out"
        if (state == wanted) is not e.negated:
            return None
        words = {"opted_in": "subscribed", "opted_out": "opted out", None: "neither said yes nor no"}[state]
        asked = "subscribed to" if e.opted_in else "opted out of"
        no = "" if e.negated else "not "
        return Failure(e.span, f"`{e.who.name}` is {no}{asked} `{e.topic}`", words)

    # --- new records --------------------------------------------------------------------------

    def is_made(self, e: ExpectCreated, made: Made) -> bool:
        return (
            made.object == e.object
            and e.source in (None, made.source)
            and all(self.same(e.object, n, v, self.value(e.object, made.id, n)) for n, v in e.fields)
        )

    def created(self, e: ExpectCreated) -> Failure | None:
        """The one found takes the name that the rest of the test calls it by."""
        taken = set(self.stage.ids.values())
        made = [one for one in self.effects.made() if one.object == e.object]
        fitting = [one for one in made if self.is_made(e, one) and not (e.name and one.id in taken)]
        if bool(fitting) is e.negated:
            with_ = " with these values" if e.fields else ""
            by = f" by {named(e.source)}" if e.source else ""
            if e.negated:
                return Failure(e.span, f"{article(e.object)} was created{with_}{by}", self._as_made(e, fitting[0]))
            others = "; ".join(self._as_made(e, one) for one in made)
            return Failure(e.span, f"no {e.object} was created{with_}{by}", others or f"no {e.object} is new")
        if e.name is not None:
            self.stage.ids[e.name.name] = fitting[0].id
            self.stage.id_of(e.name)
        return None

    def _as_made(self, e: ExpectCreated, made: Made) -> str:
        """The values that were asked about, as they are."""
        by = f" by {named(made.source)}" if made.source else ""
        found = {name: self.value(e.object, made.id, name) for name, _ in e.fields}
        values = ", ".join(f"{name} {self.shown(e.object, name, value)}" for name, value in found.items())
        return f"{article(made.object)}{by}" + (f" with {values}" if values else "")

    # --- values -------------------------------------------------------------------------------

    def same(self, of: str, name: str, value: Const | None, found: object) -> bool:
        """Exactly the value. Of an instant a day means any time of it (X14), a minute any moment of that minute: acts
        come one after the other within one."""
        if value is None or found is None:
            return value is None and found is None
        zone, type_ = self.stage.test.zone, self.stage.program.schema.objects[of].properties[name].type
        if value.type.kind is Kind.DATE and type_.kind is Kind.DATETIME:
            return isinstance(found, int) and iso_date(local_day(found, zone)) == value.value
        if type_.kind is Kind.DATETIME:
            return isinstance(found, int) and 0 <= found - parse_local(str(value.value), zone) < MINUTE
        return found == storage(value, type_, zone)

    def value(self, of: str, id_: int, name: str) -> object:
        """The value stored now; the derived ones are computed as in conditions."""
        params = Params()
        values = Values(self.stage.engine.rules.scope, params)
        column = values.sql(self.stage.field(of, name), "s")
        rows = self.stage.session.bound(
            f"SELECT {column} FROM {quoted(of)} s WHERE s.bucket = :b AND s.id = :id",
            params.constants | {"b": id_ % 256, "id": id_},
        )
        return rows[0][0] if rows else None

    def points(self, of: str, id_: int, score: str) -> float | None:
        """What a score is worth now, to two decimals."""
        params = Params()
        worth = Values(self.stage.engine.rules.scope, params).sql(ScoreValue(score, Type(Kind.NUMBER)), "s")
        rows = self.stage.session.bound(
            f"SELECT {worth} FROM {quoted(of)} s WHERE s.bucket = :b AND s.id = :id",
            params.at(self.stage.now) | {"b": id_ % 256, "id": id_},
        )
        return None if not rows or rows[0][0] is None else round(float(rows[0][0]), 2)

    def shown(self, of: str, name: str, found: object) -> str:
        type_ = self.stage.program.schema.objects[of].properties[name].type
        return "missing" if found is None else f"`{shown(found, type_, self.stage.test.zone)}`"


def words_of(said: Said | None) -> str:
    if said is None:
        return ""
    return f' {"that contains " if said.part else ""}"{said.text}"'


def shortened(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
