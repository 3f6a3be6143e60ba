"""The keys of the terminal app, from its bindings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pkgutil import walk_packages

from .markdown import code, table
from .markdown import page as joined

# Not rooms: what stands behind all of them, and the short questions asked above a screen.
_EVERYWHERE = ("SegueApp", "DeskScreen", "PagedTable")
_CALLED = {"SegueApp": "In the whole app", "DeskScreen": "On every screen", "PagedTable": "In every table"}
_ANSWERS = ("No", "Back")  # of `n` in a question
# What people see, by module and class, where the name of the class does not say it.
PARTS = {
    "dialogs.choosing.ChoiceScreen": "One of several",
    "dialogs.confirm.ConfirmScreen": "Yes or no",
    "dialogs.filtering.FilterScreen": "Whose figures",
    "dialogs.help.HelpScreen": "The page of keys",
    "dialogs.question.QuestionScreen": "A line asked for",
    "frame.tabbed_screen.TabbedScreen": "Screens with tabs",
    "hygiene.acts.HygieneActsScreen": "Hygiene: fixes",
    "hygiene.queue.QueueScreen": "Hygiene: the queue",
    "operations.leases.Leases": "Operations: leases",
    "operations.machine.Machine": "Operations: the machine",
    "pages.note.NoteScreen": "A new note",
    "pages.record.RecordScreen": "The page of a record",
    "pages.record_tabs.Happened": "What happened to a record",
    "pipelines.card_acts.CardActs": "Deals and tickets: acts",
    "pipelines.card_form.FormScreen": "A new deal or ticket",
    "pipelines.lane.Lane": "A board",
    "pipelines.room.PipelineScreen": "Deals and tickets: what is shown",
    "records.room.RecordsScreen": "Lists of records",
    "reports.report_desk.ReportDesk": "A report or dashboard",
    "reports.report_tile.ReportTile": "A report on a dashboard",
    "segments.members.Members": "Members of a segment",
    "sequences.enrollment_table.EnrollmentTable": "Lists of enrollments",
    "sequences.enrollments.Enrollments": "Enrollments of a sequence",
    "sequences.performance.Performance": "Figures of a sequence",
    "talks.about.TalksAboutScreen": "Playbooks saved about a record",
    "talks.choices.Choices": "Options of a question",
    "talks.form.FormScreen": "Questions of a playbook: saving",
    "talks.form.Questions": "Questions of a playbook",
    "talks.form_filled.FilledScreen": "A form filled in",
    "talks.inviting.InvitedScreen": "An invitation",
    "talks.review.ReviewScreen": "What saving a playbook does",
    "talks.saved_talk.EditScreen": "A saved playbook, edited",
    "talks.saved_talk.SavedTalkScreen": "A saved playbook",
    "talks.talk.TalkScreen": "A playbook while it is run",
    "talks.whom.PersonScreen": "Who is on the line",
    "talks.whom.WhomScreen": "Whom a playbook is about",
    "today.task_table.TaskTable": "Lists of tasks",
    "unopened.UnopenedScreen": "A store that does not open",
}


def page() -> str:
    from tui.rooms import ROOMS

    found = list(classes())
    called = {one.__name__: one for one in found}
    first = [part for name in _EVERYWHERE for part in (f"## {_CALLED[name]}", _keys(called[name]))]
    others = sorted((one for one in found if one.__name__ not in _EVERYWHERE), key=title)
    rooms = [
        (code(str(nr)) if nr < 10 else "", code(f"g {room.key}"), room.title, room.role)
        for nr, room in enumerate(ROOMS, 1)
    ]
    rest = [part for one in others for part in (f"### {title(one)}", _keys(one))]
    return joined(
        "# The keys of the app",
        "`?` shows the keys of the screen one is on. [The terminal app](../terminal-app.md) tells what rooms are for.",
        "## Rooms",
        table(("number", "keys", "room", "from which role on"), rooms),
        *first,
        "## Letters",
        "A letter is the same act wherever it is a key, and an act has one letter. To a question `y` says yes, `n` no.",
        table(("key", "act", "where"), _letters(found)),
        "## By screen and part",
        *rest,
    )


def classes() -> Iterator[type]:
    """Every class of the app that has keys of its own, by module."""
    for found in walk_packages(import_module("tui").__path__, "tui."):
        module = import_module(found.name)
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == module.__name__ and one.__dict__.get("BINDINGS"):
                yield one


def _letters(found: Sequence[type]) -> list[tuple[str, str, str]]:
    """Each letter with its act and the screens and parts that have it."""
    from textual.binding import Binding

    acts: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for binding in Binding.make_bindings(one.__dict__["BINDINGS"]):
            if len(binding.key) == 1 and binding.key.isalpha() and binding.description and binding.key not in "yq":
                words = "New" if binding.description.startswith("New ") else binding.description
                acts.setdefault((binding.key, words), []).append(_CALLED.get(one.__name__, title(one)))
    order = sorted(acts, key=lambda act: (act[0].lower(), act[0].isupper()))
    return [(code(act[0]), act[1], "; ".join(sorted(set(acts[act])))) for act in order if act[1] not in _ANSWERS]


def _keys(of: type) -> str:
    from textual.binding import Binding

    from tui.dialogs.help import acts

    own = [one for one in Binding.make_bindings(of.__dict__["BINDINGS"]) if one.tooltip or one.description]
    return table(("keys", "what they do"), [(" ".join(map(code, keys)), words) for keys, words in acts(own)])


def title(of: type) -> str:
    """What people see: of a room its name, `SegmentDaysTab` -> `Segment days`."""
    name = f"{of.__module__.removeprefix('tui.')}.{of.__name__}"
    words = re.findall(r"[A-Z][a-z]*", re.sub(r"(Screen|Tab|Pane)$", "", of.__name__))
    return PARTS.get(name) or " ".join(words).capitalize()
