"""What records are called that are enrolled and are no contacts: deals, tickets (S45, X22)."""

from __future__ import annotations

from runtime.operators import listing
from runtime.reading import Choice, called, open_tasks, page
from tests.runtime.engine.harness import MakeWorld


def test_a_deal_in_a_list_is_called_by_its_name(worlds: MakeWorld) -> None:
    w = worlds(
        'workflow w of deal { when: stage becomes won  task call "C" to amy }'
        ' workflow v of contact { when: plan = trial  task call "D" to amy }'
    )
    w.contact("ann", at="03-03 10:00", plan="trial")
    w.deal("d1", "ann", at="03-03 10:00", stage="appointment").deal("d1", "ann", at="03-04 10:00")
    w.run_to("03-05 09:00")
    schema, deal = w.program.schema, [("deal", "d1")]
    with w.store.session() as session:
        found = called(session, schema, open_tasks(session)[1])
        assert sorted((task.object, task.contact) for task in found)[1:] == deal and found[0].object == "contact"
        lines = called(session, schema, page(session, Choice("w", "workflow")))
        assert [(line.object, line.contact) for line in lines] == deal
        chosen = listing.enrollments(session, listing.choose(session, schema, "workflow w", (), None))[1]
        assert [(one.object, one.contact) for one in called(session, schema, chosen)] == deal
        assert called(session, schema, []) == []
