"""The same statements give the same figures on PostgreSQL."""

from dsl.schema import standard_schema
from runtime.metrics import monthly, most_engaged, sequence_metrics, step_funnel, template_performance, totals
from runtime.store.session import Session
from runtime.store.store import Store

from .world import random_world


def _all(session: Session) -> list[object]:
    reports = (sequence_metrics, totals, monthly, most_engaged, template_performance)
    return [*(report(session) for report in reports), step_funnel(session, "outbound"), step_funnel(session, "warm_up")]


def test_both_databases_agree(session: Session, postgres_url: str) -> None:
    world = random_world(4)
    world.write(session)
    with Store.create(postgres_url, standard_schema()) as store, store.session() as other:
        world.write(other)
        assert _all(other) == _all(session)
