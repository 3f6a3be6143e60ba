"""Mails that ask: a link with a token of its own, and none to whoever answered lately (P12, X27, X36)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from runtime.errors import UnknownName
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.surveys.conftest import reply, token, told

RULES = """
survey nps { scale: 0..10 not_again_within: 90 days }
survey 満足度 { kind: csat scale: 1..5 }
form demo { ask email "E-mail": text -> contact.email required }
template asks { topic: news subject: "Tell us" body: \"\"\"
  [Rate us]({{ links.survey.nps }}) or [again]({{ links.survey.nps }}), {{ links.survey.満足度 }}
  [Demo]({{ links.form.demo }})
\"\"\" }
template mid { topic: sales subject: "Tell us" body: "[Rate]({{ links.survey.nps }})" }
workflow asking of contact { when: visits = 1  again: always  send asks }
sequence two { when: manually  sender: rep  send mid  wait 1 days  send intro }
"""
URLS = 'survey_url: "https://s.example/{survey}?t={token}", form_url: "https://f.example/{form}"'
AT = PROJECT.replace("path: outbox", f"path: outbox, {URLS}")
TOKEN = re.compile(r"t=([0-9a-f]{34})")


def html(world: World, n: int = -1) -> str:
    message = message_from_bytes(list(world.channel.sent.values())[n], policy=policy.default)
    return str(message.get_body(("html",)).get_content())


def begun(worlds: MakeWorld, project: str = AT) -> World:
    return worlds(RULES, project=project).contact("ann").contact("bob").run_to("03-02 09:00")


def test_x27_a_mail_carries_a_token_that_opens_its_survey(worlds: MakeWorld) -> None:
    world = begun(worlds).set("ann", visits=1).run_to("03-02 09:05")
    words = html(world)
    links = re.findall(r'href="([^"]+)"', words)
    assert links[0] == links[1] and links[0].startswith("https://s.example/nps?t=")
    assert "https://f.example/demo" in links and "https://s.example/%E6%BA%80" in words
    mine, other = TOKEN.findall(words)[0], TOKEN.findall(words)[-1]
    assert mine != other
    (before,) = told(world, "nps")
    assert (before.invited, before.responded) == (1, 0)
    assert reply(world, mine, score=9).survey == "nps" and reply(world, other, score=5).survey == "満足度"
    world.run_to("03-02 09:10")
    assert told(world, "nps")[0].response_rate == 1.0
    kept = world.sql("SELECT survey, key FROM segue_invitation ORDER BY survey")
    assert [survey for survey, _ in kept] == ["nps", "満足度"] and len({key for _, key in kept}) == 1


def test_p12_a_mail_that_asks_again_too_soon_is_not_sent(worlds: MakeWorld) -> None:
    world = begun(worlds)
    reply(world, token(world, "nps", "ann"), score=9)  # the event has not come yet, and counts
    world.set("ann", visits=1).set("bob", visits=1).run_to("03-02 09:05")
    assert world.mails("ann") == [] and len(world.mails("bob")) == 1
    assert world.sql("SELECT reason FROM segue_outbox WHERE state = 'refused'") == [("answered_lately",)]
    assert world.enrollments("ann", "asking") == ["finished(completed)"]
    world.set("ann", at="06-01 09:00", visits=2).set("ann", at="06-02 09:00", visits=1).run_to("06-02 09:05")
    assert len(world.mails("ann")) == 1


def test_p12_it_ends_no_sequence(worlds: MakeWorld) -> None:
    world = begun(worlds)
    reply(world, token(world, "nps", "ann"), score=9)
    world.enroll("ann", "sequence two").run_to("03-04 09:00")
    assert [name for _, name in world.mails("ann")] == ["intro"]


def test_without_an_address_in_segue_yaml_the_sender_is_written_to(worlds: MakeWorld) -> None:
    world = begun(worlds, PROJECT).enroll("ann", "sequence two").run_to("03-02 09:05")
    (link,) = re.findall(r'href="(mailto:[^"]+)"', html(world))[:1]
    assert re.fullmatch(r"mailto:rep@x\.example\?subject=nps%20[0-9a-f]{34}", link)
    with pytest.raises(UnknownName):
        reply(world, "0" * 34, score=9)
    assert reply(world, link[-34:], score=9).survey == "nps"


def test_the_addresses_hold_what_makes_them_somebodys() -> None:
    for wrong in ('survey_url: "https://s.example/"', 'form_url: "ftp://f/{form}"', 'survey_url: "x {token}"'):
        settings = Source("segue.yaml", PROJECT.replace("path: outbox", f"path: outbox, {wrong}"))
        found = [d.message for d in compile_project([], None, settings).diagnostics]
        assert any("is an address that holds" in message for message in found), wrong
