"""An instant that a crash cut short is taken up where it was: what was decided in it leaves at that instant, before
anything that came to be known meanwhile is looked at (architecture, "The engine" 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from runtime.channels.base import Result
from runtime.channels.memory import MemoryChannel

from .harness import MakeWorld, World
from .test_calls import CALLED

MAIL = "sequence x { when: manually  sender: rep  window: every day 00:00-23:59  send intro  wait 1 day  send case }"
CALL = 'workflow w of contact { when: manually  webhook "erp" { who = email }  wait 1 hour  set visits = 9 }'


class PowerCut(BaseException):
    """What no code of ours catches."""


class Cut(MemoryChannel):
    """The power fails at the first publishing, before it (`went` false) or after it."""

    def __init__(self, went: bool) -> None:
        super().__init__()
        self.went, self.cuts, self.calls = went, 1, 0

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        self.calls += 1
        if self.cuts and not self.went:
            self._cut()
        found = super().publish(keys)
        if self.cuts:
            self._cut()
        return found

    def _cut(self) -> None:
        self.cuts -= 1
        self.staged = {key: one for key, one in self.staged.items() if one.kind == "email"}  # on disk, calls are not
        raise PowerCut


def cut_short(w: World, to: str) -> World:
    with pytest.raises(PowerCut):
        w.run_to(to)
    return w


@pytest.mark.parametrize("went", [False, True])
def test_a_webhook_under_way_is_called_again_at_its_instant(worlds: MakeWorld, went: bool) -> None:
    w = worlds(CALL, channel=Cut(went), project=CALLED).contact("ann").enroll("ann", "workflow w", at="03-03 10:00")
    cut_short(w, "03-03 10:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("sending",)]
    w.restart().run_to("03-03 12:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("sent",)]
    assert [w.local(at) for (at,) in w.sql("SELECT settled_at FROM segue_outbox")] == ["03-03 10:00"]
    assert len(w.channel.messages) == 1  # one key, however often it was called
    assert [step for step in w.steps("ann") if step[1] == "webhook"] == [("03-03 10:00", "webhook", "erp", "sent")]
    assert w.channel.calls == 2
    assert w.value("ann", "visits") == 9


@pytest.mark.parametrize("went", [False, True])
def test_a_mail_under_way_leaves_once_at_its_instant(worlds: MakeWorld, went: bool) -> None:
    w = worlds(MAIL, channel=Cut(went)).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    cut_short(w, "03-03 10:00").restart().run_to("03-05 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-04 10:00", "case")]
    assert len(w.channel.messages) == 2


def test_what_was_claimed_leaves_before_anything_else_is_looked_at(
    worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between the commit of a claim and its dispatch; a reply has come when the next one begins."""
    w = (
        worlds(MAIL.replace("send intro", "wait 1 hour  send intro"))
        .contact("ann")
        .enroll("ann", "sequence x", at="03-03 09:00")
        .go_live()
    )

    def cut(now: int) -> None:
        raise PowerCut

    monkeypatch.setattr(w.engine.phases.dispatch, "send", cut)
    cut_short(w, "03-03 10:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("claimed",)]
    w.event("ann", "replied", at="03-03 09:30").deliver().restart().run_to("03-05 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert w.status("ann", "x") == "unenrolled(reply)"
