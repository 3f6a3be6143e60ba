"""Mails right behind each other: what became of the first of one person says nothing of the second of another."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld

# Two mails a minute: the first mails of some go out together with the second ones of others.
TWO = PROJECT.replace("path: outbox}", "path: outbox, limits: {account: {per_minute: 2}}}")
SECOND = ["send case", "send case to every company.contact (visits = 1)"]


@pytest.mark.parametrize("kind", ["workflow x of contact", "sequence x"])
@pytest.mark.parametrize("second", SECOND)
def test_x12_first_and_second_mails_settled_at_one_instant(worlds: MakeWorld, kind: str, second: str) -> None:
    w = worlds(f"{kind} {{ when: viewed_page  sender: rep  send intro  {second}  send last }}", project=TWO)
    for name in "abc":
        w.contact(name, visits=1).company(f"{name} Ltd", name).event(name, "viewed_page", at="03-03 18:00", path="/")
    w.run_to("03-04 00:00")
    assert [[mail for _, mail in w.mails(name)] for name in "abc"] == [["intro", "case", "last"]] * 3


@pytest.mark.parametrize("second", SECOND)
def test_x24_a_second_mail_that_is_refused_ends_nobody_at_the_first(worlds: MakeWorld, second: str) -> None:
    """Those whose second one is refused leave; those whose first one went at that instant have a second one to come."""
    w = worlds(
        "sequence x { when: viewed_page  sender: rep  send intro  " + second.replace("case", "letter") + " }",
        project=TWO.replace("consent: relaxed", "consent: strict"),
    )
    for name in "abc":
        w.contact(name, visits=1).company(f"{name} Ltd", name).event(name, "viewed_page", at="03-03 18:00", path="/")
    w.run_to("03-04 00:00")
    assert [w.mails(name)[0][1] for name in "abc"] == ["intro"] * 3
    assert [w.steps(name)[-2:] for name in "abc"] == [
        [(at, "send", "letter", "refused"), (at, "ended", "unenrolled", "no_consent")]
        for at in (w.ended(name, "x") for name in "abc")
    ]
