"""Surveys and forms that a mail links to: each mail asks with a token of its own (X27), and nobody too often (P12)."""

from __future__ import annotations

from dsl.program.blocks import Merge, Text
from dsl.program.conversations import Conversation
from dsl.program.definitions import Program, Template

from ...channels.links import SurveyLinks
from ...query.asked import answered_since, pause_began
from ...store.invitations import Asked, new_token
from ...store.session import Row, Session
from ..rows import SAME
from .outgoing import Mail

_SURVEY, _FORM = "links.survey.", "links.form."
Places = tuple[tuple[int, str], ...]  # place among the merge fields, and name
LATELY = "answered_lately"  # the reason; it ends no sequence


class Asking:
    """Fills in the links to surveys and forms of one mail. `asked`: the invitations that it is."""

    def __init__(self, links: SurveyLinks, row: Mail, key: str) -> None:
        self.links, self.row, self.key = links, row, key
        self._made: dict[str, Asked] = {}

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(self._made.values())

    def filled(self, places: Places, row: Row) -> Row:
        """The row for the merge fields of a text, with these links in it."""
        if not places:
            return row
        values = list(row)
        for place, name in places:
            values[place] = self._link(name)
        return tuple(values)

    def _link(self, name: str) -> str | None:
        sender = self.row.sender_address or ""
        if name.startswith(_FORM):
            return self.links.form(name.removeprefix(_FORM), sender)
        survey, contact = name.removeprefix(_SURVEY), self.row.contact
        made = self._made.setdefault(survey, Asked(survey, contact, new_token(contact), self.key))
        return self.links.survey(survey, made.token, sender)


def places(text: Text) -> Places:
    """Of the links to surveys and forms in a text."""
    merges = [part for part in text.parts if isinstance(part, Merge)]
    builtin = [(i, merge.builtin) for i, merge in enumerate(merges) if merge.value is None]
    return tuple((i, name) for i, name in builtin if name.startswith((_SURVEY, _FORM)))


def asks_with_pause(program: Program) -> list[tuple[str, Conversation]]:
    """(template, survey) of each template that links to a survey with `not_again_within`."""
    return [
        (template.name, survey)
        for template in program.templates.values()
        for name in _surveys(template)
        if (survey := program.conversations.get(("survey", name))) is not None and survey.not_again_within is not None
    ]


def _surveys(template: Template) -> list[str]:
    names = [name for text in (template.subject, template.body) for _, name in places(text)]
    return sorted({name.removeprefix(_SURVEY) for name in names if name.startswith(_SURVEY)})


def refuse_lately(session: Session, program: Program, template: str, survey: Conversation, now: int) -> None:
    """Mail of a template to whoever answered the survey it asks for within its `not_again_within`."""
    session.run(
        f"INSERT INTO settled SELECT o.bucket, o.enrollment_id, o.ordinal, 'refused', '{LATELY}', NULL, NULL, NULL"
        f" FROM outgoing q CROSS JOIN segue_outbox o WHERE q.kind = 'email' AND q.template = :template AND {SAME}"
        f" AND {answered_since(program.schema, 'o.contact_id')} ON CONFLICT DO NOTHING",
        template=template,
        survey=survey.name,
        since=pause_began(program, survey, now),
    )
