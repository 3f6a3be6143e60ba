"""Answers checked before anything is written: known names, right types, nothing that is due missing (P3, P4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from dsl.diagnostics.suggest import did_you_mean
from dsl.program.conditions import Field
from dsl.program.conversations import Ask

from ..channels.headers import check_address
from ..errors import BadAddress, InvalidInput
from ..store.imports.promises import promise_of
from ..store.values import Storage
from ..times.zones import is_zone
from .questions import OUTCOME, SCORE, Sitting, asks
from .typed import Reader, short

_TOLD = 5  # mistakes in one message
_NAMES = 12  # names in one message


def checked(
    sitting: Sitting,
    reader: Reader,
    raw: Mapping[str, object],
    outcome: str | None = None,
    kept: Mapping[str, Storage] | None = None,
) -> dict[str, Storage]:
    """The answers that were given, in the store's encoding, the outcome among them. `kept`: those of an earlier
    revision that stay, as far as they are still asked.

    Raises InvalidInput that tells the first mistakes, each with its question."""
    questions = _known(sitting, raw)
    wrong: list[str] = []
    answers: dict[str, Storage] = dict(kept or {})
    hints: list[str] = []
    for name, value in raw.items():
        try:
            found = one(sitting, reader, questions[name], value)
        except InvalidInput as error:
            wrong.append(f"{name}: {error.message}")
            hints.append(error.hint)
            continue
        if found is not None:
            answers[name] = found
    answers |= ended(sitting, outcome)
    if wrong:
        raise InvalidInput("; ".join(wrong[:_TOLD]), hints[0])
    for name in _hidden(sitting, answers):
        if name not in raw:
            del answers[name]
    _complete(sitting, answers)
    return answers


def as_typed(sitting: Sitting, reader: Reader, raw: Mapping[str, object], outcome: str | None = None) -> dict[str, str]:
    """Answers as a draft keeps them: texts, those of JSON as they would have been typed; the outcome among them. Raises
    InvalidInput for what could not be saved either: who puts it aside is there to put it right, who takes it up may not
    be."""
    questions = _known(sitting, raw)
    texts = {name: _text_of(sitting, reader, questions[name], value) for name, value in raw.items()}
    return texts | {name: str(value) for name, value in ended(sitting, outcome).items()}


def _text_of(sitting: Sitting, reader: Reader, ask: Ask, raw: object) -> str:
    read = _named(sitting, reader, ask, raw)
    return raw if isinstance(raw, str) else reader.typed(ask.type, read)


def put_aside_before(sitting: Sitting, reader: Reader, texts: Mapping[str, str]) -> dict[str, Storage]:
    """The answers of a draft, in the store's encoding; those whose question is gone from the rules fall away. Raises
    InvalidInput."""
    questions = asks(sitting.talk)
    read = {n: _named(sitting, reader, questions[n], text) for n, text in texts.items() if n in questions}
    return {name: value for name, value in read.items() if value is not None}


def _named(sitting: Sitting, reader: Reader, ask: Ask, raw: object) -> Storage:
    try:
        return one(sitting, reader, ask, raw)
    except InvalidInput as error:
        raise InvalidInput(f"{ask.name}: {error.message}", error.hint) from None


def one(sitting: Sitting, reader: Reader, ask: Ask, raw: object) -> Storage:
    """One answer; None for nothing. Raises InvalidInput."""
    found = reader(ask.type, raw)
    if found is None:
        return None
    scale = sitting.talk.scale
    if ask.name == SCORE and scale is not None and not (isinstance(found, int) and scale.low <= found <= scale.high):
        message = f"`{short(raw)}` is not on the scale"
        raise InvalidInput(message, f"write a whole number from {scale.low} to {scale.high}")
    return found if ask.target is None else _kept_by(sitting, ask.target, found, raw)


def _kept_by(sitting: Sitting, target: Field, found: Storage, raw: object) -> Storage:
    """The answer as its property takes it: addresses and zones are those that mail can be sent by, as in imports."""
    match target.property, found:
        case "email", str():
            address = unicodedata.normalize("NFKC", found).strip()
            try:
                check_address(address)
            except BadAddress as problem:
                raise InvalidInput(problem.message, "write it as ann@example.com") from None
            return address
        case "time_zone", str() if not is_zone(found):
            raise InvalidInput(f"`{short(found)}` is no time zone", "write it as Europe/Berlin")
    promise = promise_of(sitting.scope.schema.objects[target.object].properties[target.property])
    try:
        if promise is not None:
            promise(found)
    except ValueError as error:
        raise InvalidInput(str(error), f"`{short(raw)}` is not within its bounds") from None
    return found


def ended(sitting: Sitting, outcome: str | None) -> dict[str, Storage]:
    """How the talk ended. Raises InvalidInput."""
    known = sitting.talk.outcomes
    if outcome is None:
        return {}
    if outcome not in known:
        what = f"{sitting.talk.kind} `{sitting.talk.name}`"
        if not known:
            raise InvalidInput(f"{what} has no outcome", "leave it out")
        raise InvalidInput(f"{what} cannot end as `{outcome}`", did_you_mean(outcome, known))
    return {OUTCOME: outcome}


def _known(sitting: Sitting, raw: Mapping[str, object]) -> dict[str, Ask]:
    """All questions by name. Raises InvalidInput where something else is answered."""
    questions = asks(sitting.talk)
    if wrong := list(islice(_unknown(sitting, questions, raw), _TOLD)):
        raise InvalidInput("; ".join(wrong), f"the questions are {_listed(questions)}")
    return questions


def _unknown(sitting: Sitting, questions: Mapping[str, Ask], raw: Mapping[str, object]) -> Iterator[str]:
    for name in raw:
        if name not in questions:
            yield f"the {sitting.talk.kind} `{sitting.talk.name}` asks no question `{str(name)[:40]}`"


def _hidden(sitting: Sitting, answers: Mapping[str, Storage]) -> list[str]:
    """Questions that have an answer and are not asked."""
    shown = {item.name for item in sitting.shown(answers) if isinstance(item, Ask)}
    reserved = {SCORE} if sitting.talk.scale is not None else set()
    return sorted({name for name in asks(sitting.talk) if name in answers} - shown - reserved)


def _complete(sitting: Sitting, answers: Mapping[str, Storage]) -> None:
    """What is due is there, and nothing that is not asked (P4)."""
    shown = {item.name: item for item in sitting.shown(answers) if isinstance(item, Ask)}
    if hidden := _hidden(sitting, answers):
        raise InvalidInput(
            f"by the other answers {_listed(hidden)} {'is' if len(hidden) == 1 else 'are'} not asked",
            "leave it out, or change the answer it hangs on",
        )
    if sitting.talk.scale is not None:
        shown |= {SCORE: asks(sitting.talk)[SCORE]}
    missing = [name for name, ask in shown.items() if ask.required and name not in answers]
    if sitting.talk.outcomes and OUTCOME not in answers:
        missing.append(OUTCOME)
    if missing:
        outcomes = f"; the outcome is one of {', '.join(sitting.talk.outcomes)}" if OUTCOME in missing else ""
        raise InvalidInput(f"not answered yet: {_listed(missing)}", f"it is needed to save{outcomes}")


def _listed(names: Iterable[str]) -> str:
    some = [f"`{name}`" for name in names]
    return ", ".join(some[:_NAMES]) + (", .." if len(some) > _NAMES else "")
