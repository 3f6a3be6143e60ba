"""The engine and channels that answer for each message: retries, bounces, the unknown (architecture 4; L11, X9, X12,
X24, S24, S25)."""

from __future__ import annotations

import email
import signal
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.channels.base import SENT, Outcome, Result
from runtime.channels.maildir import MaildirChannel
from runtime.channels.memory import MemoryChannel
from runtime.channels.smtp import SmtpChannel, SmtpSettings
from runtime.engine.sending import dispatch
from runtime.engine.sending.to_the_end import to_the_end
from runtime.errors import InvalidInput, UnknownName
from runtime.operators import outbox
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.channels.sinks import Sink

from .harness import MakeWorld, World

PAIR = "sequence x { when: manually  sender: rep  window: every day 00:00-23:59  send intro  wait 1 day  send case }"
LATER = Result("later", "451 4.7.1 try again")
HARD = Result("refused", "550 5.1.1 no such user", "bounce", "hard")
SOFT = Result("refused", "552 5.2.2 mailbox full", "soft_bounce", "soft")
UNKNOWN = Result("unknown", "the mail server closed the connection after the text was sent", "no_answer")


class Answering(MemoryChannel):
    """Answers by recipient: the answers told for one, in turn, then sends."""

    def __init__(self, **answers: list[Result]) -> None:
        super().__init__()
        self.answers = answers
        self.calls: list[str] = []

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        found = {}
        for key in keys:
            message = self.staged[key]
            self.calls.append(key)
            left = self.answers.get(message.recipient.partition("@")[0])
            found[key] = left.pop(0) if left else SENT
            if found[key].state in ("sent", "unknown"):
                self.messages[key] = self.staged.pop(key)
        return found


def test_x12_what_is_put_off_is_tried_again_and_the_wait_counts_from_when_it_went(worlds: MakeWorld) -> None:
    channel = Answering(ann=[LATER, LATER, LATER])
    w = worlds(PAIR, channel=channel)
    w.contact("ann").contact("bob").enroll("ann", "sequence x", at="03-03 10:00")
    w.enroll("bob", "sequence x", at="03-03 10:00").run_to("03-06 10:00")
    assert w.mails("bob") == [("03-03 10:00", "intro"), ("03-04 10:00", "case")]
    assert w.mails("ann") == [("03-03 10:07", "intro"), ("03-04 10:07", "case")]  # after 1, 2 and 4 minutes
    assert len(set(channel.calls)) == 4  # always under the same key
    assert w.sql("SELECT attempts FROM segue_outbox ORDER BY attempts") == [(0,), (0,), (0,), (3,)]


def test_l11_what_is_put_off_for_72_hours_is_a_soft_bounce(worlds: MakeWorld) -> None:
    w = worlds(PAIR, channel=Answering(ann=[LATER] * 100))
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-06 07:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("deferred",)]
    w.run_to("03-06 11:00")
    assert w.sql("SELECT state, reason FROM segue_outbox") == [("refused", "soft_bounce")]
    assert w.sql("SELECT kind FROM event_bounced") == [("soft",)]
    assert w.sql("SELECT count(*) FROM segue_suppression") == [(0,)]


def test_x9_an_address_that_is_none_is_a_hard_bounce_and_ends_everything(worlds: MakeWorld) -> None:
    other = "workflow w of contact { when: manually  stop_on: bounced(kind = hard)  wait 9 days  send receipt }"
    w = worlds(f"{PAIR} {other}", channel=Answering(ann=[HARD]))
    w.contact("ann").enroll("ann", "workflow w", at="03-03 09:00").enroll("ann", "sequence x", at="03-03 10:00")
    w.run_to("03-03 10:00")
    assert w.enrollments("ann", "w")[0].startswith("unenrolled")
    assert w.enrollments("ann", "x") == ["unenrolled(bounce)"]
    assert w.sql("SELECT detail FROM segue_step WHERE outcome = 'refused'") == [("550 5.1.1 no such user",)]
    assert w.sql("SELECT address, reason FROM segue_suppression") == [("ann@x.example", "bounce")]
    w.enroll("ann", "sequence x", at="03-04 10:00").run_to("03-05 10:00")
    assert len(w.enrollments("ann", "x")) == 1


