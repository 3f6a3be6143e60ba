"""A small CRM world for tests of the engine: rules as text, people by name, times as the account's local clock.

    world = World('sequence x { when: manually  sender: rep  send intro }')
    world.contact("ann", at="2026-03-02 10:00")
    world.enroll("ann", "sequence x")
    world.run_to("2026-03-03 09:00")
    assert world.mails("ann") == [("03-02 10:00", "intro")]

Times are `2026-03-02 10:00` or, in the year 2026, `03-02 10:00`; they come back in the short form.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from itertools import count

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.channels.base import Channel
from runtime.channels.memory import MemoryChannel
from runtime.engine.going_live.catalogues import Changes
from runtime.engine.tick import Engine
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.store.values import encode_value, stored_pair
from runtime.times.zones import MINUTE, parse_local
from tests.runtime.engine.outcomes import Outcomes

START = "2026-03-02 00:00"  # a Monday
PROJECT = """
name: test
account: {time_zone: Europe/Warsaw, currency: EUR}
users:
  rep: {name: Rep One, email: rep@x.example}
  amy: {name: Amy Two, email: amy@x.example, time_zone: Asia/Tokyo}
  gone: {name: Gone, email: gone@x.example, active: false}
  mute: {name: Mute}
consent: relaxed
channels: {email: {kind: maildir, path: outbox}}
"""
SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      renewal: {type: date}
      visits: {type: number}
      tags: {type: multi_choice, options: [a, b, c, a_c, axc]}
  company:
    properties: {budget: {type: money}}
  deal:
    associations: {advisor: {to: contact, inverse: advised_deal}}
  ticket:
    properties:
      worth: {type: money}
      until: {type: date}
      seen: {type: datetime}
      level: {type: number, default: 3}
topics:
  sales: {label: Sales, kind: one_to_one}
  news: {label: News, kind: marketing}
  account: {label: Account, kind: transactional}
"""
TEMPLATES = {
    "intro": 'template intro { topic: sales subject: "Intro" body: """Hello""" }',
    "case": 'template case { topic: sales subject: "Case" body: """Hello""" }',
    "last": 'template last { topic: sales subject: "Last" body: """Hello""" }',
    "letter": 'template letter { topic: news subject: "News" body: """Hello""" }',
    "receipt": 'template receipt { topic: account subject: "Receipt" body: """Hello""" }',
}


_TABLES: dict[str, bytes] = {}


@lru_cache(maxsize=256)
def compiled(rules: str, schema: str = SCHEMA, project: str = PROJECT) -> Program:
    """The program of the rules; templates that are not written but named in it are supplied."""
    missing = [text for name, text in TEMPLATES.items() if f"send {name}" in rules and f"template {name}" not in rules]
    found = compile_project(
        [Source("rules.segue", "\n".join([rules, *missing]))],
        Source("schema.yaml", schema),
        Source("segue.yaml", project),
    )
    assert found.program is not None, [(d.code, d.message, d.help) for d in found.diagnostics]
    return found.program


def in_memory(program: Program, schema: str) -> Store:
    """A store in memory, copied from one that has the tables: making them takes ten times as long."""
    if schema not in _TABLES:
        with Store.memory(program.schema) as made, made.session() as session:
            _TABLES[schema] = _raw(session).serialize()
    store = Store.open("sqlite://", create=True)
    with store.session() as session:
        _raw(session).deserialize(_TABLES[schema])
    return store


def _raw(session: Session) -> sqlite3.Connection:
    return session.connection.connection.driver_connection


