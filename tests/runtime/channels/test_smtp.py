"""Mail by SMTP: one result per message, whatever the server does (architecture, "The engine" 4; L11)."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from runtime.channels.base import SENT, Message, Result
from runtime.channels.smtp import SmtpChannel, SmtpSettings
from runtime.engine.sending.dispatch import FIRST
from runtime.errors import InvalidInput

from .sinks import Sink

BODY = b"Subject: x\n\n.one\n..two\nthree\n"


def channel_to(port: int, **settings: object) -> SmtpChannel:
    tls = settings.pop("tls", None)
    patience = settings.pop("patience", 10.0)
    given = {"port": port, "security": "none", "senders": 1} | settings
    return SmtpChannel(SmtpSettings("127.0.0.1", **given), tls, patience)


def message(to: str, body: bytes = BODY) -> Message:
    return Message(to, body, "rep@x.example", f"{to}@y.example")


def send(channel: SmtpChannel, *names: str) -> dict[str, Result]:
    channel.stage([message(name) for name in names])
    return dict(channel.publish(names))


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    with Sink(pipelining=request.param).running() as made:
        yield made


def by_name(answers: dict[str, str]) -> object:
    return lambda address: answers.get(address.partition("@")[0])


def test_mails_arrive_as_they_were_written(sink: Sink) -> None:
    channel = channel_to(sink.port)
    assert send(channel, "a", "b", "c") == {"a": SENT, "b": SENT, "c": SENT}
    assert sink.mails == [("rep@x.example", f"{n}@y.example", BODY.replace(b"\n", b"\r\n")) for n in "abc"]
    channel.close()


def test_a_connection_is_kept_open_and_made_anew_when_it_is_gone(sink: Sink) -> None:
    channel = channel_to(sink.port)
    for name in "ab":
        assert send(channel, name) == {name: SENT}
    assert sink.connections == 1
    sink.hang_up()
    assert send(channel, "c") == {"c": SENT}
    assert sink.connections == 2
    channel.close()


def test_l11_one_answer_for_each_recipient(sink: Sink) -> None:
    sink.at_rcpt = by_name({
        "nobody": "550 5.1.1 no such user", "full": "552 5.2.2 mailbox full", "policy": "550 5.7.1 not from you",
        "gray": "451 4.7.1 try again", "bare": "550 unknown", "none": "556 no mail here",
    })  # fmt: skip
    sink.at_text = by_name({"spam": "554 5.7.1 spam", "later": "452 4.3.1 no room"})
    channel = channel_to(sink.port)
    found = send(channel, "a", "nobody", "full", "policy", "gray", "bare", "none", "spam", "later", "z")
    assert {name: (r.state, r.bounce) for name, r in found.items()} == {
        "a": ("sent", None), "nobody": ("refused", "hard"), "full": ("refused", "soft"), "policy": ("refused", "soft"),
        "gray": ("later", None), "bare": ("refused", "hard"), "none": ("refused", "hard"), "spam": ("refused", "soft"),
        "later": ("later", None), "z": ("sent", None),
    }  # fmt: skip
    assert found["nobody"].words == "550 5.1.1 no such user"
    assert [to for _, to, _ in sink.mails] == ["a@y.example", "z@y.example"]
    channel.close()


def test_a_sender_who_is_refused_is_no_bounce_of_the_recipient(sink: Sink) -> None:
    sink.at_mail = lambda sender: "553 5.7.1 not your address"
    channel = channel_to(sink.port)
    assert send(channel, "a") == {"a": Result("refused", "553 5.7.1 not your address", "sender_refused")}
    channel.close()


@pytest.mark.parametrize(
    "words", ["530 5.7.0 Must issue a STARTTLS command first", "530 5.7.1 Authentication required"]
)
def test_a_server_that_wants_a_login_first_refuses_no_mail_for_good(sink: Sink, words: str) -> None:
    """Our settings lack something; whoever puts them right loses nobody's mail (RFC 4954, 3207)."""
    sink.at_mail = lambda sender: words
    channel = channel_to(sink.port)
    assert send(channel, "a", "b") == {"a": Result("later", words), "b": Result("later", words)}
    channel.close()


@pytest.mark.parametrize("at", ["at_mail", "at_rcpt", "at_text"])
def test_a_day_s_mails_that_have_gone_are_no_bounce_of_those_who_come_next(sink: Sink, at: str) -> None:
    """Google: 500 or 2,000 a day. 5.4.5 is of use for what passes alone (RFC 3463)."""
    words = "550 5.4.5 Daily user sending limit exceeded"
    setattr(sink, at, lambda address: words)
    channel = channel_to(sink.port)
    assert send(channel, "a", "b") == {"a": Result("later", words), "b": Result("later", words)}
    channel.close()


def test_what_a_server_says_before_it_hangs_up_counts(sink: Sink) -> None:
    """Nobody waits three days for an address that is none, and who looks reads why mail waits."""
    sink.at_rcpt = by_name({"nobody": "550 5.1.1 no such user|drop", "many": "421 4.7.0 too many mails|drop"})
    channel = channel_to(sink.port)
    found = send(channel, "a", "nobody", "c", "many", "e")
    assert found["nobody"] == Result("refused", "550 5.1.1 no such user", "bounce", "hard")
    assert found["many"] == Result("later", "421 4.7.0 too many mails")
    assert [found[name].state for name in "ace"] == ["sent"] * 3
    channel.close()


