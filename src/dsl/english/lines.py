"""An outline: lines with lines below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..values import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`parts` stand below it, one step further in."""

    text: str
    parts: tuple[Line, ...] = ()


def bulleted(lines: Iterable[Line], indent: str = "") -> Iterator[str]:
    """`- text`, with what belongs to it two spaces further in."""
    for line in lines:
        yield f"{indent}- {line.text}"
        yield from bulleted(line.parts, f"{indent}  ")


def spoken(lines: Iterable[Line]) -> Iterator[str]:
    """Each line with all below it as a sentence; `then:` and `else:` go on with the one before."""
    sentence: list[str] = []
    for line in lines:
        words = _in_one(line)
        if sentence and not words.startswith(_GOES_ON):
            yield _whole(sentence)
            sentence = []
        sentence.append(words)
    if sentence:
        yield _whole(sentence)


def _in_one(line: Line) -> str:
    below = list(_joined(line.parts))
    return f"{line.text.rstrip(':')}: {'; '.join(below)}" if below else line.text


def _joined(lines: Iterable[Line]) -> Iterator[str]:
    return (words[:-1][:1].lower() + words[:-1][1:] for words in spoken(lines))


def _whole(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


_GOES_ON = ("then", "else", "if not", "if it is past")
