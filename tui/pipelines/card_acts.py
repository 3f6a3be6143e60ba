"""What people do with cards: move, close, give to somebody, make a new one. The core decides; this asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar
from uuid import uuid4

from textual.binding import Binding, BindingType

from runtime.errors import InvalidInput, StoreError
from runtime.pipelines import acts
from runtime.pipelines.blank import Blank, blank
from runtime.pipelines.making import Made, create
from runtime.pipelines.ways import Way, owners, ways
from runtime.project.loading import Settings
from runtime.store.session import Session

from ..dialogs.choosing import Choice, ChoiceScreen
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Taken
from ..words import plural
from .card import Picked, stage_label
from .card_form import FormScreen, Written

T = TypeVar("T")


class CardActs(DeskScreen):
    """Subclasses say of which object, which cards are meant, and in which pipeline a new one begins."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "move", "Stage", tooltip="move the selected, or the card under the cursor, to another stage"),
        Binding("c", "close", "Close", tooltip="move them to a stage that closes them"),
        Binding("a", "assign", "Assign", tooltip="give them to somebody"),
    ]
    object = ""

    def meant(self) -> list[Picked]:
        raise NotImplementedError

    def let_go(self) -> None:
        """Nothing is selected any more."""

    @property
    def begins_in(self) -> str | None:
        return None

    def takes(self, action: str) -> Taken | None:
        if action in ("move", "close", "assign", "new"):
            return Taken(acts.act_of(self.object))
        return super().takes(action)

    # --- move and close -----------------------------------------------------------------------------

    def action_move(self) -> None:
        self._choose_stage("Move", closing=False)

    def action_close(self) -> None:
        self._choose_stage("Close", closing=True)

    def _choose_stage(self, act: str, closing: bool) -> None:
        cards = self.meant()
        if not cards:
            self.say("No card is selected", "$muted")
            return
        standing = [(card.id, card.pipeline, card.stage) for card in cards]
        self.act(
            lambda session, settings: ways(session, settings.schema, self.object, standing),
            lambda there: self._offer(act, cards, there, closing),
        )

    def _offer(self, act: str, cards: Sequence[Picked], there: Sequence[Way], closing: bool) -> None:
        """The stages; those where not all may go are grey and say why."""
        choices = [_choice(way) for way in there if way.closed or not closing]
        if not any(not choice.why for choice in choices):
            self.say(
                f"{_called(cards)} may go nowhere: {choices[0].why if choices else 'nothing closes it'}", "$warning"
            )
            return

        def chosen(to: str | None) -> None:
            if to is not None:
                self._move(cards, to, closing)

        stands = stage_label(self.desk.schema, self.object, cards[0].pipeline, cards[0].stage)
        note = f"It stands in {stands}." if len(cards) == 1 else ""
        self.app.push_screen(ChoiceScreen(f"{act} {_called(cards)} to", note, choices), chosen)

    def _move(self, cards: Sequence[Picked], to: str, closing: bool) -> None:
        names = [card.external_id for card in cards]
        seen = {card.external_id: card.stage for card in cards}

        def do(session: Session, settings: Settings) -> list[acts.Asked]:
            if closing:
                return acts.close(session, settings, self.object, names, self.desk.who, to, seen)
            return acts.move(session, settings, self.object, names, to, self.desk.who, seen)

        where = stage_label(self.desk.schema, self.object, cards[0].pipeline, to)
        self.act(do, lambda _: self._asked(f"{_called(cards)} to go to {where}"))

    # --- give ---------------------------------------------------------------------------------------

    def action_assign(self) -> None:
        cards = self.meant()
        if not cards:
            self.say("No card is selected", "$muted")
            return
        self.act(owners, lambda known: self._choose_owner(cards, known))

    def _choose_owner(self, cards: Sequence[Picked], known: Sequence[tuple[str, str]]) -> None:
        choices = [Choice(name, label or name, name if label else "") for name, label in known]

        def chosen(to: str | None) -> None:
            if to is not None:
                seen = {card.external_id: card.owner for card in cards}
                self.act(
                    lambda s, settings: acts.assign(s, settings, self.object, list(seen), to, self.desk.who, seen),
                    lambda _: self._asked(f"{_called(cards)} to belong to {to}"),
                )

        note = f"{cards[0].owner or 'Nobody'} has it." if len(cards) == 1 else ""
        self.app.push_screen(ChoiceScreen(f"Give {_called(cards)} to", note, choices), chosen)

    # --- new ----------------------------------------------------------------------------------------

    def action_new(self) -> None:
        self.act(lambda _, settings: blank(settings, self.object, self.begins_in), self._fill_in)

    def _fill_in(self, form: Blank) -> None:
        own = {"owner": self.desk.user} if self.desk.who.role == "rep" else {}
        # Once: where the connection broke as it was saved, what is saved again is the same card.
        made_up, key = f"{self.object}-{uuid4().hex[:12]}", self.desk.schema.objects[self.object].key

        def make(session: Session, written: Written) -> Made:
            name = written.id or (written.values.get(key) if key else None) or made_up
            return create(
                session, self._settings(), self.object, written.values, written.links, self.desk.who, form.pipeline,
                written.stage, name,
            )  # fmt: skip

        self.app.push_screen(FormScreen(self, form, own, make), self._made)

    def _made(self, made: Made | None) -> None:
        if made is not None:
            lacking = f"; it is tied to no {', '.join(made.lacking)}, which the schema asks for" if made.lacking else ""
            self._asked(f"a new {made.object} {made.external_id}", lacking)

    # --- asking -------------------------------------------------------------------------------------

    def act(self, do: Callable[[Session, Settings], T], answer: Callable[[T], None]) -> None:
        """In a thread, as the project's settings say it; what is refused is said, and what is shown is read again. The
        store is to blame where it is not reached: then what is selected stays."""

        def failed(error: Exception) -> None:
            if not isinstance(error, StoreError):
                self.let_go()
            self.load()
            self.say_error(error)

        self.ask_to(lambda s: do(s, self._settings()), answer, failed)

    def _settings(self) -> Settings:
        if self.desk.settings is None:
            raise InvalidInput("that cannot be done without the project", "open the app with `segue tui`")
        return self.desk.settings

    def _asked(self, what: str, besides: str = "") -> None:
        self.let_go()
        self.load()
        self.say(f"Asked for {what}; takes effect at the next tick{besides}", "$warning" if besides else "$success")


def _choice(way: Way) -> Choice:
    return Choice(way.stage, way.label, "closes it" if way.closed else "", way.why)


def _called(cards: Sequence[Picked]) -> str:
    return f"“{cards[0].name}”" if len(cards) == 1 else plural(len(cards), "card")
