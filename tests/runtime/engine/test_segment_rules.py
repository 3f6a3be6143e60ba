"""Rules of segments and values that no other file shows on both databases: G4, G6, G9, G15, G21, X29, X32, X33, X36."""

from __future__ import annotations

from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World


def holding(w: World, *names: str) -> dict[str, set[str]]:
    return {name: w.members(name) for name in names}


def test_g4_texts_ignore_case_and_width(worlds: MakeWorld) -> None:
    tests = {
        "equal": '= "ＡＮＮ"', "other": '!= "ann"', "inner": 'contains "NN"', "begins": 'starts with "an"',
        "ends_": 'ends with "N"', "not_so": 'ends with "a"', "percent": 'contains "%"', "line": 'contains "_"',
    }  # fmt: skip
    rules = "".join(f"segment {name} of contact {{ first_name {test} }}\n" for name, test in tests.items())
    w = worlds(rules).contact("ann", first_name="Ann").contact("odd", first_name="50%_").run_to("03-03 00:00")
    assert holding(w, *tests) == {
        "equal": {"ann"}, "other": {"odd"}, "inner": {"ann"}, "begins": {"ann"}, "ends_": {"ann"}, "not_so": set(),
        "percent": {"odd"}, "line": {"odd"},
    }  # fmt: skip


def test_g6_any_none_all_of_a_choice_and_what_it_ever_was(worlds: MakeWorld) -> None:
    """Of a multi-choice one is found, not a piece of another's name."""
    tests = {
        "one_of": "plan in [trial, paid]", "none_of": "plan not in [trial, paid]", "some": "tags contains any [a, b]",
        "every_one": "tags contains all [a, b]", "no_a": "tags is known and not tags contains any [a]",
        "once": "plan was ever trial", "once_some": "plan was ever in [trial, free]",
        "not_once": "not plan was ever trial", "tagged_once": "tags was ever b",
    }  # fmt: skip
    w = worlds("".join(f"segment {name} of contact {{ {test} }}\n" for name, test in tests.items()))
    w.contact("ann", plan="trial", tags=["a", "b"]).contact("bob", plan="paid", tags=["a_c"]).contact("cat")
    w.set("ann", at="03-03 10:00", plan="paid").set("ann", at="03-03 11:00", tags=["a"]).run_to("03-04 00:00")
    assert holding(w, *tests) == {
        "one_of": {"ann", "bob"}, "none_of": set(), "some": {"ann"}, "every_one": set(), "no_a": {"bob"},
        "once": {"ann"}, "once_some": {"ann"}, "not_once": {"bob", "cat"}, "tagged_once": {"ann"},
    }  # fmt: skip
    assert w.turns("ann", "every_one") == [("03-02 08:00", "03-03 11:00")]


def test_g9_who_has_no_value_is_in_only_where_that_is_written(worlds: MakeWorld) -> None:
    """X29: a comparison with a missing value is false, also `!=` and `not in`."""
    tests = {
        "unequal": "plan != paid", "not_in": "plan not in [paid]", "written": "plan != paid or plan is missing",
        "negated": "plan is known and not plan = paid", "less": "visits < 5", "unknown": "visits is missing",
    }  # fmt: skip
    w = worlds("".join(f"segment {name} of contact {{ {test} }}\n" for name, test in tests.items()))
    w.contact("ann", plan="free", visits=3).contact("bob", plan="paid", visits=9).contact("cat").run_to("03-03 00:00")
    assert holding(w, *tests) == {
        "unequal": {"ann"}, "not_in": {"ann"}, "written": {"ann", "cat"}, "negated": {"ann"}, "less": {"ann"},
        "unknown": {"cat"},
    }  # fmt: skip


def test_g15_a_click_is_known_by_the_tags_of_its_link(worlds: MakeWorld) -> None:
    """Act on interest: who clicks a link of high interest goes to another campaign; opens move nobody."""
    schema = SCHEMA + "link_tags:\n  interest: {type: choice, options: [low, high]}\n"
    rules = """segment keen of contact { has clicked_email(link.interest = high) within 30 days }
        workflow cold of contact { when: manually  stop_when: in segment keen  wait 5 days  send intro }
        workflow warm of contact { when: clicked_email(link.interest = high)  unenroll from workflow cold
          send case }"""
    w = worlds(rules, schema=schema).contact("ann").contact("bob").contact("cat").go_live()
    for name in ("ann", "bob", "cat"):
        w.enroll(name, "workflow cold", at="03-02 09:00")
    for name, interest in (("ann", "high"), ("bob", "low")):
        w.event(name, "clicked_email", at="03-03 10:00", template="t", link_url="/", link_interest=interest)
    w.event("cat", "opened_email", at="03-03 10:00").run_to("03-09 00:00")
    assert [w.mails(name) for name in ("ann", "bob", "cat")] == [
        [("03-03 10:00", "case")], [("03-07 09:00", "intro")], [("03-07 09:00", "intro")],
    ]  # fmt: skip
    assert w.members("keen") == {"ann"}


def test_g21_who_ignores_the_last_sends(worlds: MakeWorld) -> None:
    """Never engaged and 3 sends ignored, or once engaged and 5 ignored since (11 and 16, shortened)."""
    rules = """segment tired of contact {
        (has never clicked_email and has received_email at least 3 times)
        or has received_email at least 5 times since last(clicked_email) }"""
    w = worlds(rules).contact("ann").contact("bob").go_live()
    for day in range(3, 9):
        for name in ("ann", "bob"):
            w.event(name, "received_email", at=f"03-{day:02} 10:00", template="t", topic="news")
    w.event("bob", "clicked_email", at="03-03 12:00", template="t", link_url="/").run_to("03-10 00:00")
    assert (w.turns("ann", "tired"), w.turns("bob", "tired")) == ([("03-05 10:00", None)], [("03-08 10:00", None)])
    w.event("ann", "clicked_email", at="03-10 10:00", template="t", link_url="/").run_to("03-11 00:00")
    assert w.turns("ann", "tired") == [("03-05 10:00", "03-10 10:00")]


