"""Mails per second: rendered, composed and noted in the ledger, and handed to a mail server, beside smtplib.

    python -m benchmarks.mail [--json] [--mails 20000] [--runs 3] [--postfix]

Each run does all ways in turn: `composed` throws the finished mails away, `maildir` makes files that are on disk,
`smtp` hands them to a lean server on loopback, `smtplib` hands that server the same bytes, ready-made, on one
connection, with no ledger. All but the last go from the claimed rows to the settled ones, every row committed. The best
of the runs counts. With `--postfix` the server is a Postfix on loopback (as root, where it is installed). Exits with 1
below 10,000 a second, or where SMTP is slower than smtplib.
"""

from __future__ import annotations

import argparse
import gc
import json
import smtplib
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.due_store import DueStore, T
from benchmarks.lean_sink import lean_sink
from benchmarks.postfix import postfix
from runtime.channels.base import SENT, Channel, Message, Outcome, Result
from runtime.channels.maildir import MaildirChannel
from runtime.channels.memory import MemoryChannel
from runtime.channels.smtp import SmtpChannel, SmtpSettings

AIM = 10_000
LETTER = '''
workflow letters of contact {
  when: manually
  sender: ada
  wait 1 day
  send letter
}
template letter {
  topic: news
  subject: "Your {{ contact.cups | default: 'few' }} cups, {{ contact.full_name }}"
  body: """
Dear {{ contact.first_name | default: 'friend' }},

you have bought **{{ contact.cups | default: 'few' }} cups** from us so far. Thank you! Here is what is new this month:

- a dark roast from [Huila](https://shop.example/huila), with notes of cherry and cocoa
- a decaf that tastes like coffee: [read how](https://shop.example/decaf) it is made
- the grinder, back in stock at last

Your plan renews on {{ contact.renewal_on | date: 'long' | default: 'no day yet' }}. If you would rather not have it,
tell us at any time; an answer to this mail is enough, and it reaches a person.

> "I have been grinding beans for twenty years, and this is the first grinder that my neighbours have not complained
> about." -- a customer

With kind regards,

{{ sender.first_name }}
"""
}
'''


class Discard(MemoryChannel):
    """Takes mails and forgets them; `kept` is one, for its size."""

    kept = b""

    def stage(self, messages: Sequence[Message]) -> None:
        if messages:
            self.kept = messages[0].body

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        return dict.fromkeys(keys, SENT)

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        return {}


def sent_by(channel: Channel, mails: int) -> float:
    """Mails per second from claimed to settled."""
    with tempfile.TemporaryDirectory() as folder:
        made = DueStore(f"sqlite:///{Path(folder) / 'crm.db'}", mails, mails, "letters", rules=LETTER)
        try:
            with made.session.transaction():
                made.engine.phases.advance(T, T)
                made.engine.phases.claims.claim(T)
            made.engine.phases.dispatch.channel = channel
            gc.collect()
            began = time.perf_counter()
            made.engine.phases.dispatch.send(T)
            seconds = time.perf_counter() - began
            assert made.session.one("SELECT count(*) FROM segue_outbox WHERE state = 'sent'") == mails
            return mails / seconds
        finally:
            made.close()
            channel.close()


def by_smtplib(mails: int, port: int, body: bytes) -> float:
    """The same bytes over one connection, one mail after the other."""
    text = body.replace(b"\n", b"\r\n")
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as client:
        began = time.perf_counter()
        for i in range(mails):
            client.sendmail("ada@bench.example", f"c{i}@bench.example", text)
        return mails / (time.perf_counter() - began)


def one_run(mails: int, server: Callable[[], AbstractContextManager[int]]) -> dict[str, float]:
    discard = Discard()
    found = {"composed": sent_by(discard, mails)}
    with tempfile.TemporaryDirectory() as folder:
        found["maildir"] = sent_by(MaildirChannel(folder), mails)
    with server() as port:
        found["smtplib"] = by_smtplib(mails, port, discard.kept)
        for senders in (1, 4):
            settings = SmtpSettings("127.0.0.1", port, "none", senders=senders)
            found[f"smtp, {senders} sender{'s' * (senders > 1)}"] = sent_by(SmtpChannel(settings), mails)
        found["smtp alone, 1 sender"] = handed(
            SmtpChannel(SmtpSettings("127.0.0.1", port, "none", senders=1)), mails, discard.kept
        )
    return found | {"bytes": len(discard.kept)}


def handed(channel: SmtpChannel, mails: int, body: bytes) -> float:
    """Ready-made bytes through our channel: what smtplib is compared with, like with like."""
    keys = [str(i) for i in range(mails)]
    channel.stage([Message(key, body, "ada@bench.example", f"c{key}@bench.example") for key in keys])
    began = time.perf_counter()
    assert set(channel.publish(keys).values()) == {SENT}
    seconds = time.perf_counter() - began
    channel.close()
    return mails / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postfix", action="store_true", help="hand mails to a Postfix, not to the lean server")
    arguments = parser.parse_args()
    server = postfix if arguments.postfix else lean_sink
    runs = [one_run(arguments.mails, server) for _ in range(arguments.runs)]
    best = {way: round(max(run[way] for run in runs)) for way in runs[0]}
    size = best.pop("bytes")
    ratios = {way: round(speed / best["smtplib"], 2) for way, speed in best.items()}
    if arguments.json:
        print(json.dumps({"mails": arguments.mails, "bytes": size, "per_second": best, "to_smtplib": ratios}, indent=2))
    else:
        print(f"{arguments.mails:,} mails of {size:,} bytes, best of {arguments.runs}")
        for way, speed in best.items():
            print(f"{way:22} {speed:>8,}/s   {ratios[way]:.2f} of smtplib")
    handed_as_fast = max(best["smtp, 1 sender"], best["smtp, 4 senders"]) >= best["smtplib"]
    return 0 if best["composed"] >= AIM and handed_as_fast else 1


if __name__ == "__main__":
    sys.exit(main())
