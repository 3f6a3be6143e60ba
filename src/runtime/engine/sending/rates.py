"""Rate limits of mail: by mailbox, for the account, and by the provider of the recipient (S16-S18).

What was sent is counted per name and minute in `segue_mailbox_minute` when it is settled, so that nothing has to be
given back for a mail that was refused; what is on its way is read from the open rows of the outbox.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ...channels.headers import ascii_domain
from ...store import meta
from ...store.ids import bucket_of, stable_hash
from ...store.names import folded
from ...store.session import Session
from ...times.zones import DAY, MINUTE
from ..rows import SAME
from ..rules import Rules

ACCOUNT = "account"
_PROVIDER = "provider "
_ENDLESS = 1 << 40
Tally = list[tuple[str, int, int]]  # (name, minute, mails)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many mails in one minute of the clock, and in any 24 hours (S17)."""

    per_minute: int = _ENDLESS
    per_day: int = _ENDLESS

    @staticmethod
    def of(written: Mapping[str, Any]) -> Rate:
        return Rate(**{key: int(value) for key, value in written.items()})


class Rates:
    """The limits of segue.yaml and what counts against them. A name is an address, `account` or `provider DOMAIN`."""

    def __init__(self, session: Session, rules: Rules) -> None:
        self.session = session
        email: Mapping[str, Any] = rules.program.project.channels.get("email", {})
        written = email.get("limits") or {}
        own = str(email.get("address") or "").lower()  # the mailbox of mail without a sender
        self.constants: dict[str, object] = {"own": own}
        self.mailbox = Rate.of(written["mailbox"]) if written.get("mailbox") else None
        self.rates = {ACCOUNT: Rate.of(written["account"])} if written.get("account") else {}
        for number, (domain, rate) in enumerate((written.get("provider") or {}).items()):
            name, envelope = _written(domain)
            self.rates[_PROVIDER + name] = Rate.of(rate)
            if name != envelope:
                self.constants |= {f"is_{number}_": envelope, f"said_{number}_": name}
        self.names = tuple(self._names(written))

    def __bool__(self) -> bool:
        return bool(self.names)

    def _names(self, written: Mapping[str, Any]) -> Iterator[str]:
        """SQL of each name that a mail counts for: of an outbox row `o`, its user `u` and its recipient `c`."""
        if written.get("mailbox"):
            yield "lower(coalesce(u.email, :own))"
        if written.get("account"):
            yield f"'{ACCOUNT}'"
        if written.get("provider"):
            address = "lower(coalesce(o.address, c.email__n, ''))"
            at = "instr" if self.session.dialect == "sqlite" else "strpos"
            domain = f"substr({address}, {at}({address}, '@') + 1)"
            said = [name for name in self.constants if name.startswith("said_")]
            cases = "".join(f" WHEN :{name.replace('said', 'is')} THEN :{name}" for name in said)
            yield f"'{_PROVIDER}' || " + (f"CASE {domain}{cases} ELSE {domain} END" if cases else domain)

    def values(self, name: str) -> dict[str, object]:
        """What the SQL of a name is bound with."""
        return {key: value for key, value in self.constants.items() if f":{key}" in name}

    def rate(self, name: str) -> Rate | None:
        """None where nothing limits that name: a provider that is not in segue.yaml."""
        return self.rates.get(name, self.mailbox if "@" in name and not name.startswith(_PROVIDER) else None)

    def tally(self, rows: str, where: str, at: str, values: Mapping[str, object]) -> Tally:
        """How many of some outbox rows `o` count for each limited name in each minute."""
        found: Tally = []
        for name in self.names:
            sql = (
                f"SELECT {name}, {at}, count(*) FROM {rows} LEFT JOIN segue_user u ON u.name = o.sender LEFT JOIN"
                " contact c ON c.bucket = o.contact_id % 256 AND c.id = o.contact_id"
                f" WHERE o.kind = 'email' AND {where} GROUP BY 1, 2"
            )
            found += [
                (n, t, mails)
                for n, t, mails in self.session.bound(sql, dict(values) | self.values(name))
                if self.rate(n)
            ]
        return found

    # --- what was sent ------------------------------------------------------------------------

    def note(self, now: int) -> None:
        """Count what the table `settled` says was sent, or may have been."""
        if self:
            rows, which = "settled q CROSS JOIN segue_outbox o", f"q.state IN ('sent', 'unknown') AND {SAME}"
            self._add(self.tally(rows, which, "CAST(:minute AS BIGINT)", {"minute": now - now % MINUTE}), now)

    def begin(self, t: int) -> None:
        """Where the limits are others than at the last run, the last 24 hours are counted anew."""
        key = orjson.dumps(sorted([*self.rates, *(["mailbox"] if self.mailbox else [])])).decode()
        if (meta.read(self.session, "rates") or "[]") == key:
            return
        self.session.run("DELETE FROM segue_mailbox_minute")
        which = "o.state IN ('sent', 'unknown') AND o.settled_at > :since"
        self._add(self.tally("segue_outbox o", which, f"o.settled_at - o.settled_at % {MINUTE}", {"since": t - DAY}), t)
        meta.write(self.session, "rates", key)

    def _add(self, tally: Tally, now: int) -> None:
        self.session.many(
            "INSERT INTO segue_mailbox_minute (bucket, mailbox, at, count) VALUES (:b, :n, :t, :mails) ON CONFLICT"
            " (bucket, mailbox, at) DO UPDATE SET count = segue_mailbox_minute.count + excluded.count",
            [{"b": bucket(name), "n": name, "t": t, "mails": mails} for name, t, mails in sorted(tally)],
        )
        self.session.many(
            "DELETE FROM segue_mailbox_minute WHERE bucket = :b AND mailbox = :n AND at <= :over",
            [{"b": bucket(name), "n": name, "over": now - DAY} for name in sorted({row[0] for row in tally})],
        )

    def sent(self, name: str, now: int) -> dict[int, int]:
        """Mails by minute in the 24 hours that end now."""
        return dict(
            self.session.run(
                "SELECT at, count FROM segue_mailbox_minute WHERE bucket = :b AND mailbox = :n AND at > :since",
                b=bucket(name),
                n=name,
                since=now - DAY,
            )
        )


