"""`send T to ..`: mail to others than the one enrolled (X20).

Each of them has an outbox row of its own, under the ordinals that follow. Consent, suppression, caps and quiet hours
are those of who gets it: they are looked at when it is claimed and sent. The enrollment rests until the last is
settled.
"""

from __future__ import annotations

from dsl.program.blocks import SendTo

from ...query.conditions import predicate
from ..rows import STEP, STEPPED
from .moving import MINE, Group, Moving

_OF = "FROM recipient r CROSS JOIN segue_enrollment e WHERE e.bucket = r.bucket AND e.id = r.id"
_HAS = "EXISTS (SELECT 1 FROM recipient r WHERE r.bucket = {0}.bucket AND r.id = {0}.id)"


class Mailing(Moving):
    def send_to(self, g: Group, block: SendTo, now: int) -> None:
        """Nobody there: skipped, and on."""
        opens = self.open(g, now, quiet=False)
        if opens != now:
            return self.closed(g, opens, now)
        self._find(g, block, now)
        self._plan(block, now)
        count = "(SELECT count(*) FROM recipient r WHERE r.bucket = segue_enrollment.bucket AND r.id ="
        self.session.bound(
            "UPDATE segue_enrollment SET due = NULL, began_at = NULL,"
            f" ordinal = ordinal + {count} segue_enrollment.id) WHERE {MINE} AND {_HAS.format('segue_enrollment')}",
            g.values,
        )
        nobody = f" AND NOT {_HAS.format('e')}"
        self.log(g, now, "send", block.template, "skipped(no contact)", nobody)
        label = {"at": now, "label": f"send {block.template}"}
        self.go(
            g,
            block.next,
            now,
            STEPPED,
            f" AND NOT {_HAS.format('segue_enrollment')}",
            label,
        )
        self.session.run("DELETE FROM recipient")

    def _find(self, g: Group, block: SendTo, now: int) -> None:
        """Who gets it, numbered from 1 for each enrollment."""
        values = self.values(g)
        joins, way, person = values.way(block.path, g.version.pinned.object, "s", block.every)
        params = values.params
        held = "TRUE"
        if block.condition is not None:
            held = predicate(self.rules.scope, block.condition, "contact", person, "e", params).sql
        before, _, where = self.rows(g).partition(" WHERE ")
        self.session.bound(
            f"INSERT INTO recipient SELECT e.bucket, e.id, row_number() OVER (PARTITION BY e.bucket, e.id ORDER BY"
            f" {person}.id), {person}.id {before} CROSS JOIN {joins} WHERE {where} AND {way} AND"
            f" {held}",
            params.at(now) | g.values,
        )

    def _plan(self, block: SendTo, now: int) -> None:
        topic = self.rules.program.templates[block.template].topic
        values = {"template": block.template, "topic": topic, "at": now}
        self.session.bound(
            "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, template,"
            " topic, sender, automated, due, state) SELECT e.bucket, e.id, e.ordinal + r.nr, r.contact_id,"
            f" e.definition_id, 'email', :template, :topic, e.sender, FALSE, :at, 'planned' {_OF}",
            values,
        )
        self.session.bound(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + r.nr, :at, e.block, 'send', :template, 'planned',"
            " 'to ' || c.external_id FROM recipient r CROSS JOIN segue_enrollment e CROSS JOIN contact c"
            " WHERE e.bucket = r.bucket AND e.id = r.id AND c.bucket = r.contact_id % 256 AND c.id = r.contact_id",
            {"template": block.template, "at": now},
        )