def test_x29_not_is_the_exact_opposite_where_a_value_is_known(worlds: MakeWorld) -> None:
    """`every` needs one, `no` is true with none; `not` of a negated absence is presence again."""
    tests = {
        "all_won": "every deal (stage = won)", "none_won": "no deal (stage = won)", "not_all": "not every deal (won)",
        "some_not": "any deal (stage != won)", "acted_": "not (has not purchased within 3 days)",
    }  # fmt: skip
    w = worlds("".join(f"segment {name} of contact {{ {test} }}\n" for name, test in tests.items()))
    w.contact("ann").contact("bob").contact("cat").deal("a", "ann", at="03-03 10:00")
    w.deal("b1", "bob", at="03-03 10:00").deal("b2", "bob", at="03-03 10:00", stage="proposal")
    w.event("cat", "purchased", at="03-03 10:00", amount="1 EUR").run_to("03-04 00:00")
    assert holding(w, *tests) == {
        "all_won": {"ann"}, "none_won": {"cat"}, "not_all": {"bob", "cat"}, "some_not": {"bob"}, "acted_": {"cat"},
    }  # fmt: skip


def test_x32_amounts_are_compared_in_the_currency_of_their_property(worlds: MakeWorld) -> None:
    """To the smallest unit: 1050 yen have no cents, 10.50 euros have."""
    schema = SCHEMA.replace("budget: {type: money}", "budget: {type: money, currency: JPY}")
    rules = """segment yen of contact { company.budget >= 1050 JPY }
        segment euros of contact { sum(purchased.amount) = 10.50 EUR }
        segment deals of contact { any deal (amount > 10.49 EUR) }"""
    w = worlds(rules, schema=schema).contact("ann").contact("bob").company("a", "ann", budget="1050 JPY")
    w.company("b", "bob", budget="1049 JPY").deal("d", "ann", at="03-02 09:00", amount="10.50 EUR")
    w.deal("e", "bob", at="03-02 09:00", amount="10.49 EUR")
    for amount in ("10 EUR", "0.50 EUR"):
        w.event("ann", "purchased", at="03-02 10:00", amount=amount).event("bob", "purchased", at="03-02 10:00")
    w.run_to("03-03 00:00")
    assert holding(w, "yen", "euros", "deals") == {"yen": {"ann"}, "euros": {"ann"}, "deals": {"ann"}}


def test_x33_closed_and_won_follow_from_the_stage(worlds: MakeWorld) -> None:
    rules = """segment closed_ of contact { any deal (closed) } segment won_ of contact { any deal (won) }
        segment lost_ of contact { any deal (pipeline = sales and stage = lost) }
        workflow w of deal { when: won  add 1 EUR to amount }
        workflow v of deal { when: stage becomes lost  add 2 EUR to amount }"""
    w = worlds(rules).contact("ann").contact("bob").contact("cat").go_live()
    for name, stage in (("ann", "won"), ("bob", "lost"), ("cat", "proposal")):
        w.deal(f"of_{name}", name, at="03-03 10:00", stage="contract", amount="1 EUR")
        w.deal(f"of_{name}", name, at="03-03 11:00", stage=stage)
    w.deal("of_bob", "bob", at="03-04 10:00", stage="contract").run_to("03-05 00:00")
    assert holding(w, "closed_", "won_", "lost_") == {"closed_": {"ann"}, "won_": {"ann"}, "lost_": set()}
    assert w.turns("bob", "closed_") == w.turns("bob", "lost_") == [("03-03 11:00", "03-04 10:00")]
    assert [w.value(f"of_{name}", "amount", "deal") for name in ("ann", "bob", "cat")] == [200, 300, 100]


def test_x36_merge_fields_take_values_defaults_and_filters(worlds: MakeWorld) -> None:
    """In the account's locale, escaped in the body, one line in the subject."""
    project = PROJECT.replace("currency: EUR}", "currency: EUR, locale: de_DE}")
    rules = '''workflow w of contact { when: purchased  send hello }
        template hello { topic: sales  subject: "Hi {{ contact.first_name | default: 'there' | upcase }}"
          body: """{{ contact.last_name | default: 'nobody' }}, {{ contact.renewal | default: '-' }},
          {{ contact.visits | default: '-' }}""" }'''
    w = worlds(rules, project=project).contact(
        "ann", first_name="Ann\nBcc: x", renewal="2026-03-09", visits=1234.5, last_name="A <b> & *C*"
    )
    w.contact("bob", renewal="2026-03-09", visits=1).go_live()
    w.event("ann", "purchased", at="03-03 10:00").event("bob", "purchased", at="03-03 10:00").run_to("03-04 00:00")
    subjects = dict(w.sql("SELECT contact_id, subject FROM segue_outbox"))
    assert {w.names[id_]: subject for id_, subject in subjects.items()} == {"ann": "Hi ANN BCC: X", "bob": "Hi THERE"}
    bodies = [body.decode() for body in w.channel.sent.values()]
    ann = next(body for body in bodies if "1.234,5" in body)
    assert "A &lt;b&gt; &amp; *C*" in ann and "A <b> & *C*" in ann, "escaped in the HTML part, plain in the other"
    assert "09.03.2026" in ann
    assert any("nobody" in body for body in bodies)
