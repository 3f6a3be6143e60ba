"""A whole name in the order of its script (decision 0043), and how people are found by it."""

from __future__ import annotations

import pytest

from runtime.reading.contacts import search
from runtime.reading.records import page_by_name
from runtime.store.names import given_name

from .harness import MakeWorld, World

# First name, last name, what they are called.
PEOPLE = (
    ("花子", "田中", "田中 花子"),
    ("はなこ", "たなか", "たなか はなこ"),
    ("ﾊﾅｺ", "ﾀﾅｶ", "ﾀﾅｶ ﾊﾅｺ"),
    ("家屋", "𠮷野", "𠮷野 家屋"),
    ("민수", "김", "김 민수"),
    ("伟", "王", "王 伟"),
    ("Jan", "中村", "中村 Jan"),
    ("Ola", "Nowak", "Ola Nowak"),
    ("Łucja", "Żak", "Łucja Żak"),
    ("Иван", "Петров", "Иван Петров"),
    ("สมชาย", "ใจดี", "สมชาย ใจดี"),
    ("花子", "Nowak", "花子 Nowak"),
    ("花子", None, "花子"),
    (None, "田中", "田中"),
    ("Ola", "", "Ola"),
    ("", "", "p15@x.example"),
    (None, None, "p16@x.example"),
)


def _listed(w: World) -> list[str]:
    with w.store.session() as session:
        return [line.name for line in page_by_name(session, w.program.schema, "contact", limit=100)]


def test_a_family_written_in_chinese_characters_kana_or_hangul_comes_first(worlds: MakeWorld) -> None:
    w = worlds('workflow w of contact { when: manually  log note "{{ contact.full_name }}" }')
    for i, (first, last, _) in enumerate(PEOPLE):
        w.contact(f"p{i}", first_name=first, last_name=last).enroll(f"p{i}", "workflow w", at="03-03 10:00")
    w.run_to("03-03 10:00")
    called = [name for _, _, name in PEOPLE]
    assert sorted(body for (body,) in w.sql("SELECT body FROM note")) == sorted(called)
    assert sorted(_listed(w)) == sorted(called)


def test_names_go_by_what_is_read_first(worlds: MakeWorld) -> None:
    w = worlds('workflow w of contact { when: manually  log note "x" }')
    for name, first, last in (("a", "さ", "う"), ("b", "い", "え"), ("c", "Zoe", "Abel"), ("d", "Bob", "Zorn")):
        w.contact(name, first_name=first, last_name=last)
    w.run_to("03-03 10:00")
    names = _listed(w)
    assert names.index("Bob Zorn") < names.index("Zoe Abel")
    assert names.index("う さ") < names.index("え い")


@pytest.mark.parametrize("text", ["田中 花子", "花子 田中", "田中", "花子"])
def test_people_are_found_by_both_orders(worlds: MakeWorld, text: str) -> None:
    w = worlds('workflow w of contact { when: manually  log note "x" }')
    w.contact("ann", first_name="花子", last_name="田中").contact("bob", first_name="花", last_name="田")
    w.run_to("03-03 10:00")
    with w.store.session() as session:
        found = [one.name for one in search(session, text)]
    assert found == ["田中 花子"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Ola Nowak", "Ola"), ("田中 花子", "花子"), ("田中　花子", "花子"), ("김 민수", "민수"),
        ("田中花子", "田中花子"), ("Ola", "Ola"), ("Anna Maria Nowak", "Anna"), ("", ""),
    ],
)  # fmt: skip
def test_the_given_name_of_a_user(name: str, given: str) -> None:
    assert given_name(name) == given