def _written(domain: str) -> tuple[str, str]:
    """A domain of segue.yaml as people's addresses are compared, and as it stands in a mail's envelope."""
    import idna

    try:
        envelope = ascii_domain(domain)
        return folded(idna.decode(envelope)), envelope
    except UnicodeError:
        return folded(domain), folded(domain)


def bucket(name: str) -> int:
    return bucket_of(stable_hash(name))


def room(rate: Rate, taken: Mapping[int, int], minute: int) -> int:
    """How many mails may go in that minute, when so many go in each minute of `taken`."""
    day = sum(mails for at, mails in taken.items() if at > minute - DAY)
    return min(rate.per_minute - taken.get(minute, 0), rate.per_day - day)


def slots(rate: Rate, taken: Mapping[int, int], first: int, wanted: int) -> Iterator[tuple[int, int]]:
    """(minute, how many) of the first free places from the minute `first` on. `taken`: mails by minute, those to come
    among them."""
    mails, minutes, gone = dict(taken), sorted(taken), 0
    total, at = sum(mails.values()), first
    while wanted > 0:
        while gone < len(minutes) and minutes[gone] <= at - DAY:
            total -= mails[minutes[gone]]
            gone += 1
        free = min(wanted, rate.per_minute - mails.get(at, 0), rate.per_day - total)
        if free > 0:
            yield at, free
            if at not in mails:
                insort(minutes, at)
            mails[at], total, wanted = mails.get(at, 0) + free, total + free, wanted - free
        # With the day full, nothing is free before its oldest mail is a day old.
        at = max(at + MINUTE, minutes[gone] + DAY if total >= rate.per_day else 0)
