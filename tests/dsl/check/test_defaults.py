"""What is wrong in the `defaults:` of segue.yaml is told where it stands, however the file is laid out."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source


@pytest.mark.parametrize(
    "text, place",
    [
        ("name: x\naccount: {time_zone: UTC}\ndefaults: {zone: contct}\n", "3:18"),
        ("name: x\ndefaults:\n  zone: contct\n", "3:9"),
        ("name: x\ncalendars:\n  zone: {}\ndefaults: {window: 9, zone: contct}\n", "4:29"),
    ],
)
def test_place(text: str, place: str) -> None:
    project = Source("segue.yaml", text)
    found = compile_project([], None, project).diagnostics
    spans = [d.label.span for d in found if "contct" in d.message]
    assert [f"{line}:{column}" for line, column in (project.position(s.start) for s in spans)] == [place]
