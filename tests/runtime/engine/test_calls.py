"""Webhooks and Slack: outbox rows at which nobody rests (X12, X16)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from runtime.channels.base import SENT, Result
from runtime.channels.memory import MemoryChannel

from .harness import PROJECT, MakeWorld, World

CALLED = PROJECT.replace(
    "channels: {email: {kind: maildir, path: outbox}}",
    "channels: {email: {kind: maildir, path: outbox}, slack: {team: {env: TEAM_URL}}, webhook: {erp: {env: ERP_URL}}}",
)


class Answering(MemoryChannel):
    """Gives the answers it is told, in turn, then sends."""

    def __init__(self, *answers: Result) -> None:
        super().__init__()
        self.answers = list(answers)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        found = {}
        for key in keys:
            found[key] = self.answers.pop(0) if self.answers else SENT
            if found[key].state == "sent":
                super().publish([key])
        return found


def bodies(w: World) -> list[tuple[str, str, object]]:
    return [(m.kind, m.name, json.loads(m.body)) for m in w.channel.messages.values()]


def test_a_webhook_tells_values_as_json(worlds: MakeWorld) -> None:
    w = worlds(
        'workflow w of contact { when: manually  webhook "erp" { who = email  plan = plan  renewal = renewal'
        "  visits = visits  created = created_at  tags = tags } set visits = 9 }",
        project=CALLED,
    )
    w.contact("ann", plan="paid", visits=3, tags="a;c", renewal="2026-04-01").enroll(
        "ann", "workflow w", at="03-03 10:00"
    )
    w.run_to("03-03 11:00")
    told = {"who": "ann@x.example", "plan": "paid", "renewal": "2026-04-01", "visits": 3, "tags": ["a", "c"]}
    assert bodies(w) == [("webhook", "erp", told | {"created": "2026-03-02T08:00:00+01:00"})]
    assert w.value("ann", "visits") == 9
    assert w.steps("ann")[1:] == [
        ("03-03 10:00", "webhook", "erp", "sent"), ("03-03 10:00", "set", "visits", "done"),
        ("03-03 10:00", "ended", "finished", "completed"),
    ]  # fmt: skip


def test_x16_the_window_holds_slack_and_not_a_webhook(worlds: MakeWorld) -> None:
    w = worlds(
        'workflow w of contact { when: purchased  window: 09:00-17:00  webhook "erp" { who = email }'
        '  slack "team" "{{ contact.full_name }} & friends bought" }',
        project=CALLED,
    )
    w.contact("ann", first_name="<!channel>", last_name="Ko").event(
        "ann", "purchased", at="03-03 20:00", amount="3 EUR"
    )
    w.run_to("03-03 23:00")
    assert [kind for kind, *_ in bodies(w)] == ["webhook"]
    w.run_to("03-04 10:00")
    assert bodies(w)[1] == ("slack", "team", {"text": "&lt;!channel&gt; Ko & friends bought"})
    assert ("03-04 09:00", "slack", "team", "sent") in w.steps("ann")


def test_x12_nobody_rests_at_a_call_that_is_put_off_and_it_is_made_in_the_end(worlds: MakeWorld) -> None:
    """The enrollment has ended long before; the call goes on with the same key until it is answered."""
    channel = Answering(Result("later", "erp answered 503"), Result("later", "erp answered 503", after=600_000_000))
    w = worlds(
        'workflow w of contact { when: manually  webhook "erp" { who = email } }', project=CALLED, channel=channel
    )
    w.contact("ann").enroll("ann", "workflow w", at="03-03 10:00").run_to("03-03 10:00")
    assert w.enrollments("ann", "w") == ["finished(completed)"]
    assert w.sql("SELECT state, attempts, reason FROM segue_outbox") == [("deferred", 1, "erp answered 503")]
    w.run_to("03-03 12:00")
    assert [(w.local(t), s, n) for t, s, n in w.sql("SELECT settled_at, state, attempts FROM segue_outbox")] == [
        ("03-03 10:11", "sent", 2)
    ]
    assert len(channel.messages) == 1
    assert w.steps("ann")[-1] == ("03-03 10:11", "webhook", "erp", "sent")


def test_x10_a_call_that_is_put_off_is_not_made_while_its_enrollment_is_paused(worlds: MakeWorld) -> None:
    channel = Answering(Result("later", "erp answered 503"))
    rules = 'workflow w of contact { when: manually  webhook "erp" { who = email }  wait 2 days }'
    w = worlds(rules, project=CALLED, channel=channel).contact("ann").enroll("ann", "workflow w", at="03-03 10:00")
    w.run_to("03-03 10:00").pause("ann", "workflow w", at="03-03 10:00").run_to("03-03 12:00")
    assert w.sql("SELECT state FROM segue_outbox") == [("deferred",)]
    w.resume("ann", "workflow w", at="03-03 13:00").run_to("03-03 14:00")
    assert w.steps("ann")[-1] == ("03-03 13:00", "webhook", "erp", "sent")


def test_a_call_that_is_refused_is_told_and_stops_nobody(worlds: MakeWorld) -> None:
    channel = Answering(Result("refused", "webhook `erp` answered 404", "http_refused"))
    w = worlds(
        'workflow w of contact { when: manually  webhook "erp" { who = email } set visits = 1 }',
        project=CALLED, channel=channel,
    )  # fmt: skip
    w.contact("ann").enroll("ann", "workflow w", at="03-03 10:00").run_to("03-03 10:00")
    assert w.value("ann", "visits") == 1
    assert ("03-03 10:00", "webhook", "erp", "refused") in w.steps("ann")
    assert w.sql("SELECT detail FROM segue_step WHERE outcome = 'refused'") == [("webhook `erp` answered 404",)]


def test_two_calls_and_a_mail_of_one_instant(worlds: MakeWorld) -> None:
    w = worlds(
        'workflow w of contact { when: manually  webhook "erp" { who = email } slack "team" "x" send receipt'
        "  set visits = 2 }",
        project=CALLED,
    )
    for name in ("ann", "bob"):
        w.contact(name).enroll(name, "workflow w", at="03-03 10:00")
    w.run_to("03-03 10:00")
    sent = [message.kind for message in w.channel.messages.values()]
    assert {kind: sent.count(kind) for kind in sent} == {"email": 2, "slack": 2, "webhook": 2}
    assert [w.value(n, "visits") for n in ("ann", "bob")] == [2, 2]
    assert w.mails("ann") == [("03-03 10:00", "receipt")]
