"""Why somebody was refused, ended or was not mailed, said in words (S27, S43, X9, X24, X25)."""

from __future__ import annotations

import re
from pathlib import Path

from dsl.check.guards import DEFAULTS
from runtime.reading import reasons
from tests.runtime.engine.harness import PROJECT, MakeWorld
from tests.runtime.why.test_why import ask

REASONS = """
sequence first "First" { when: manually  sender: rep  send intro }
sequence second "Second" { when: viewed_page  sender: rep  send case }
sequence goal "Goal" { when: manually  sender: rep  goal: plan = paid  exclusive: false  wait 1 day  send intro }
workflow bill of contact { when: purchased  again: always  send letter }
"""


def test_s27_s43_ends_refusals_and_what_holds_a_mail_are_told_in_words(worlds: MakeWorld) -> None:
    limits = (
        "limits: {frequency_cap: {at_most: 1, within: 3 days, over: all, when_reached: defer, except: [transactional]}}"
    )
    w = worlds(REASONS, project=PROJECT + limits).contact("ann").contact("bob", plan="paid").contact("cid").go_live()
    w.consent("cid", "news", "opted_out", at="03-02 09:00")
    w.enroll("ann", "sequence first", at="03-02 10:00").enroll("bob", "sequence goal", at="03-02 10:00")
    w.enroll("cid", "sequence goal", at="03-02 10:00").event("cid", "purchased", at="03-02 11:00", amount=1)
    w.event("ann", "purchased", at="03-02 11:00", amount=1).run_to("03-02 12:00")
    w.event("cid", "replied", at="03-02 13:00").enroll("ann", "sequence first", at="03-02 13:00").run_to("03-02 14:00")
    assert ask(w, "bob", "goal").summary.endswith("its `goal` is reached already")
    assert ask(w, "ann", "first").refusals[0].words == "they were in it before, and it takes nobody in again"
    assert "unenrolled (they replied)" in ask(w, "cid", "goal").summary
    assert "finished (all its steps were taken and nobody replied)" in ask(w, "ann", "first").summary
    mail = ask(w, "cid", "bill").enrollments[0].steps
    assert [s.words for s in mail if s.outcome == "refused"] == ["they opted out of its topic"]
    put_off = [s.words for s in ask(w, "ann", "bill").enrollments[0].steps if s.outcome == "deferred"]
    assert put_off and all(words.startswith("the frequency cap: ") for words in put_off)


def test_every_word_the_engine_stores_for_a_reason_has_its_words() -> None:
    """The engine's own SQL and code, read for the words it writes."""
    engine = Path(reasons.__file__).parents[1] / "engine"
    text = {path.name: path.read_text() for path in engine.rglob("*.py")}
    refusals = set(re.findall(r'\("(\w+)", (?:self|\*self|hit|out|f"|"NOT)', text["refusals.py"]))
    refusals |= set(
        re.findall(r'\("goal", "(\w+)"\), \("suppress", "(\w+)"\), \("stop_when", "(\w+)"\)', text["refusals.py"])[0]
    )
    assert {"already_enrolled", "enrolled_before", "no_address", "loop_guard", "goal_met"} <= refusals
    ends = set(re.findall(r"'(?:unenrolled|finished|errored)', '(\w+)'", "".join(text.values())))
    ends |= set(DEFAULTS.values()) | {"goal", "suppressed", "stop_when", "company", "manual", "user_deactivated"}
    ends |= {"sequence_removed", "workflow_removed", "contact_deleted", "bounce", "spam", "unsubscribed", "exit"}
    ends |= {"no_reply", "completed", "no_engagement", "opted_out", "no_consent", "no_address", "no_sender"}
    held = set(re.findall(r"'refused', '(\w+)'", "".join(text.values()))) | {"cap", "quiet_hours", "window"}
    held |= {"soft_bounce", "engaged", "limit(account)", "limit(rep@x.example)", "limit(provider gmail.com)"}
    for told, words in ((reasons.refused, refusals), (reasons.ended, ends), (reasons.held, held)):
        bare = {word for word in words if told(word) == word.replace("_", " ")}
        assert not bare, bare
