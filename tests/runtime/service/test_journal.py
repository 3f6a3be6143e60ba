"""The worker's log: JSON for machines, lines for people, nothing below the level asked for."""

import io
import json

import pytest

from runtime.errors import InvalidInput
from runtime.service.journal import journal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_one_json_object_a_line() -> None:
    stream = io.StringIO()
    log = journal(stream)
    log("info", "tick", ms=3, sent=2)
    log("warning", "the store is busy")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["level"], first["ms"], first["sent"]) == ("tick", "info", 3, 2)
    assert second["event"] == "the store is busy" and second["timestamp"].endswith("Z")


def test_people_get_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    journal(stream)("info", "tick", ms=3)
    assert stream.getvalue().endswith("tick ms=3\n") and "{" not in stream.getvalue()


def test_what_a_server_said_moves_no_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    journal(stream)("warning", "550 \x1b]0;owned\x07\nsent", why="\x1b[2J")
    assert stream.getvalue().count("\n") == 1 and stream.getvalue()[:-1].isprintable()


def test_levels_below_the_least_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_LOG", "warning")
    stream = io.StringIO()
    journal(stream)("info", "tick")
    assert stream.getvalue() == ""


def test_a_level_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_LOG", "loud")
    with pytest.raises(InvalidInput, match="`loud`, which is no level"):
        journal()