def test_lost_after_the_text_nobody_knows_lost_before_it_goes_later(sink: Sink) -> None:
    sink.at_text = by_name({"after": "drop"})
    sink.at_rcpt = by_name({"before": "drop"})
    channel = channel_to(sink.port)
    found = send(channel, "a", "after", "c", "before", "e")
    states = {name: result.state for name, result in found.items()}
    assert states["after"] == "unknown"
    assert states["before"] == "later"
    assert states["a"] == states["e"] == "sent"
    assert states["c"] == ("later" if sink.pipelining else "sent")  # its envelope had left
    channel.close()


def test_a_server_that_loses_every_answer_is_not_given_everything(sink: Sink) -> None:
    sink.at_text = lambda recipient: "drop"
    channel = channel_to(sink.port)
    found = send(channel, *(f"n{i}" for i in range(30)))
    assert sum(r.state == "unknown" for r in found.values()) == 3
    assert sum(r.state == "later" for r in found.values()) == 27
    assert len(sink.mails) == 3
    channel.close()


def test_a_server_that_is_silent(sink: Sink) -> None:
    wait = threading.Event()
    sink.at_text = lambda recipient: wait.wait(5) and None
    channel = channel_to(sink.port, patience=0.2)
    (result,) = send(channel, "a").values()
    assert result.state == "unknown"
    assert "did not answer within 0.2 seconds" in result.words
    wait.set()
    channel.close()


def test_a_server_that_is_down() -> None:
    with Sink().running() as sink:
        port = sink.port
    channel = channel_to(port)
    found = send(channel, *"abc")
    assert {r.state for r in found.values()} == {"later"}
    assert f"no mail can be handed to 127.0.0.1:{port}" in found["a"].words
    channel.close()


def test_several_senders_share_the_work() -> None:
    with Sink().running() as sink:
        channel = channel_to(sink.port, senders=4)
        names = [f"n{i}" for i in range(200)]
        assert set(send(channel, *names).values()) == {SENT}
        assert sorted(to for _, to, _ in sink.mails) == sorted(f"{n}@y.example" for n in names)
        assert sink.connections == 4
        channel.close()


def test_a_slice_that_a_slow_server_keeps_small_goes_by_all_connections() -> None:
    """By four of sixteen it never became faster than those four, and no slice larger."""
    with Sink().running() as sink:
        channel = channel_to(sink.port, senders=16)
        send(channel, *(f"n{i}" for i in range(FIRST)))
        assert (sink.connections, len(sink.mails)) == (16, FIRST)
        channel.close()


def test_login_and_a_login_that_is_refused() -> None:
    with Sink(login=("rep", "secret")).running() as sink:
        good, bad = (channel_to(sink.port, user="rep", password=word) for word in ("secret", "wrong"))
        assert send(good, "a") == {"a": SENT}
        (refused,) = send(bad, "b").values()
        assert refused.state == "later"
        assert "refuses the login of rep: 535 5.7.8" in refused.words
        assert "wrong" not in refused.words
        good.close()
        bad.close()


def test_a_password_that_is_not_set_is_named_and_mail_waits() -> None:
    channel = channel_to(1, user="rep", variable="MAIL_PASSWORD")
    assert "until MAIL_PASSWORD is" in channel.problems()[0]
    assert send(channel, "a")["a"].state == "later"
    channel.close()


def test_no_password_goes_over_the_net_in_the_clear() -> None:
    with pytest.raises(InvalidInput, match="in the clear"):
        SmtpSettings.of({"host": "mail.example", "security": "none", "user": "rep", "password": {"env": "X"}}, {})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out", folder / "crt",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_starttls_with_a_login(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "crt", certificate / "key")
    known = ssl.create_default_context(cafile=str(certificate / "crt"))
    with Sink(tls=server, login=("rep", "secret")).running() as sink:
        channel = channel_to(sink.port, security="starttls", user="rep", password="secret", tls=known)
        assert set(send(channel, "a", "b").values()) == {SENT}
        channel.close()
        stranger = channel_to(sink.port, security="starttls")
        (result,) = send(stranger, "c").values()
        assert result.state == "later"  # a certificate that nobody vouches for
        assert "certificate" in result.words
        stranger.close()


def test_starttls_is_not_left_out_where_the_server_does_not_offer_it(sink: Sink) -> None:
    channel = channel_to(sink.port, security="starttls")
    assert send(channel, "a")["a"].state == "later"
    assert sink.mails == []
    channel.close()


def test_a_real_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Mailbox(str(tmp_path / "mail")), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        channel = channel_to(port)
        assert set(send(channel, "a", "b").values()) == {SENT}
        assert len(list((tmp_path / "mail" / "new").iterdir())) == 2
        channel.close()
    finally:
        controller.stop()
