"""Tickets given to somebody by people (P8, W18)."""

from __future__ import annotations

import pytest

from runtime.access.roles import Actor
from runtime.errors import InvalidInput, UnknownName
from runtime.pipelines import acts, cards

from .desk import ADA, Desk


def test_p8_a_ticket_is_given_to_somebody_who_works_here(desk: Desk) -> None:
    desk.create()
    desk.world.run_to("03-02 09:01")
    acts.assign(desk.session, desk.settings, "ticket", ["t"], "amy", ADA)
    desk.world.run_to("03-02 09:02")
    assert desk.world.value("t", "owner", "ticket") == "amy"
    with pytest.raises(InvalidInput, match="works here no more"):
        acts.assign(desk.session, desk.settings, "ticket", ["t"], "gone", ADA)
    with pytest.raises(UnknownName):
        acts.assign(desk.session, desk.settings, "ticket", ["t"], "nobody", ADA)


def test_w18_who_saw_another_owner_gives_nothing_away(desk: Desk) -> None:
    """Before a tick and after it; all or none."""
    for name in ("t", "u"):
        desk.create(name)
    desk.world.run_to("03-02 09:01")

    def give(to: str, seen: str | None) -> None:
        acts.assign(desk.session, desk.settings, "ticket", ["u", "t"], to, ADA, {"t": seen, "u": None})

    acts.assign(desk.session, desk.settings, "ticket", ["t"], "amy", Actor("bob", "admin"))
    for _ in range(2):
        with pytest.raises(InvalidInput, match="ticket `t` was given away meanwhile, by bob: amy has it"):
            give("rep", None)
        desk.world.run_to("03-02 09:02")
    assert [desk.world.value(name, "owner", "ticket") for name in ("t", "u")] == ["amy", None]
    give("rep", "amy")
    (card,) = cards.cards(desk.session, desk.settings.schema, "ticket", cards.Which(text="t"))
    assert (card.owner, card.given, desk.page().owner) == ("amy", "rep", "rep")
    desk.world.run_to("03-02 09:03")
    assert [desk.world.value(name, "owner", "ticket") for name in ("t", "u")] == ["rep", "rep"]
