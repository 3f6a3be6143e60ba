"""The standard CRM is what semantics.md says."""

import pytest

from dsl.schema import read_schema, standard_schema
from dsl.schema.model import Kind, Schema
from dsl.schema.names import Named, check_name
from dsl.schema.problems import Problems
from dsl.source import NOWHERE, Source


@pytest.fixture
def schema() -> Schema:
    return standard_schema("JPY")


NEVER_MISSING = {
    "contact": {"full_name", "lifecycle_stage", "created_at"},
    "company": {"name", "created_at"},
    "deal": {"name", "pipeline", "stage", "closed", "won", "created_at"},
    "ticket": {"subject", "pipeline", "stage", "priority", "closed", "created_at"},
}
MAY_BE_MISSING = {
    "contact": {
        *("email", "first_name", "last_name", "phone", "country", "time_zone", "language", "owner"),
        *("last_activity_at", "last_contacted_at", "last_purchase_at"),
    },
    "company": {"domain", "industry", "owner"},
    "deal": {"amount", "owner", "close_on"},
    "ticket": {"kind", "owner"},
}


@pytest.mark.parametrize("name", NEVER_MISSING)
def test_properties(schema: Schema, name: str) -> None:
    properties = schema.objects[name].properties
    assert {p.name for p in properties.values() if not p.may_be_missing} == NEVER_MISSING[name]
    assert {p.name for p in properties.values() if p.may_be_missing} == MAY_BE_MISSING[name]


def test_every_object_has_a_creation_date(schema: Schema) -> None:
    for owner in schema.objects.values():
        assert owner.properties["created_at"].type.kind is Kind.DATETIME
        assert owner.properties["created_at"].required


def test_only_the_primary_company_is_to_one(schema: Schema) -> None:
    links = [link for owner in schema.objects.values() for link in owner.associations.values()]
    assert [(link.owner, link.name) for link in links if not link.many] == [("contact", "company")]


def test_associations_lead_back(schema: Schema) -> None:
    for owner in schema.objects.values():
        for name, link in owner.associations.items():
            back = schema.objects[link.target].associations[link.inverse]
            assert (back.target, back.inverse, link.name) == (owner.name, name, name)
            assert name not in owner.properties  # contact.email is the address, the mails are contact.logged_email


def test_event_fields(schema: Schema) -> None:
    fields = {
        name: [f.name if f.required else f"{f.name}?" for f in event.fields.values()]
        for name, event in schema.events.items()
        if event.fields
    }
    assert fields == {
        "received_email": ["template", "topic", "link?"],
        "opened_email": ["template?"],
        "clicked_email": ["template", "link_url"],
        "bounced": ["kind"],
        "unsubscribed": ["topic?"],
        "subscribed": ["topic"],
        "booked_meeting": ["host"],
        "submitted_form": ["form"],
        "submitted_survey": ["survey", "score"],
        "viewed_page": ["path"],
        "downloaded": ["asset"],
        "searched": ["terms"],
        "purchased": ["product?", "amount?"],
        "abandoned_cart": ["total"],
        "registered_for": ["event"],
        "attended": ["event"],
        "was_called": ["outcome?"],
    }


def test_only_opens_and_clicks_have_a_class(schema: Schema) -> None:
    """X30."""
    assert {e.name for e in schema.events.values() if e.classed} == {"opened_email", "clicked_email"}


def test_what_happens_to_people_is_no_act(schema: Schema) -> None:
    passive = {"received_email", "bounced", "marked_spam", "unsubscribed", "subscribed", "was_called", "was_met"}
    computed = {"acted", "created"}
    assert {e.name for e in schema.events.values() if not e.act} == passive | computed
    assert {e.name for e in schema.events.values() if e.builtin} == computed


def test_amounts_are_in_the_currency_of_the_account(schema: Schema) -> None:
    """X32."""
    assert schema.objects["deal"].properties["amount"].type.currency == "JPY"
    assert schema.events["purchased"].fields["amount"].type.currency == "JPY"
    assert standard_schema("EUR").objects["deal"].properties["amount"].type.currency == "EUR"


def test_default_pipelines(schema: Schema) -> None:
    (sales,) = schema.pipelines_of("deal")
    (support,) = schema.pipelines_of("ticket")
    assert [(s.name, s.closed, s.won) for s in sales.stages][-2:] == [("won", True, True), ("lost", True, False)]
    assert [s.name for s in support.stages if s.closed] == ["closed"]
    assert schema.objects["deal"].properties["stage"].type.options == tuple(s.name for s in sales.stages)


def test_its_names_obey_our_own_rules(schema: Schema) -> None:
    problems = Problems()
    for owner in schema.objects.values():
        check_name(owner.name, Named.OBJECT, NOWHERE, problems)
        for name in owner.properties:
            check_name(name, Named.PROPERTY, NOWHERE, problems)
        for name in owner.associations:
            check_name(name, Named.ASSOCIATION, NOWHERE, problems)
    for event in schema.events.values():
        check_name(event.name, Named.EVENT, NOWHERE, problems)
        for name in event.fields:
            if not name.startswith("link_"):  # `link_url` is how link.url is stored
                check_name(name, Named.FIELD, NOWHERE, problems)
    assert problems.found == []


def test_extends_standard_is_the_standard() -> None:
    read, found = read_schema(Source("schema.yaml", "extends: standard\n"), "JPY")
    assert found == ()
    assert read == standard_schema("JPY")