def test_x24_a_soft_bounce_is_a_refused_send_a_workflow_goes_on(worlds: MakeWorld) -> None:
    w = worlds("workflow w of contact { when: manually  send receipt  set visits = 1 }", channel=Answering(ann=[SOFT]))
    w.contact("ann").enroll("ann", "workflow w", at="03-03 10:00").run_to("03-03 10:00")
    assert w.value("ann", "visits") == 1
    assert ("03-03 10:00", "send", "receipt", "refused") in w.steps("ann")


def test_x24_what_nobody_knows_counts_as_sent_and_is_never_sent_again(worlds: MakeWorld) -> None:
    channel = Answering(ann=[UNKNOWN])
    w = worlds(PAIR, channel=channel)
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-04 12:00")
    assert [key.rpartition(".")[2] for key in channel.calls] == ["1", "3"]
    assert w.steps("ann")[1] == ("03-03 10:00", "send", "intro", "unknown")
    assert w.mails("ann") == [("03-04 10:00", "case")]


def test_a_mail_put_off_is_cancelled_with_its_enrollment(worlds: MakeWorld) -> None:
    w = worlds(PAIR, channel=Answering(ann=[LATER] * 9))
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 10:00")
    w.event("ann", "replied", at="03-03 10:02").run_to("03-04 10:00")
    assert w.sql("SELECT state, reason FROM segue_outbox") == [("cancelled", "reply")]


