"""The queue of what a person must look at, and their decisions (P15)."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput, UnknownName
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.hygiene.clinic import Clinic

MANUAL = """
hygiene names "Names as the manual has them" of contact {
  review when first_name is missing or last_name is missing "Both of {{ contact.email | default: '?' }} are needed"
  review when last_name contains company.name or first_name contains company.name "No company in a name"
  review when last_name matches "(株式会社|Inc)" "No company in a name"
}
"""


def clinic(worlds: MakeWorld) -> Clinic:
    world = worlds(MANUAL)
    world.contact("ann", last_name="Mori").contact("bob", first_name="Bob", last_name="Unicorn Sato")
    world.contact("cyd", first_name="Cyd", last_name="株式会社").contact("dee", first_name="D", last_name="E")
    world.company("unicorn", "bob", "dee")
    return Clinic(world.run_to("03-02 09:00"))


def test_p15_the_rules_of_the_manual_find_whom_they_mean(worlds: MakeWorld) -> None:
    """Only one of both names; a company's name inside."""
    c = clinic(worlds)
    assert sorted(c.queue()) == [
        ("names.1", "ann", "Both of ann@x.example are needed"),
        ("names.2", "bob", "No company in a name"),
        ("names.3", "cyd", "No company in a name"),
    ]
    assert c.found() == {"names.1": 1, "names.2": 1, "names.3": 1}
    assert len(c.queue(limit=2)) == 2


def test_p15_what_a_person_decided_stays_out_until_a_value_changes(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    c.keep("names.1", "ann", "she has one name")
    assert [rule for rule, *_ in c.queue()] == ["names.2", "names.3"]
    c.world.set("ann", email="new@x.example", phone="1").run_to("03-02 09:01")  # the rule does not look at these
    assert [rule for rule, *_ in c.queue()] == ["names.2", "names.3"]
    c.world.set("ann", last_name="Ito").run_to("03-02 09:02")
    assert [rule for rule, *_ in c.queue()] == ["names.1", "names.2", "names.3"]
    c.keep("names.1", "ann")
    assert c.rows("SELECT count(*) FROM segue_reviewed") == [(1,)]  # the older decision is over


def test_a_value_of_another_record_brings_it_up_again(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    c.keep("names.2", "bob")
    c.world.record("company", "unicorn", "03-02 09:00", name="Sato").run_to("03-02 09:01")
    assert ("names.2", "bob", "No company in a name") in c.queue()


def test_a_decision_outlives_another_order_of_the_rules_and_no_other_wording(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    c.keep("names.1", "ann")
    lines = MANUAL.strip().splitlines()
    c.world.edit("\n".join([lines[0], lines[2], lines[1], *lines[3:]]))
    assert Clinic(c.world).found() == {"names.1": 1, "names.2": 0, "names.3": 1}
    c.world.edit(MANUAL.replace("or last_name is missing", ""))
    assert Clinic(c.world).found()["names.1"] == 1


def test_only_what_is_found_can_be_kept(worlds: MakeWorld) -> None:
    c = clinic(worlds)
    with pytest.raises(InvalidInput, match="finds nothing wrong with `dee`"):
        c.keep("names.1", "dee")
    with pytest.raises(UnknownName, match=r"no rule `names\.9`"):
        c.keep("names.9", "ann")
    with pytest.raises(UnknownName, match="no contact `nobody`"):
        c.keep("names.1", "nobody")
    assert c.rows("SELECT count(*) FROM segue_reviewed") == [(0,)]
    assert c.rows("SELECT count(*) FROM segue_audit") == [(0,)]
