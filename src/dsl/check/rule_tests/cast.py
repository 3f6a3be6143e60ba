"""Who and what a test may name: its people, the definitions that are live in it, users of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ...diagnostics.articles import article
from ...diagnostics.diagnostic import FixKind, Label
from ...diagnostics.suggest import closest, perhaps
from ...program.tests import Person
from ...schema.model import ObjectType
from ...source import Span
from ...syntax import nodes
from ...values import dataclass
from ..findings import Findings, insert_after, listing, replace
from ..options import user_named
from ..references import declared, same_object
from ..scope import Declared, Names, Scope

DEFINITIONS = ("sequence", "workflow")
LIVE = (*DEFINITIONS, "broadcast", "playbook", "form", "survey")  # what runs in a test only where it is named
LOOKED_AT = ("segment", "score", "hygiene", "report")  # there in any case
Key = tuple[str, str]


_NONE = ObjectType("", "", None, {}, {})


@dataclass(frozen=True, slots=True)
class Cast:
    """`live` are the definitions of the `of`, which is there once more as `of`. `reported`: names with a finding
    of their own, about which nothing more is said."""

    names: Names
    findings: Findings
    live: tuple[Key, ...]
    of: tuple[nodes.Name, ...]
    people: dict[str, tuple[Person, Span]] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)

    def scope(self, who: Person) -> Scope:
        """What is said about one person: their properties and events."""
        return Scope(self.names, self.findings, self.names.schema.objects[who.object])

    @property
    def anybody(self) -> Scope:
        """For names that belong to no record. A schema that could not be read has no objects at all."""
        return Scope(self.names, self.findings, next(iter(self.names.schema.objects.values()), _NONE))

    def enter(self, object_name: nodes.Name, name: nodes.Name) -> Person | None:
        """A record that is given; None after a finding."""
        if object_name.text not in self.names.schema.objects:
            self._unknown_object(object_name)
            self.reported.add(name.text)
            return None
        earlier = self.people.get(name.text)
        if earlier is not None:
            self.findings.error(
                "person-twice",
                name.span,
                f"`{name.text}` is given already",
                "the same name again",
                others=[Label(earlier[1], "first given here")],
                help="give the other one another name",
            )
            return None
        self.findings.refer("object", object_name.text, object_name.span)
        person = Person(name.text, object_name.text)
        self.people[name.text] = (person, name.span)
        return person

    def object(self, name: nodes.Name) -> str | None:
        if name.text not in self.names.schema.objects:
            self._unknown_object(name)
            return None
        self.findings.refer("object", name.text, name.span)
        return name.text

    def topic(self, name: nodes.Name) -> str | None:
        topics = self.names.schema.topics
        if name.text in topics:
            self.findings.refer("topic", name.text, name.span)
            return name.text
        hint = perhaps(name.text, topics) or (f"the topics are {listing(topics)}" if topics else "")
        message = f"there is no topic `{name.text}`"
        self.findings.error("unknown-topic", name.span, message, "not in the schema", help=hint)
        return None

    def is_new(self, name: nodes.Name) -> bool:
        """Whether nobody of that name, or of one like it, has been given."""
        return name.text not in {*self.people, *self.reported} and closest(name.text, self.people) is None

    def _unknown_object(self, name: nodes.Name) -> None:
        known = self.names.schema.objects
        meant = closest(name.text, known)
        self.findings.error(
            "unknown-object",
            name.span,
            f"there is no object `{name.text}`",
            "not in the schema",
            help=perhaps(name.text, known) or f"the objects are {listing(known)}",
            fix=replace(name.span, meant, FixKind.UNSAFE) if meant else None,
        )

    def person(self, name: nodes.Name) -> Person | None:
        """Somebody given; None after a finding, one for each name: it is one line that is missing or misspelt."""
        found = self.people.get(name.text)
        if found is not None or name.text in self.reported:
            return found[0] if found else None
        self.reported.add(name.text)
        meant = closest(name.text, self.people)
        known = f"this test knows {listing(self.people)}" if self.people else ""
        self.findings.error(
            "unknown-person",
            name.span,
            f"this test knows no `{name.text}`",
            "given nowhere above",
            help=f"did you mean `{meant}`?" if meant else known or f"write `given contact {name.text} {{ .. }}` first",
            fix=replace(name.span, meant, FixKind.UNSAFE) if meant else None,
        )
        return None

    def contact(self, name: nodes.Name) -> Person | None:
        """Somebody who can get mail."""
        found = self.person(name)
        if found is None or found.object == "contact":
            return found
        message = f"`{name.text}` is {article(found.object)}, and mail goes to contacts"
        self.findings.error("wrong-object", name.span, message, article(found.object))
        return None

    def user(self, name: nodes.Name) -> str | None:
        found = user_named(self.anybody, name.text, name.span)
        return None if found is None else name.text

    def named(self, kind: str, name: nodes.Name) -> Declared | None:
        """A declaration of that kind, whatever the test is of; None after a finding."""
        found = self.names.get(kind, name.text)
        if found is not None:
            self.findings.refer(kind, name.text, name.span)
        else:
            unknown_definition(self.names, self.findings, name, (kind,))
        return None if found is None or found.unread else found

    def live_one(self, name: nodes.Name, kind: str) -> Declared | None:
        """One of that kind that is live here; None after a finding."""
        key = self.definition(name, (kind,))
        return self.names.get(*key) if key else None

    def source(self, name: nodes.Name | None) -> tuple[Key | None, bool]:
        """The definition behind `from`, and whether all is well with it."""
        key = self.definition(name, LIVE) if name else None
        return key, name is None or key is not None

    def definition(self, name: nodes.Name, among: tuple[str, ...] = DEFINITIONS) -> Key | None:
        """A definition that is live here; None after a finding."""
        kinds = self.names.kinds_of(name.text, among)
        key = next((key for key in self.live if key[1] == name.text and key[0] in kinds), None)
        if key is not None:
            self.findings.refer(*key, name.span)
            known = self.names.get(*key)
            return None if known is not None and known.unread else key
        if not kinds:
            if name.text not in {one.text for one in self.of}:  # it was told there
                unknown_definition(self.names, self.findings, name, among)
            return None
        last = self.of[-1].span
        self.findings.error(
            "not-live",
            name.span,
            f"this test is not of {kinds[0]} `{name.text}`",
            "not live here",
            others=[Label(last, "only what is named here is live")],
            help=f"write `, {name.text}` behind it",
            fix=insert_after(last, f", {name.text}"),
        )
        return None

    def template(self, name: nodes.Name) -> str | None:
        return name.text if declared(self.anybody, "template", name) else None

    def segment(self, name: nodes.Name, who: Person) -> str | None:
        scope = self.scope(who)
        found = declared(scope, "segment", name)
        if found is None or not same_object(scope, found, name.span, condition=False):
            return None
        return name.text


def unknown_definition(
    names: Names, findings: Findings, name: nodes.Name, among: tuple[str, ...] = DEFINITIONS
) -> None:
    """There is no definition of that name and of one of these kinds."""
    known = [known for kind in among for known in names.of(kind)]
    others = names.kinds_of(name.text, (*LIVE, *LOOKED_AT, "template", "dashboard"))
    meant, what = closest(name.text, known), among[0] if len(among) == 1 else "sequence or workflow"
    hint = f"the {_plural(what)} are {listing(known)}" if known else f"no {what} is declared yet"
    if meant:
        hint = f"did you mean `{meant}`?"
    if others:
        hint = f"`{name.text}` is a {others[0]}" + (
            "; tests are of what runs or is looked at" if len(among) > 2 else ""
        )
    findings.error(
        f"unknown-{what}" if what in ("report", "form", "survey") else "unknown-definition",
        name.span,
        f"there is no {what} `{name.text}`",
        "not declared",
        help=hint,
        fix=replace(name.span, meant, FixKind.UNSAFE) if meant and not others else None,
    )


def _plural(what: str) -> str:
    return "definitions" if " " in what else "hygiene rules" if what == "hygiene" else f"{what}s"


def live_definitions(names: Names, findings: Findings, of: Mapping[str, nodes.Name]) -> tuple[Key, ...]:
    """What the `of` of a test names: definitions, and what is there in any case."""
    found: list[Key] = []
    for name in of.values():
        kinds = names.kinds_of(name.text, (*LIVE, *LOOKED_AT))
        if not kinds:
            unknown_definition(names, findings, name, (*LIVE, *LOOKED_AT))
        for kind in kinds:
            findings.refer(kind, name.text, name.span)
            found.append((kind, name.text))
    return tuple(found)
