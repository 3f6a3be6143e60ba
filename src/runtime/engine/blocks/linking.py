"""`link` and `unlink`: two records of a body, heard by the next pass like a link from outside (X23)."""

from __future__ import annotations

from dsl.program.blocks import Link, RecordRef

from ...store.dialect import json_object
from ..rows import TO_INBOX
from .moving import KEY, Group, Moving


class Linking(Moving):
    def link(self, g: Group, block: Link, now: int) -> None:
        """No record at one of the ends: skipped, and on."""
        values = self.values(g)
        left, right = self.record(g, values, block.left), self.record(g, values, block.right)
        rows, known = self.rows(g), values.params.at(now)
        self.session.bound(
            f"{TO_INBOX} SELECT {left} % 256, :now, {KEY}, e.contact_id, :kind, :object, {left}, :association, '',"
            f" {json_object(self.session.dialect, [('to', right)])}, TRUE, :now {rows}"
            f" AND {left} IS NOT NULL AND {right} IS NOT NULL",
            known
            | g.values
            | {
                "now": now,
                "kind": "link" if block.linked else "unlink",
                "object": block.left.object,
                "association": block.association,
            },
        )
        outcome = f"CASE WHEN {left} IS NULL THEN :no_left WHEN {right} IS NULL THEN :no_right ELSE 'done' END"
        skipped = {"no_left": f"skipped(no {block.left.object})", "no_right": f"skipped(no {block.right.object})"}
        between = "to" if block.linked else "from"
        name = f"{_named(block.left)} {between} {_named(block.right)}"
        self.steps(g, block.next, now, "link" if block.linked else "unlink", name, outcome, rows, known | skipped)


def _named(ref: RecordRef) -> str:
    """As the author wrote it."""
    return ref.name or ".".join(ref.path) or ref.object
