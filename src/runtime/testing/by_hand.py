"""What people do by hand in a test, through the same functions that the command line and the terminal app call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dsl.english.phrases import phrase
from dsl.program.conversations import Ask, Conversation, Say, When
from dsl.program.tests import AnswersSurvey, ByHand, Fixes, Moves, Person, Saves, SendsBroadcast, Submits
from dsl.program.tests_by_hand import Answered

from ..access.roles import Actor, actor
from ..broadcasts.sending import send
from ..errors import InvalidInput, SegueError
from ..forms.submitting import submit
from ..forms.written import Linked
from ..hygiene.fixing import fix
from ..pipelines.acts import move
from ..store.values import Storage
from ..surveys.answering import answer
from ..surveys.inviting import invite
from ..talks.opening import named, opened, sitting
from ..talks.questions import OUTCOME, SCORE, Sitting, asks
from ..talks.saved_talks import save
from ..talks.saving import Written
from .looked_at import finders
from .outcome import Failure, Seen
from .stage import PAGE, Stage


def by_hand(stage: Stage, item: ByHand) -> Failure | None:
    """Let it happen, and what follows from it at once. Gives back why it was refused, or, where it was to be, that it
    was not, or not in these words."""
    try:
        _do(stage, item)
    except SegueError as refused:
        return _refused(item, refused)
    stage.go_on()
    return Failure(item.span, "this was not refused", "it was done") if item.refused is not None else None


def _refused(item: ByHand, refused: SegueError) -> Failure | None:
    if item.refused is None:
        return Failure(item.span, f"this was refused: {refused.message}", refused.hint or "refused")
    if item.refused.casefold() in f"{refused.message} {refused.hint}".casefold():
        return None
    return Failure(item.span, f'this was not refused because of "{item.refused}"', f"refused: {refused.message}")


def _do(stage: Stage, item: ByHand) -> None:
    match item:
        case Saves():
            _save(stage, item)
        case Submits():
            _submit(stage, item)
        case AnswersSurvey():
            _answer(stage, item)
        case Moves(user, who, stage_name):
            move(stage.session, stage.loaded, who.object, [_called(stage, who)], stage_name, _actor(stage, user))
        case SendsBroadcast(user, name):
            send(stage.session, stage.loaded, name, _actor(stage, user))
        case Fixes(user, name):
            finders(stage, name)
            fix(stage.session, stage.loaded, name, _actor(stage, user))


def _actor(stage: Stage, user: str) -> Actor:
    return actor(stage.program.project, user)


def _called(stage: Stage, who: Person) -> str:
    """A record as the command line is told of it."""
    return f"#{stage.id_of(who)}"


# --- talks ------------------------------------------------------------------------------------


def _save(stage: Stage, item: Saves) -> None:
    talk = named(stage.loaded, "playbook", item.playbook)
    person = _called(stage, item.person) if item.person else None
    at = opened(stage.session, stage.loaded, talk, _called(stage, item.record), person)
    answers = _plain(item.answers)
    outcome = answers.pop(OUTCOME, None)
    ended = str(outcome) if outcome is not None else None
    saved = save(stage.loaded, at, answers, ended, _actor(stage, item.user))
    _note(stage, at, saved.answers, saved.written)


def _submit(stage: Stage, item: Submits) -> None:
    """As the form's web page would: on nobody's behalf."""
    talk = named(stage.loaded, "form", item.form)
    done = submit(stage.session, stage.loaded, item.form, _plain(item.answers), PAGE)
    at = sitting(stage.session, stage.loaded, talk, done.contact_id, done.contact_id)
    _note(stage, at, done.answers, done.written, done.linked)
    if item.unknown:  # and is somebody of the test from now on
        stage.ids[item.who.name] = done.contact_id
        stage.id_of(item.who)


def _answer(stage: Stage, item: AnswersSurvey) -> None:
    """Invited for it, as nobody answers without (P12)."""
    session, loaded, id_ = stage.session, stage.loaded, stage.id_of(item.who)
    invitations = invite(session, loaded, item.survey, [id_], PAGE)
    if not invitations.invited:
        stage.noted.add(("survey", item.survey, None, "asked too soon"))
        pause = "`not_again_within` keeps them from being asked again"
        raise InvalidInput(f"`{item.who.name}` has answered `{item.survey}` lately", pause)
    done = answer(session, loaded, invitations.invited[0].token, _plain(item.answers), PAGE)
    at = sitting(session, loaded, named(loaded, "survey", item.survey), id_, id_)
    _note(stage, at, done.answers, done.written, done.linked)


def _plain(answers: Answered) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers}


# --- for coverage -----------------------------------------------------------------------------


def _note(
    stage: Stage,
    at: Sitting,
    answers: Mapping[str, Storage],
    written: Sequence[Written],
    linked: Sequence[Linked] = (),
) -> None:
    """That it was saved, which questions were asked and which not, and what was written back, or on a new record."""
    talk = at.talk
    new = {one.object for one in linked if one.new}
    targets = [ask.target for name, ask in asks(talk).items() if ask.target is not None and name in answers]
    made = [target for target in targets if target.path and target.object in new]
    stage.noted.update((talk.kind, talk.name, None, f"writes {one.object}.{one.property}") for one in made)
    stage.noted.add((talk.kind, talk.name, None, "saved"))
    stage.noted.update((talk.kind, talk.name, None, f"writes {one.object}.{one.property}") for one in written)
    seen = {name: value for name, value in answers.items() if name in (OUTCOME, SCORE)}
    stage.noted.update(_asked(at, talk, talk.items, answers, seen))


def _asked(
    at: Sitting,
    talk: Conversation,
    items: Sequence[Say | Ask | When],
    answers: Mapping[str, Storage],
    seen: dict[str, Storage],
) -> Iterator[Seen]:
    for item in items:
        match item:
            case Ask(name=name):
                seen[name] = answers.get(name)
            case When(condition, inner):
                holds = at.holds(condition, seen)
                yield talk.kind, talk.name, None, f"{'then' if holds else 'else'} {phrase(condition)}"
                if holds:
                    yield from _asked(at, talk, inner, answers, seen)
