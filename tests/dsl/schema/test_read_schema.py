"""What schema.yaml gives. The text of each test is the file."""

import unicodedata
from pathlib import Path
from textwrap import dedent

from dsl.schema import read_schema, standard_schema
from dsl.schema.model import Association, Kind, Schema, Stage, TopicKind, Type
from dsl.source import Source

GOOD = Path(__file__).parent / "good"


def schema(text: str, currency: str = "JPY") -> Schema:
    read, found = read_schema(Source("schema.yaml", dedent(text)), currency)
    assert found == ()
    return read


def test_the_example() -> None:
    read = schema((GOOD / "schema.yaml").read_text(encoding="utf-8"))
    contact = read.objects["contact"].properties
    assert (contact["nps"].type, contact["nps"].minimum, contact["nps"].maximum) == (Type(Kind.NUMBER), 0, 10)
    assert contact["plan"].type.options == ("free", "trial", "paid")
    assert (contact["discounts_sent"].default, contact["discounts_sent"].may_be_missing) == (0, False)
    program = read.objects["program"]
    assert (program.label, program.key) == ("プログラム情報", "program_id")
    assert list(program.properties) == ["created_at", "program_id", "launched_on"]
    assert [p.name for p in read.pipelines_of("ticket")] == ["success_inquiries"]
    assert [p.name for p in read.pipelines_of("deal")] == ["sales"]
    assert read.topics["sales_outreach"].kind is TopicKind.ONE_TO_ONE


def test_an_association_gives_both_directions() -> None:
    read = schema("""
        extends: standard
        objects:
          program:
            associations:
              advertiser: {to: company, required: error}
              agency: {to: company, many: true, inverse: represented}
        """)
    there = read.objects["program"].associations
    back = read.objects["company"].associations
    span = there["advertiser"].span
    assert there["advertiser"] == Association("program", "advertiser", "company", False, "program", "error", span)
    assert back["program"] == Association("company", "program", "program", True, "advertiser", None, span)
    assert (there["agency"].many, back["represented"].many, back["represented"].inverse) == (True, True, "agency")


def test_a_standard_association_may_be_required() -> None:
    read = schema("extends: standard\nobjects: {contact: {associations: {company: {to: company, required: warning}}}}")
    link = read.objects["contact"].associations["company"]
    assert (link.required, link.many, link.inverse) == ("warning", False, "contact")


def test_standard_properties_may_be_widened() -> None:
    stages = ", ".join(standard_schema().objects["contact"].properties["lifecycle_stage"].type.options)
    read = schema(f"""
        extends: standard
        objects:
          contact:
            properties:
              lifecycle_stage: {{type: choice, options: [{stages}, partner], default: lead}}
              email: {{type: text, required: true, label: Address}}
          deal:
            properties:
              amount: {{type: money, currency: EUR}}
        """)
    contact = read.objects["contact"].properties
    assert contact["lifecycle_stage"].type.options[-1] == "partner"
    assert contact["lifecycle_stage"].default == "lead"
    assert (contact["email"].label, contact["email"].may_be_missing) == ("Address", False)
    assert read.objects["deal"].properties["amount"].type.currency == "EUR"


def test_own_pipelines_replace_the_standard_ones() -> None:
    """X33: `stage` offers the stages of all pipelines; with two there is no default pipeline."""
    read = schema("""
        extends: standard
        pipelines:
          deal:
            direct: {stages: [talk, {name: signed, won: true}]}
            partner: {label: Partners, stages: [talk, {name: gone, closed: true}]}
        """)
    deal = read.objects["deal"].properties
    assert deal["pipeline"].type.options == ("direct", "partner")
    assert deal["pipeline"].default is None
    assert deal["stage"].type.options == ("talk", "signed", "gone")
    assert read.pipelines["deal", "direct"].stages[1] == Stage("signed", "Signed", closed=True, won=True)


def test_an_own_object_with_pipelines_has_stages() -> None:
    read = schema("objects: {program: {}}\npipelines: {program: {launch: {stages: [draft, live]}}}")
    assert list(read.objects["program"].properties) == ["created_at", "pipeline", "stage", "closed", "won"]


def test_link_tags_are_fields_of_a_click() -> None:
    read = schema("""
        extends: standard
        link_tags:
          topic: {type: choice, options: [pricing, careers]}
        """)
    tag = read.events["clicked_email"].fields["link_topic"]
    assert (tag.type.options, tag.required) == (("pricing", "careers"), False)
    assert read.link_tags == {"topic": tag.type}


def test_events() -> None:
    read = schema("""
        extends: standard
        events:
          order_paid:
            of: contact
            label: Order paid
            act: true
            webhook: {key: email}
            fields:
              total: {type: money}
              shop: {type: record, to: company, required: false}
          purchased:
            fields:
              order_id: {type: text, required: false}
        """)
    paid, purchased = read.events["order_paid"], read.events["purchased"]
    assert (paid.of, paid.label, paid.act, paid.webhook_key) == ("contact", "Order paid", True, "email")
    assert paid.fields["total"].type == Type(Kind.MONEY, currency="JPY")
    assert (paid.fields["shop"].type.target, paid.fields["shop"].required) == ("company", False)
    assert list(purchased.fields) == ["product", "amount", "order_id"]


def test_without_extends_there_is_only_what_is_declared() -> None:
    read = schema("objects: {shop: {properties: {name: {type: text, required: true}}}}")
    assert list(read.objects) == ["shop"]
    assert read.events == {}


def test_names_are_nfc() -> None:
    decomposed = unicodedata.normalize("NFD", "プログラム")
    assert decomposed != "プログラム"
    read = schema(f"objects: {{{decomposed}: {{properties: {{{decomposed}: {{type: text}}}}}}}}")
    assert list(read.objects) == ["プログラム"]
    assert "プログラム" in read.objects["プログラム"].properties


def test_defaults_stay_in_the_words_of_the_author() -> None:
    """The store encodes them, as it does imported values."""
    read = schema("""
        objects:
          shop:
            properties:
              fee: {type: money, currency: USD, default: 12.50 USD}
              share: {type: percent, default: 20%}
              opened_on: {type: date, default: 2026-04-01}
              tags: {type: multi_choice, options: [a, b], default: [b, a]}
              open: {type: bool, default: false}
        """)
    defaults = {p.name: p.default for p in read.objects["shop"].properties.values() if p.name != "created_at"}
    assert defaults == {"fee": 12.5, "share": 20, "opened_on": "2026-04-01", "tags": ("b", "a"), "open": False}


def test_what_is_wrong_is_left_out_and_the_rest_is_read() -> None:
    text = "extends: standard\nobjects: {contact: {properties: {a: {type: nubmer}, b: {typ: text}, c: {type: date}}}}"
    read, found = read_schema(Source("schema.yaml", text), "JPY")
    properties = read.objects["contact"].properties
    assert len(found) == 2
    assert properties["a"].type.kind is Kind.NUMBER  # as was likely meant, so that rules on it still check
    assert "b" not in properties
    assert properties["c"].type.kind is Kind.DATE


def test_a_broken_file_still_gives_the_standard_crm() -> None:
    read, found = read_schema(Source("schema.yaml", "extends: standard\n\tobjects: {}"), "JPY")
    assert [d.code for d in found] == ["yaml-syntax"]
    assert read == standard_schema("JPY")
