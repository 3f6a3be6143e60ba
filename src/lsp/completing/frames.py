"""What the words before the cursor are about: which declaration, which record or event, which setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dsl.check.scope import Names
from dsl.schema.model import EventKind, ObjectType
from dsl.syntax.tokens import Token
from dsl.syntax.vocabulary import DECLARATIONS
from dsl.syntax.words import starts_declaration

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One open bracket. `subject` is what properties belong to, `event` whose fields are meant; `fields`: names are
    set here (`create`, `given`, `expect`). `opened`: the index of its token, -1 at the margin."""

    subject: str
    opened: int = -1
    event: str = ""
    fields: bool = False


@dataclass(slots=True)
class Around:
    """`declaration` is its keyword, empty between declarations. `setting`: the one being written. `written`: the
    settings that stand in the body. `records`: the names given in a test, with their objects."""

    names: Names
    tokens: Sequence[Token]
    declaration: str = ""
    frames: list[Frame] = field(default_factory=lambda: [Frame("contact")])
    setting: str = ""
    written: list[str] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)
    triggers: list[str] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def subject(self) -> ObjectType | None:
        return self.names.schema.objects.get(self.frame.subject)

    @property
    def event(self) -> EventKind | None:
        return self.names.schema.events.get(self.frame.event)

    @property
    def depth(self) -> int:
        """How many braces are open."""
        return sum(1 for frame in self.frames if frame.opened >= 0 and self.tokens[frame.opened].type == "LBRACE")

    def path_before(self, at: int) -> Path:
        """The dotted name that ends with the token before `at`."""
        found: list[str] = []
        while at > 0 and _is_word(self.tokens[at - 1]):
            found.append(self.tokens[at - 1].text)
            at -= 1
            if at == 0 or self.tokens[at - 1].type != "DOT":
                break
            at -= 1
        return tuple(reversed(found))

    def owner(self, path: Path, begins: ObjectType | None = None) -> ObjectType | None:
        """The object at the end of associations; None where the path leads nowhere. `begins`: another than the
        subject."""
        schema = self.names.schema
        owner = begins or self.subject
        if path and path[0] in self.records:
            owner, path = schema.objects.get(self.records[path[0]]), path[1:]
        elif path and owner is not None and path[0] == owner.name and path[0] not in owner.associations:
            path = path[1:]
        for word in path:
            link = owner.associations.get(word) if owner is not None else None
            owner = schema.objects.get(link.target) if link is not None else None
        return owner


def around(names: Names, tokens: Sequence[Token]) -> Around:
    """Read from the beginning of the declaration in which the tokens end; the last of them is $END."""
    here = Around(names, tokens)
    begin = _beginning(tokens)
    if begin is None:
        return here
    first = tokens[begin]
    here.declaration = tokens[begin + 1].text if first.text == "static" else first.text
    for at in range(begin, len(tokens) - 1):
        _take(here, at, begin)
    return here


def _beginning(tokens: Sequence[Token]) -> int | None:
    """The last declaration that begins at the margin of a line, unless it is closed."""
    for at in range(len(tokens) - 2, -1, -1):
        token = tokens[at]
        if token.first and token.text in DECLARATIONS and (at == 0 or starts_declaration(token, tokens[at + 1])):
            opened = sum({"LBRACE": 1, "RBRACE": -1}.get(t.type, 0) for t in tokens[at:])
            closed = any(t.type == "LBRACE" for t in tokens[at:]) and opened <= 0
            return None if closed else at
    return None


def _take(here: Around, at: int, begin: int) -> None:
    token, before = here.tokens[at], here.tokens[at - 1] if at > begin else None
    match token.type:
        case "NAME" | "CONTACT" if here.depth == 0 and before is not None and before.text in ("of", "for"):
            here.frames[0] = Frame(token.text if token.text in here.names.schema.objects else "contact")
        case "LBRACE":
            here.frames.append(_braced(here, at))
        case "LPAR":
            here.frames.append(_parenthesis(here, at))
        case "LSQB":
            here.frames.append(replace(here.frame, opened=at))
        case "RBRACE" | "RPAR" | "RSQB":
            _close(here, {"RBRACE": "LBRACE", "RPAR": "LPAR", "RSQB": "LSQB"}[token.type])
        case "COLON" if before is not None and here.depth == 1:
            here.setting = before.text
            here.written.append(before.text)
        case _:
            if here.setting == "when" and token.text in here.names.schema.events:
                here.triggers.append(token.text)
            if here.depth == 1 and token.text in ("send", "wait", "if", "task", "set") and token.first:
                here.setting = ""


def _close(here: Around, opening: str) -> None:
    """Brackets left open inside are closed with it."""
    for index in range(len(here.frames) - 1, 0, -1):
        if here.tokens[here.frames[index].opened].type == opening:
            del here.frames[index:]
            return


def _braced(here: Around, at: int) -> Frame:
    words = [token.text for token in here.tokens[max(0, at - 3) : at]]
    if len(words) > 1 and words[-2] == "create":
        return Frame(words[-1], at, fields=True)
    if len(words) > 2 and words[-3] == "given":
        here.records[words[-1]] = words[-2]
        return Frame(words[-2], at, fields=True)
    if len(words) > 2 and words[-3] == "expect" and words[-1] == "created":
        return Frame(words[-2], at, fields=True)
    if len(words) > 1 and words[-2] == "expect" and words[-1] in here.records:
        return Frame(here.records[words[-1]], at, fields=True)
    return Frame(here.frame.subject, at)


def _parenthesis(here: Around, at: int) -> Frame:
    path = here.path_before(at)
    if not path:
        return replace(here.frame, opened=at)
    if path[-1] in here.names.schema.events:
        return Frame(here.frame.subject, at, event=path[-1])
    owner = here.owner(path)
    return Frame(owner.name, at) if owner is not None else replace(here.frame, opened=at)


def _is_word(token: Token) -> bool:
    return token.text[:1].isalpha() or token.text[:1] == "_"