class World(Outcomes):
    """One store with its engine. Without `url` and `store` it is SQLite in memory."""

    def __init__(
        self,
        rules: str,
        url: str | None = None,
        start: str = START,
        schema: str = SCHEMA,
        project: str = PROJECT,
        channel: Channel | None = None,
        ready: bool = False,
        store: Store | None = None,
    ) -> None:
        """`ready`: the database at `url` holds the tables already. `store`: open, and not ours to close."""
        self.schema_text, self.project_text = schema, project
        self.program = compiled(rules, schema, project)
        self.zone = self.program.project.account.time_zone
        self.start = self.micros(start)
        self._lent = store is not None
        if store is not None:
            self.store = store
        elif url is None:
            self.store = in_memory(self.program, schema)
        else:
            self.store = Store.open(url) if ready else Store.create(url, self.program.schema)
        self.channel = channel if channel is not None else MemoryChannel()
        self.engine = Engine(self.store, self.program, self.channel)
        self.changes = Changes()
        self.names: dict[int, str] = {}
        self._rows: list[inbox.InboxRow] = []
        self._number = count(1)
        self._live = False

    def close(self) -> None:
        self.engine.close()
        if not self._lent:
            self.store.close()

    # --- time ---------------------------------------------------------------------------------

    def micros(self, at: str) -> int:
        text = at if at[:2] == "20" else f"2026-{at}"
        return parse_local(text.replace(" ", "T"), self.zone)

    @property
    def now(self) -> int:
        return self.engine.clock or self.start

    def _at(self, at: str | None) -> int:
        """Without a time: now, just after all that has been worked through."""
        return self.micros(at) if at is not None else self.now + 1

    def go_live(self, *confirmed: str, stopped: frozenset[str] = frozenset()) -> World:
        self._flush()
        self.changes = self.engine.go_live(self.start, frozenset(confirmed), stopped)
        self._live = True
        return self

    def run_to(self, at: str) -> World:
        """On the virtual clock."""
        self._ready()
        self.engine.run(self.micros(at))
        return self

    def tick(self, at: str) -> World:
        """On the real clock, which now shows `at`: all that was missed is late."""
        self._ready()
        self.engine.tick(self.micros(at))
        return self

    def tick_every_minute_to(self, at: str) -> World:
        self._ready()
        for t in range(self.now + MINUTE, self.micros(at) + 1, MINUTE):
            self.engine.tick(t)
        return self

    def edit(
        self,
        rules: str,
        *confirmed: str,
        stopped: frozenset[str] = frozenset(),
        schema: str | None = None,
        project: str | None = None,
    ) -> World:
        """Other rule files, as at the next `segue run`, `--stop` with it; another schema of the same tables."""
        self.engine.close()
        self.schema_text, self.project_text = schema or self.schema_text, project or self.project_text
        self.program = compiled(rules, self.schema_text, self.project_text)
        self.engine = Engine(self.store, self.program, self.channel)
        return self.go_live(*confirmed, stopped=stopped)

    def restart(self) -> World:
        """The same rules in a new process."""
        self.engine.close()
        self.engine = Engine(self.store, self.program, self.channel)
        return self.go_live()

    def _ready(self) -> None:
        if not self._live:
            self.go_live()
        self._flush()

    def deliver(self) -> World:
        """What was said so far reaches the store, and no tick follows."""
        self._flush()
        return self

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            with self.engine.session.transaction():
                inbox.put(self.engine.session, rows)

    # --- what happens -------------------------------------------------------------------------

    def contact(self, name: str, at: str = "03-02 08:00", live: bool = True, **values: object) -> World:
        """With an address and an owner unless told otherwise (None: missing)."""
        return self.record("contact", name, at, live, **({"email": f"{name}@x.example", "owner": "rep"} | values))

    def record(self, of: str, name: str, at: str, live: bool = True, /, **values: object) -> World:
        properties = self.program.schema.objects[of].properties
        given: dict[str, object] = {}
        for key, value in values.items():
            if value is not None:
                encoded = encode_value(properties[key].type, value, self.zone)
                given |= stored_pair(key, properties[key].type, encoded)
        self.names[record_id(of, name)] = name
        return self._put(inbox.record_row(of, name, given, at=self.micros(at), live=live, rank=next(self._number)))

    def deal(self, name: str, of: str, at: str, stage: str = "won", **values: object) -> World:
        """A deal of a contact, or another stage of it."""
        self.record("deal", name, at, **({"pipeline": "sales", "stage": stage, "name": name} | values))
        return self.link("contact", of, "deal", name, at)

    def company(self, name: str, *people: str, at: str = "03-02 08:00", **values: object) -> World:
        self.record("company", name, at, **({"name": name} | values))
        for person in people:
            self.link("contact", person, "company", name, at)
        return self

    def link(self, owner: str, name: str, association: str, to: str, at: str, unlink: bool = False) -> World:
        target = record_id(self.program.schema.objects[owner].associations[association].target, to)
        row = inbox.link_row(owner, record_id(owner, name), association, target, at=self.micros(at), unlink=unlink)
        return self._put(row)

    def event(
        self,
        name: str,
        kind: str,
        /,
        at: str | None = None,
        mail: str | None = None,
        class_: str | None = None,
        live: bool = True,
        key: str | None = None,
        **values: object,
    ) -> World:
        """`mail`: the template of a mail sent to this contact; the event belongs to the last such mail."""
        fields = self.program.schema.events[kind].fields
        given: dict[str, object] = {}
        if mail is not None:
            enrollment, ordinal = self._mail(name, mail)
            given |= {"enrollment": enrollment, "ordinal": ordinal}
            values |= {"template": mail} if "template" in fields else {}
        for field, value in values.items():
            given |= stored_pair(field, fields[field].type, encode_value(fields[field].type, value, self.zone))
        source = key or f"e{next(self._number)}"
        id_ = record_id("contact", name)
        return self._put(inbox.event_row(kind, id_, source, given, at=self._at(at), class_=class_, live=live))

    def set(self, name: str, at: str | None = None, of: str = "contact", live: bool = True, **values: object) -> World:
        for key, value in values.items():
            stored = encode_value(self.program.schema.objects[of].properties[key].type, value, self.zone)
            self._put(inbox.set_row(of, record_id(of, name), key, stored, at=self._at(at), live=live))
        return self

    def consent(self, name: str, topic: str, state: str, at: str | None = None) -> World:
        return self._put(inbox.consent_row(record_id("contact", name), topic, state, at=self._at(at)))

    def enroll(self, name: str, definition: str, by: str = "rep", at: str | None = None, of: str = "contact") -> World:
        """By hand: `definition` is `sequence x`."""
        return self._command("enroll", name, definition, at, of, by=by, hand=True)

    def unenroll(self, name: str, definition: str, at: str | None = None) -> World:
        return self._command("unenroll", name, definition, at, by="rep")

    def pause(
        self, name: str, definition: str, at: str | None = None, until: str | None = None, reason: str | None = None
    ) -> World:
        end = {"until": self.micros(until)} if until is not None else {}
        why = {"reason": reason} if reason is not None else {}
        return self._command("pause", name, definition, at, by="rep", **end, **why)

    def resume(self, name: str, definition: str, at: str | None = None) -> World:
        return self._command("resume", name, definition, at, by="rep")

    def member(self, name: str, segment: str, at: str | None = None, remove: bool = False) -> World:
        return self._command("segment_remove" if remove else "segment_add", name, segment, at)

    def finish_task(self, name: str, at: str | None = None, state: str = "done") -> World:
        """The oldest open task of this contact."""
        enrollment, ordinal = self._rows_of(
            "SELECT enrollment_id, ordinal FROM segue_task WHERE bucket = :b AND contact_id = :id AND state = 'open'"
            " ORDER BY created_at",
            name,
        )[0]
        return self._command("task", name, None, at, enrollment=enrollment, ordinal=ordinal, state=state)

    def _command(
        self, kind: str, name: str, what: str | None, at: str | None, of: str = "contact", **payload: object
    ) -> World:
        id_ = record_id(of, name)
        return self._put(inbox.row(kind, of, id_, what, payload, at=self._at(at), rank=next(self._number)))

    def _put(self, row: inbox.InboxRow) -> World:
        self._rows.append(row)
        return self

    def _mail(self, name: str, template: str) -> tuple[int, int]:
        return self._rows_of(
            "SELECT enrollment_id, ordinal FROM segue_outbox WHERE contact_id % 256 = :b AND contact_id = :id"
            f" AND state = 'sent' AND template = '{template}' ORDER BY settled_at DESC",
            name,
        )[0]


MakeWorld = Callable[..., World]
