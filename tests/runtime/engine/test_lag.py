"""What waits, what is late and for how long, phase by phase."""

from runtime.reading.lag import Lag, lags
from runtime.reading.values import lasting
from runtime.service.standing import Unknown, standing
from runtime.times.zones import MINUTE
from tests.runtime.engine.harness import MakeWorld


def test_nothing_is_late_in_a_store_that_was_worked(worlds: MakeWorld) -> None:
    world = worlds("sequence x { when: manually sender: rep  send intro  wait 1 day  send last }")
    world.contact("ann", at="03-02 08:00").enroll("ann", "sequence x", at="03-02 09:00").run_to("03-02 10:00")
    assert [lag for lag in lags(world.engine.session, world.micros("03-02 10:00")) if lag.waiting] == []


def test_a_worker_that_stands_still_is_behind_in_every_phase_it_would_go_through(worlds: MakeWorld) -> None:
    world = worlds("sequence x { when: manually sender: rep  send intro  wait 1 day  send last }")
    world.contact("ann", at="03-02 08:00").enroll("ann", "sequence x", at="03-02 09:00").run_to("03-02 10:00")
    world.contact("bob", at="03-02 12:00").contact("cyd", at="03-03 11:00").deliver()
    now = world.micros("03-03 11:00")
    found = {lag.phase: lag for lag in lags(world.engine.session, now)}
    assert found["facts"] == Lag("facts", 2, 1, world.micros("03-02 12:00"))
    assert found["steps"] == Lag("steps", 1, 1, world.micros("03-03 09:00"))
    assert found["steps"].behind(now) == 120 * MINUTE
    assert found["dispatch"].waiting == found["answers"].waiting == 0


def test_the_oldest_unknown_outcome_is_named_with_its_key(worlds: MakeWorld) -> None:
    world = worlds("sequence x { when: manually sender: rep  send intro }")
    for name, at in (("ann", "03-02 09:00"), ("bob", "03-02 10:00")):
        world.contact(name, at="03-02 08:00").enroll(name, "sequence x", at=at)
    world.run_to("03-03 00:00")
    assert standing(world.store, world.now).unknown is None
    with world.engine.session.transaction():
        world.sql("UPDATE segue_outbox SET state = 'unknown'")
    key = world.sql("SELECT key FROM segue_outbox ORDER BY settled_at LIMIT 1")[0][0]
    assert standing(world.store, world.now).unknown == Unknown(2, key, world.micros("03-02 09:00"))


def test_lengths_of_time_in_words() -> None:
    minutes = {0: "0 min", 59: "59 min", 60: "1 h 0 min", 125: "2 h 5 min", 1440: "1 day", 4560: "3 days 4 h"}
    assert {n: lasting(n * MINUTE) for n in minutes} == minutes