def test_slices_make_no_difference(worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is claimed at once goes out in slices; what one knows at a time does not show."""
    monkeypatch.setattr(dispatch, "SLICE", 3)
    w = worlds(PAIR, channel=Answering(p3=[LATER], p5=[HARD], p7=[UNKNOWN]))
    for i in range(10):
        w.contact(f"p{i}").enroll(f"p{i}", "sequence x", at="03-03 10:00")
    w.run_to("03-05 12:00")
    assert [len(w.mails(f"p{i}")) for i in range(10)] == [2, 2, 2, 2, 2, 0, 2, 1, 2, 2]


class Slow(Answering):
    """Knows nothing afterwards, as a mail server; each message takes `seconds`, by a clock of its own."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds, self.clock = seconds, 0.0
        self.slices: list[int] = []

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        self.clock += self.seconds * len(keys)
        self.slices.append(len(keys))
        return super().publish(keys)

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        return {}

    def monotonic(self) -> float:
        return self.clock


@pytest.mark.parametrize(("seconds", "slices"), [(0.0, [32, 64, 104]), (0.01, [32, 64, 64, 40]), (3.0, [32] * 6)])
def test_as_much_is_at_risk_as_leaves_in_a_second(
    worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch, seconds: float, slices: list[int]
) -> None:
    """What a crash catches on its way to a mail server is never sent again: with a slow one that must be few."""
    channel = Slow(seconds)
    monkeypatch.setattr(dispatch, "time", channel)
    w = worlds(PAIR, channel=channel)
    for i in range(sum(slices)):
        w.contact(f"p{i}").enroll(f"p{i}", "sequence x", at="03-03 10:00")
    w.run_to("03-03 10:00")
    assert channel.slices == slices


def test_a_server_that_was_down_is_not_trusted_with_more_at_once(
    worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for it is put off in no time, in ever larger slices; then it is back, and slow."""

    class Down(Slow):
        down = True

        def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
            if not self.down:
                return super().publish(keys)
            self.slices.append(len(keys))
            return dict.fromkeys(keys, LATER)

    channel = Down(0.1)
    monkeypatch.setattr(dispatch, "time", channel)
    w = worlds(PAIR, channel=channel)
    for i in range(200):
        w.contact(f"p{i}").enroll(f"p{i}", "sequence x", at="03-03 10:00")
    w.run_to("03-03 10:00")
    assert channel.slices == [32, 64, 104]
    channel.down = False
    w.run_to("03-03 10:01")
    assert channel.slices[3:] == [32] * 6 + [8]


def test_in_a_thread_signals_are_left_alone() -> None:
    """A fault there is told as it is, and not as one of signals."""
    found: list[BaseException] = []

    def work() -> None:
        try:
            with to_the_end():
                raise KeyError
        except KeyError as problem:
            found.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [problem.__context__ for problem in found] == [None]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_end_leaves_nothing_unknown(worlds: MakeWorld, number: signal.Signals) -> None:
    """A service restarted in the middle of its mails: what is on its way gets its answer, what is not goes later."""

    class Restarted(Slow):
        def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
            first = super().publish(keys[:1])
            if len(self.slices) == 3:  # in the second slice, one of which has gone
                signal.raise_signal(number)
            return {**first, **super().publish(keys[1:])}

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    w = worlds(PAIR, channel=Restarted())
    for i in range(100):
        w.contact(f"p{i}").enroll(f"p{i}", "sequence x", at="03-03 10:00")
    before = signal.signal(number, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            w.run_to("03-03 10:00")
        assert signal.getsignal(number) is stop
    finally:
        signal.signal(number, before)
    w.restart()
    w.run_to("03-03 10:00")
    assert w.sql("SELECT state, count(*) FROM segue_outbox GROUP BY state") == [("sent", 100)]


@pytest.mark.parametrize("pipelining", [True, False])
def test_s24_s25_threads_hold_through_smtp(worlds: MakeWorld, pipelining: bool) -> None:
    rules = PAIR.replace("sender: rep", "sender: rep  threading: true")
    with Sink(pipelining=pipelining).running() as sink:
        channel = SmtpChannel(SmtpSettings("127.0.0.1", sink.port, "none"))
        w = worlds(rules, channel=channel)
        w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-05 12:00")
        channel.close()
    first, second = (email.message_from_bytes(body) for _, _, body in sink.mails)
    assert second["In-Reply-To"] == first["Message-ID"] == second["References"]
    assert second["Subject"] == "Re: Intro"
    assert first["Message-ID"].strip("<>").partition("@")[0] in {k for (k,) in w.sql("SELECT key FROM segue_outbox")}


def test_s24_without_threading_every_mail_stands_alone(worlds: MakeWorld) -> None:
    """The setting is off unless told: own subjects, no reference to another mail."""
    w = worlds(PAIR).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-05 12:00")
    mails = [email.message_from_bytes(m.body) for m in w.channel.messages.values()]
    assert [(m["Subject"], m["In-Reply-To"], m["References"]) for m in mails] == [
        ("Intro", None, None),
        ("Case", None, None),
    ]


def test_s25_a_mail_that_may_not_have_arrived_is_no_thread_to_go_on_with(worlds: MakeWorld) -> None:
    """Of unknown outcome: the next mail begins the thread."""
    rules = PAIR.replace("sender: rep", "sender: rep  threading: true")
    w = worlds(rules, channel=Answering(ann=[UNKNOWN]))
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-05 12:00")
    assert w.sql("SELECT state, subject FROM segue_outbox ORDER BY ordinal") == [
        ("unknown", "Intro"),
        ("sent", "Case"),
    ]


def test_a_server_that_is_down_holds_nothing_else_up(worlds: MakeWorld) -> None:
    with Sink().running() as sink:
        port = sink.port
    channel = SmtpChannel(SmtpSettings("127.0.0.1", port, "none"))
    w = worlds(f"{PAIR} workflow w of contact {{ when: manually  set visits = 1 }}", channel=channel)
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "workflow w", at="03-03 10:00")
    w.run_to("03-03 10:00")
    assert w.value("ann", "visits") == 1
    ((state, reason),) = w.sql("SELECT state, reason FROM segue_outbox")
    assert state == "deferred"
    assert f"127.0.0.1:{port}" in reason
    channel._rests_until = 0
    with Sink(port=port).running() as sink:
        w.run_to("03-03 10:05")
        assert [to for _, to, _ in sink.mails] == ["ann@x.example"]
        channel.close()


class EndedError(Exception):
    pass


class Dying(MaildirChannel):
    """The process ends after the mails are out and before that is known."""

    dies = True

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        super().publish(keys)
        if self.dies:
            raise EndedError
        return dict.fromkeys(keys, SENT)


def test_a_reader_that_empties_the_maildir_makes_nobody_mailed_twice(worlds: MakeWorld, tmp_path: Path) -> None:
    """A mail that a crash left on the way and a reader took is one nobody knows of: it is not sent again."""
    channel = Dying(tmp_path)
    w = worlds(PAIR, channel=channel)
    w.contact("ann").contact("bob").enroll("ann", "sequence x", at="03-03 10:00")
    w.enroll("bob", "sequence x", at="03-03 10:00")
    with pytest.raises(EndedError):
        w.run_to("03-03 12:00")
    (taken, kept) = sorted((tmp_path / "new").iterdir())
    taken.unlink()
    channel.dies = False
    w.restart().run_to("03-03 12:00")
    assert sorted(w.sql("SELECT key, state FROM segue_outbox")) == sorted(
        [(taken.name, "unknown"), (kept.name, "sent")]
    )
    assert list((tmp_path / "new").iterdir()) == [kept]
    w.run_to("03-04 12:00")
    assert len(list((tmp_path / "new").iterdir())) == 3  # both go on


def test_a_crash_with_a_channel_that_cannot_tell(worlds: MakeWorld) -> None:
    class Gone(Answering):
        def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
            raise EndedError

    w = worlds(PAIR, channel=Gone())
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    with pytest.raises(EndedError):
        w.run_to("03-03 12:00")
    w.channel = Answering()
    w.restart().run_to("03-03 12:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("unknown",)]
    assert w.channel.calls == []


def unknown_mail(worlds: MakeWorld) -> World:
    w = worlds(PAIR.replace("send case", "wait 30 days  send case"), channel=Answering(ann=[UNKNOWN]))
    return w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")


@pytest.mark.parametrize("kind", ["clicked_email", "replied", "bounced"])
def test_x24_evidence_that_carries_the_key_settles_the_unknown(worlds: MakeWorld, kind: str) -> None:
    """A mail that bounced had left: it counts for the cap and the figures as one that was known to be sent."""
    w = unknown_mail(worlds)
    ((enrollment, ordinal),) = w.sql("SELECT enrollment_id, ordinal FROM segue_outbox")
    given = {"enrollment": enrollment, "ordinal": ordinal} | ({"kind": "soft"} if kind == "bounced" else {})
    w._put(inbox.event_row(kind, record_id("contact", "ann"), "e1", given, at=w.micros("03-03 13:00")))
    w.contact("bob")
    w._put(inbox.event_row(kind, record_id("contact", "bob"), "e2", {}, at=w.micros("03-03 12:30")))
    w.run_to("03-03 12:45")
    assert w.sql("SELECT state FROM segue_outbox") == [("unknown",)]  # of another mail, or of none
    w.run_to("03-03 14:00")
    assert w.sql("SELECT state, reason FROM segue_outbox") == [("sent", kind)]


def test_x24_seven_days_without_a_bounce_settle_the_unknown_as_sent(worlds: MakeWorld) -> None:
    w = unknown_mail(worlds).run_to("03-10 09:59")
    assert w.sql("SELECT state FROM segue_outbox") == [("unknown",)]
    w.run_to("03-10 10:00")
    assert w.sql("SELECT state, reason FROM segue_outbox") == [("sent", "no bounce came")]


@pytest.mark.parametrize("state", ["sent", "refused"])
def test_x24_the_unknown_is_settled_by_hand(worlds: MakeWorld, state: str) -> None:
    w = unknown_mail(worlds)
    session = w.engine.session
    count, (one,) = outbox.waiting(session, 0)
    assert (count, one.state, one.address) == (1, "unknown", "ann@x.example")
    with pytest.raises(UnknownName):
        outbox.settle(session, [(one.key.replace(".1", ".9"), state)], Actor("rep", ADMIN))
    outbox.settle(session, [(one.key, state)], Actor("rep", ADMIN))
    w.run_to("03-03 13:00")
    assert w.sql("SELECT state, reason FROM segue_outbox") == [(state, "settled by hand")]
    with pytest.raises(InvalidInput, match=f"is {state}"):
        outbox.settle(session, [(one.key, state)], Actor("rep", ADMIN))


def test_an_instant_kept_for_a_mail_under_way_is_forgotten_once_its_fate_is_known(worlds: MakeWorld) -> None:
    """Sent, put off, refused: none of them stays in the index of who is due (decision 0028)."""
    kept: list[tuple[int]] = []

    class Looking(Answering):
        def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
            kept.extend(w.sql("SELECT count(*) FROM segue_enrollment WHERE due IS NULL AND rests IS NOT NULL"))
            return super().publish(keys)

    w = worlds(PAIR, channel=Looking(ann=[LATER] * 100, bob=[HARD]))
    for name in ("ann", "bob", "cyd"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 12:00")
    assert kept[0] == (3,)
    assert dict(w.sql("SELECT state, count(*) FROM segue_outbox GROUP BY 1")) == {
        "deferred": 1,
        "refused": 1,
        "sent": 1,
    }
    assert w.sql("SELECT count(*) FROM segue_enrollment WHERE rests IS NOT NULL") == [(0,)]
