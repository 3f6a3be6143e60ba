"""ticket, deal and broadcast on the command line."""

from pathlib import Path

import pytest

from .conftest import Segue

SPRING = """
broadcast spring "Spring letter" { to: email is known  send: welcome }
"""


def tick(segue: Segue) -> None:
    assert segue("run", "--until", "+1 minutes").code == 0


def test_a_ticket_from_its_making_to_its_end(segue: Segue, ran: Path) -> None:
    made = segue("ticket", "create", "--subject", "Login fails", "--link", "contact=3", "--id", "T1", "--json").json
    assert (made["pipeline"], made["stage"], made["external_id"]) == ("support", "new", "T1")
    tick(segue)
    assert segue("ticket", "move", "T1", "waiting_on_us").out == "asked for: ticket T1: new -> waiting_on_us\n"
    assert segue("ticket", "assign", "T1", "mia").out == "asked for: ticket T1: nobody -> mia\n"
    tick(segue)
    (line,) = segue("ticket", "list", "--state", "open", "--owner", "mia", "--link", "contact=3", "--json").json[
        "tickets"
    ]
    assert (line["stage"], line["name"]) == ("waiting_on_us", "Login fails")
    found = segue("ticket", "list", "--find", "LOGIN", "--where", "owner=mia", "--where", "kind=", "--json").json
    assert [one["external_id"] for one in found["tickets"]] == ["T1"]
    assert segue("ticket", "list", "--find", f"#{found['tickets'][0]['id']}", "--json").json == found
    assert segue("ticket", "list", "--where", "owner=", "--find", "login", "--json").json["count"] == 0
    assert segue("ticket", "list", "--lacking", "--json").json["count"] == 0
    changed = segue("ticket", "set", "T1", "kind=bug", "--unlink", "contact=3")
    assert (changed.code, changed.out) == (0, "asked for: ticket T1: kind=bug, tied no more to contact=3\n")
    assert segue("ticket", "set", "T1", "kind=bug", "--json").json["values"] == {"kind": "bug"}
    assert segue("ticket", "close", "T1").code == 0
    tick(segue)
    shown = segue("ticket", "show", "T1")
    assert shown.lines[:2] == ["ticket T1: Login fails", "in closed of support, closed"]
    columns = {c["stage"]: c["count"] for c in segue("ticket", "board", "--json").json["columns"]}
    assert columns == {"new": 0, "waiting_on_contact": 0, "waiting_on_us": 0, "closed": 1}
    assert "Closed: 1" in segue("ticket", "board").out


def test_deals_are_the_same(segue: Segue, ran: Path) -> None:
    assert segue("deal", "create", "--name", "Big", "--set", "amount=1200", "--id", "D1").code == 0
    tick(segue)
    told = segue("deal", "close", "D1")
    assert (told.code, "how does deal `D1` end?" in told.err, "won, lost" in told.err) == (2, True, True)
    assert segue("deal", "close", "D1", "--stage", "won").code == 0
    assert segue("deal", "show", "D1", "--json").json["waiting"] == 1
    amounts = [
        segue("deal", "show", "D1", "--json").json["properties"]["amount"],
        segue("deal", "list", "--json").json["deals"][0]["amount"],
        *(c["amount"] for c in segue("deal", "board", "--json").json["columns"] if c["count"]),
        segue("deal", "board", "--json").json["columns"][0]["cards"][0]["amount"],
    ]
    assert set(amounts) == {"1200.00"}, "in major units, as in reports"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ticket", "move", "nobody", "new"), "there is no ticket `nobody`"),
        (("ticket", "create"), "every ticket has subject"),
        (("ticket", "create", "--subject", "x", "--set", "priority"), "`priority` is no pair"),
        (("ticket", "list", "--state", "opne"), "there is no state `opne`"),
        (("ticket", "list", "--where", "ownr=mia"), "a ticket has no `ownr`"),
        (("ticket", "board", "--pipeline", "suport"), "no pipeline `suport`"),
        (("broadcast", "plan", "sprin"), "there is no broadcast `sprin`"),
        (("broadcast", "send", "spring", "--confirm", "1"), "would get it now, not 1"),
        (("broadcast", "plan", "spring", "--who", "now", "--after", "x"), "`x` is no id"),
        (("broadcast", "plan", "spring", "--who", "nwo"), "there is no group `nwo`"),
        (("broadcast", "plan", "spring", "--who", "everybody"), "those of this plan are"),
        (("deal", "list", "--pipeline", "salse"), "deal has no pipeline `salse`"),
        (("deal", "list", "--stage", "wno"), "there is no stage `wno`"),
        (("deal", "list", "--owner", "maj"), "there is no user `maj`"),
        (("deal", "board", "--owner", "maj"), "there is no user `maj`"),
        (("deal", "board", "--each", "-1"), "must be 0 or more"),
        (("why", "ann@example.net", "foo trial_welcome"), "there is no kind `foo`"),
        (("why", "ann@example.net", "foo trial_welcome"), 'write `"sequence trial_welcome"`'),
        (("why", "ann@example.net", "broadcast trial_welcome"), "there is no broadcast `trial_welcome`"),
    ],
)
def test_what_cannot_be_is_a_sentence(segue: Segue, ran: Path, arguments: tuple[str, ...], words: str) -> None:
    (ran / "rules" / "spring.segue").write_text(SPRING)
    told = segue(*arguments)
    assert (told.code, words in told.err) == (2, True), told.err


def test_a_broadcast_is_looked_at_and_sent(segue: Segue, ran: Path) -> None:
    (ran / "rules" / "spring.segue").write_text(SPRING)
    assert segue("broadcast", "list", "--json").json[0]["state"] == "when told"
    plan = segue("broadcast", "plan", "spring", "--who", "now", "--json").json
    assert plan["plan"]["receive"] == len(plan["people"]) > 0
    assert segue("broadcast", "send", "spring", "--dry-run", "--json").json["asked"] is False
    told = segue("broadcast", "send", "spring", "--confirm", str(plan["plan"]["receive"]))
    assert (told.code, "no worker runs now" in told.err) == (0, True)
    tick(segue)
    (line,) = segue("broadcast", "list", "--json").json
    assert (line["state"], line["sent"]) == ("sent", plan["plan"]["receive"])
    assert [act["act"] for act in segue("audit", "--json").json["acts"] if act["name"] == "spring"] == ["broadcast"]
    assert "finished (all its steps were taken)" in segue("why", "ann@example.net", "broadcast spring").out


def test_help_lists_what_a_verb_can_do(segue: Segue) -> None:
    told = segue("ticket", "--help")
    assert told.code == 0 and "move  " in told.out and "<cyclopts" not in told.out
    assert segue("ticket", "movve", "x").code == 2
