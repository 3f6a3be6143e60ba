"""What is said of the place under the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.check.placed import Placed
from dsl.check.sound import Sound
from dsl.diagnostics.catalogue import find_code
from dsl.english.sentences import said
from dsl.program.cost import cost_of
from dsl.program.definitions import Definition, Segment
from dsl.program.others import Score
from dsl.source import Source, Span
from dsl.syntax.machine import machine
from dsl.syntax.tokens import Token
from runtime.project.loading import table_file

from .describing import described
from .members import Members
from .names import named_at
from .project import YAML, Project
from .words import KEYWORDS, SETTINGS


@dataclass(frozen=True, slots=True)
class Told:
    """Markdown about what stands at `span`."""

    text: str
    span: Span


def hover(project: Project, source: Source, offset: int, members: Members) -> Told | None:
    """The thing named there, else the word and the condition around it; and why a finding there matters."""
    uses = named_at(project, source.name, offset)
    parts = [described(project, use.thing, members) for use in uses]
    span = uses[0].span if uses else None
    if span is None and source.name not in YAML:
        token = token_at(source, offset)
        if token is not None:
            parts, span = list(_around(project, source, token)), token.span
    finding = list(_findings(project, source.name, offset))
    parts += [text for text, _ in finding]
    shown = [part for part in dict.fromkeys(parts) if part]
    if not shown:
        return None
    return Told("\n\n---\n\n".join(shown), span or finding[0][1])


def token_at(source: Source, offset: int) -> Token | None:
    """The word or sign at a place; of two that touch, the one that begins there."""
    tokens = machine(table_file()).lexer.read(source.name, source.text).tokens[:-1]
    here = [token for token in tokens if token.start <= offset <= token.end and token.end > token.start]
    return here[-1] if here else None


def _around(project: Project, source: Source, token: Token) -> Iterator[str]:
    following = source.text[token.end :].lstrip()[:1]
    if following == ":" and token.text in SETTINGS:
        yield f"`{token.text}:` {SETTINGS[token.text]}"
    elif token.text in KEYWORDS and token.type != "TEXT":
        yield f"`{token.text}` {KEYWORDS[token.text]}"
    placed = _condition_at(project, source.name, token.start)
    if placed is not None:
        part, sound = placed
        yield f"{capital(said(part.condition).text)}\n\n_Cost: {cost_of(part.condition, _subject(sound)).words}_"


def _condition_at(project: Project, file: str, offset: int) -> tuple[Placed, Sound] | None:
    """The smallest part of a condition that holds the place."""
    best: tuple[Placed, Sound] | None = None
    for outcome in project.workspace.outcomes(file):
        for sound in outcome.sound:
            waiting = list(sound.conditions)
            while waiting:
                part = waiting.pop()
                if part.span.file != file or not part.span.start <= offset < part.span.end:
                    continue
                if best is None or part.span.end - part.span.start <= best[0].span.end - best[0].span.start:
                    best = part, sound
                waiting += part.parts
    return best


def _subject(sound: Sound) -> str:
    match sound.compiled:
        case Segment(object=of) | Score(object=of):
            return of
        case Definition(pinned=pinned):
            return pinned.object
    return "contact"


def _findings(project: Project, file: str, offset: int) -> Iterator[tuple[str, Span]]:
    """The story behind each finding at the place."""
    for diagnostic in project.check():
        span = diagnostic.label.span
        if span.file == file and span.start <= offset <= span.end:
            code = find_code(diagnostic.code)
            if code is not None:
                yield f"**{code.name}** ({code.alias}): {code.title}.\n\n{code.why}", span


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
