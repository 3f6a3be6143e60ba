"""Who must not be mailed: refusals belong to the address and stay on the person (L3, L4, X24)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld

STRICT = PROJECT.replace("consent: relaxed", "consent: strict")
X = "sequence x { when: manually  sender: rep  exclusive: false  again: always  wait 1 day  send intro }"
BILL = "workflow bill of contact { when: purchased  again: always  send receipt }"


@pytest.mark.parametrize("kind", ["unsubscribed", "marked_spam"])
def test_l3_a_new_address_does_not_lift_what_the_person_said(worlds: MakeWorld, kind: str) -> None:
    """Neither at entry nor when a mail goes out, transactional ones included; the old address stays barred too."""
    w = worlds(X + BILL).contact("ann").event("ann", kind, at="03-02 12:00")
    w.set("ann", email="new@x.example", at="03-03 09:00").enroll("ann", "sequence x", at="03-03 10:00")
    w.event("ann", "purchased", at="03-04 10:00", amount="5").contact("zed", email="ann@x.example", at="03-04 11:00")
    w.event("zed", "purchased", at="03-04 12:00", amount="5").run_to("03-06 00:00")
    assert [r[2] for r in w.refusals("ann")] == ["unsubscribed" if kind == "unsubscribed" else "marked_spam"]
    assert w.mails("ann") == w.mails("zed") == []


def test_l3_a_bounce_belongs_to_the_address_alone(worlds: MakeWorld) -> None:
    """Who has a new address may be written to there."""
    w = worlds(X).contact("ann").event("ann", "bounced", at="03-02 12:00", kind="hard")
    w.set("ann", email="new@x.example", at="03-03 09:00").enroll("ann", "sequence x", at="03-03 10:00")
    assert w.run_to("03-06 00:00").mails("ann") == [("03-04 10:00", "intro")]


def test_l3_a_bounce_bars_the_address_that_the_mail_went_to(worlds: MakeWorld) -> None:
    """Not the one they have by then; however it was written."""
    w = worlds(X.replace("wait 1 day  ", "")).contact("ann", email="Ann@Bücher.example").contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 11:00").set("bob", email="new@x.example", at="03-03 12:00")
    for name in ("ann", "bob"):
        w.event(name, "bounced", kind="hard", mail="intro", at="03-03 13:00")
        w.enroll(name, "sequence x", at="03-04 10:00")
    w.run_to("03-06 00:00")
    assert ([r[2] for r in w.refusals("ann")], len(w.mails("ann"))) == (["bounced"], 1)
    assert (w.refusals("bob"), len(w.mails("bob"))) == ([], 2)
    barred = w.sql("SELECT address FROM segue_suppression ORDER BY address")
    assert barred == [("ann@bücher.example",), ("bob@x.example",)]


def test_l3_who_moves_away_from_a_barred_address_takes_nothing_along(worlds: MakeWorld) -> None:
    """It was somebody else who unsubscribed there."""
    w = worlds(X).contact("ann").contact("bob", email="ann@x.example").event("ann", "unsubscribed", at="03-02 12:00")
    w.set("bob", email="bob@x.example", at="03-03 09:00")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    assert w.run_to("03-06 00:00").mails("bob") == [("03-04 10:00", "intro")]
    assert w.mails("ann") == []


def test_l3_suppression_is_checked_when_the_mail_goes_out(worlds: MakeWorld) -> None:
    """A twin record with the same address unsubscribes meanwhile: the mail is refused, the others go."""
    w = worlds(X)
    for name in ("ann", "bob"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.contact("twin", email="ANN@x.example").event("twin", "unsubscribed", at="03-03 20:00").run_to("03-06 00:00")
    assert (w.mails("ann"), w.status("ann", "x")) == ([], "unenrolled(suppressed)")
    assert w.mails("bob") == [("03-04 10:00", "intro")]


@pytest.mark.parametrize(("project", "reason"), [(PROJECT, "opted_out"), (STRICT, "no_consent")])
def test_l3_an_opt_out_of_a_topic_holds_for_the_address(worlds: MakeWorld, project: str, reason: str) -> None:
    """Of two records with one address the one's refusal is the other's, however that one chose (L8)."""
    w = worlds(X.replace("intro", "letter"), project=project)
    for name, email in (("ann", "a@x.example"), ("twin", "A@x.example"), ("bob", "b@x.example")):
        w.contact(name, email=email).consent(name, "news", "opted_in", at="03-02 09:00")
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.consent("ann", "news", "opted_out", at="03-03 12:00").enroll("twin", "sequence x", at="03-05 10:00")
    w.run_to("03-06 00:00")
    assert [w.mails(n) for n in ("ann", "twin", "bob")] == [[], [], [("03-04 10:00", "letter")]]
    assert w.enrollments("twin", "x") == [f"unenrolled({reason})"]
    assert [r[2] for r in w.refusals("twin")] == ["unsubscribed_topic"]


def test_l3_an_opt_out_of_a_topic_stays_on_the_person(worlds: MakeWorld) -> None:
    w = worlds(X).contact("ann").consent("ann", "sales", "opted_out", at="03-02 12:00")
    w.set("ann", email="new@x.example", at="03-03 09:00").enroll("ann", "sequence x", at="03-03 10:00")
    assert w.run_to("03-06 00:00").refusals("ann") == [("03-03 10:00", "x", "unsubscribed_topic")]


@pytest.mark.parametrize("first", ["opted_in", "opted_out"])
@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("said", ["list", "act"])
def test_l8_of_two_choices_of_one_instant_the_refusal_counts(
    worlds: MakeWorld, first: str, apart: bool, said: str
) -> None:
    """Whichever is heard of first, together or one after the other; a later consent counts again."""
    w = worlds(X.replace("intro", "letter"), project=STRICT).contact("ann")
    for state in (first, {"opted_in": "opted_out", "opted_out": "opted_in"}[first]):
        if said == "list":
            w.consent("ann", "news", state, at="03-03 09:00")
        else:
            event = {"opted_in": "subscribed", "opted_out": "unsubscribed"}[state]
            w.event("ann", event, topic="news", at="03-03 09:00")
        if apart:
            w.run_to("03-03 09:30")
    w.enroll("ann", "sequence x", at="03-03 10:00").consent("ann", "news", "opted_in", at="03-04 09:00")
    w.enroll("ann", "sequence x", at="03-04 10:00").run_to("03-06 00:00")
    assert [r[2] for r in w.refusals("ann")] == ["unsubscribed_topic"]
    assert w.mails("ann") == [("03-05 10:00", "letter")]


def test_l4_a_choice_is_kept_with_basis_source_time_and_words(worlds: MakeWorld) -> None:
    """Also the one that is an act of theirs, for a topic or for all; the last one counts, whatever came in first."""
    w = worlds('workflow w of contact { when: viewed_page  subscribe to news because "asked at the fair" }')
    w.contact("ann").contact("bob").event("ann", "viewed_page", at="03-03 10:00")
    w.event("bob", "subscribed", at="03-03 12:00", topic="news").event(
        "bob", "unsubscribed", at="03-03 11:00", topic="news"
    )
    w.event("bob", "unsubscribed", at="03-04 10:00").run_to("03-05 00:00")
    rows = w.sql("SELECT id, topic, state, at, basis, source, words FROM segue_consent ORDER BY at")
    assert [(w.names[i], topic, state, w.local(at), *how) for i, topic, state, at, *how in rows] == [
        ("ann", "news", "opted_in", "03-03 10:00", "workflow w", "rule", "asked at the fair"),
        ("bob", "news", "opted_in", "03-03 12:00", "own act", "event", None),
        ("bob", "", "opted_out", "03-04 10:00", "own act", "event", None),
    ]


@pytest.mark.parametrize(("project", "reached"), [(PROJECT, {"yes", "silent"}), (STRICT, {"yes"})])
def test_l7_what_consent_marketing_needs_is_for_the_account_to_say_and_a_refusal_always_wins(
    worlds: MakeWorld, project: str, reached: set[str]
) -> None:
    """Some countries ask for consent, some for a way out alone: `consent:` says which law the account is under."""
    w = worlds("workflow w of contact { when: manually  send letter }", project=project)
    for name, state in (("yes", "opted_in"), ("silent", None), ("no", "opted_out")):
        w.contact(name).enroll(name, "workflow w", at="03-03 10:00")
        if state is not None:
            w.consent(name, "news", state, at="03-02 12:00")
    w.run_to("03-04 00:00")
    assert {name for name in ("yes", "silent", "no") if w.mails(name)} == reached


def test_l9_who_marks_a_mail_as_spam_gets_no_more_of_any_kind(worlds: MakeWorld) -> None:
    """Mailbox providers count such marks: the mails that wait are not sent, no sequence takes the person in again."""
    w = worlds(X + BILL)
    for name in ("ann", "bob"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.event("ann", "marked_spam", at="03-03 12:00").run_to("03-04 12:00")
    for name in ("ann", "bob"):
        w.event(name, "purchased", at="03-04 13:00", amount="5").enroll(name, "sequence x", at="03-04 14:00")
    w.run_to("03-06 00:00")
    assert [refusal[2] for refusal in w.refusals("ann")] == ["marked_spam"]
    assert w.mails("ann") == []
    assert [mail[1] for mail in w.mails("bob")] == ["intro", "receipt", "intro"]
