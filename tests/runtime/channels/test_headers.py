"""Header fields: what a reader decodes is what was meant, and no value can add a header."""

from __future__ import annotations

import email
import email.policy
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.channels import headers
from runtime.errors import BadAddress

LONG = "Ihr Testzeitraum endet bald, und danach geht es nicht mehr weiter wie bisher gewohnt " * 5


def decoded(field: str, value: str) -> str:
    return str(email.message_from_string(f"{field}: {value}\n\n", policy=email.policy.default)[field])


@pytest.mark.parametrize(
    "subject",
    [
        "Hello",
        "お試し期間がもうすぐ終わります。どうぞよろしくお願いいたします。" * 4,
        "Zażółć gęślą jaźń",
        LONG,
        "=?utf-8?q?fake?=",
        "",
        "a\tb",
    ],
)
def test_subjects_survive(subject: str) -> None:
    encoded = headers.encode_text(subject, len("Subject: "))
    assert decoded("Subject", encoded) == headers.one_line(subject)
    assert all(len(line) <= 76 for line in f"Subject: {encoded}".split("\n"))


@given(st.text(max_size=300))
def test_no_subject_can_break_out(subject: str) -> None:
    encoded = headers.encode_text(subject, 9)
    assert encoded.isascii()
    assert all(line.startswith(" ") for line in encoded.splitlines()[1:])
    assert decoded("Subject", encoded).split() == headers.one_line(subject).split()


@pytest.mark.parametrize(
    "name", ["Tanaka Taro", "田中太郎", 'O"Neil, (Bob) <x@y.z>', "Łukasz Żak", "", "back\\slash", "a\r\nBcc: x@y.z"]
)
def test_names_survive(name: str) -> None:
    message = email.message_from_string(
        f"To: {headers.encode_mailbox(name, 'a.b@example.com')}\n\n", policy=email.policy.default
    )
    (address,) = message["To"].addresses
    assert (address.display_name, address.addr_spec) == (headers.one_line(name), "a.b@example.com")


def test_a_short_subject_is_one_word_on_one_line() -> None:
    encoded = headers.encode_text("お試し期間のご案内", len("Subject: "))
    assert encoded.count("=?utf-8?b?") == 1 and "\n" not in encoded


@given(st.text(max_size=80))
def test_no_name_can_break_out(name: str) -> None:
    encoded = headers.encode_mailbox(name, "a@example.com")
    assert encoded.isascii()
    assert all(line.startswith(" ") for line in encoded.splitlines()[1:])
    assert encoded.endswith("<a@example.com>") or encoded == "a@example.com"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "a@b@c",
        "a b@c.d",
        "a@b.c\nBcc: x@y.z",
        "a@b.c, d@e.f",
        "<a@b.c>",
        ".a@b.c",
        "a..b@c.d",
        "用户@example.com",
        "a@" + "b" * 300,
        "a@",
        "@b",
        "a@b..c",
        "a@-b.c",
    ],
)
def test_bad_addresses_are_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        headers.check_address(address)


def test_an_international_domain_is_written_in_ascii() -> None:
    assert headers.check_address("ann@bücher.example") == "ann@xn--bcher-kva.example"
    assert headers.check_address("ann@straße.example") == "ann@xn--strae-oqa.example"  # not strasse: another's domain
    assert headers.check_address("ann@ΣΊΓΜΑς.example") == "ann@xn--kxaef0b5ab.example"


def test_the_key_stands_in_the_message_id() -> None:
    assert headers.message_id("e12-3", "unicorn.example") == "<e12-3@unicorn.example>"


@pytest.mark.parametrize("key", ["", "a b", "a@b", "a>", "a\nb", "../x", "a.", "a..b", "日本"])
def test_keys_that_would_break_a_header_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        headers.message_id(key, "x.y")


@pytest.mark.parametrize("identifier", ["", "a@b", "<a@b> <c@d>", "<a@b>\nBcc: x", "<a>", "<é@b>"])
def test_a_foreign_message_id_is_checked(identifier: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        headers.check_message_id(identifier)


@pytest.mark.parametrize(
    ("mailbox", "own", "address"),
    [
        ("unsubscribe@x.example", True, "unsubscribe+e12-3@x.example"),
        ("ann@x.example", False, "ann+unsubscribe-e12-3@x.example"),
        ("ann+crm@x.example", False, "ann+crm+unsubscribe-e12-3@x.example"),
    ],
)
def test_l1_the_unsubscribe_address_ends_with_the_key(mailbox: str, own: bool, address: str) -> None:
    assert headers.check_address(headers.unsubscribe_address(mailbox, "e12-3", own)) == address


def test_the_date_is_the_engines_instant() -> None:
    shown = headers.date_header(1_772_409_600_999_999, "Asia/Tokyo")
    assert shown == "Mon, 02 Mar 2026 09:00:00 +0900"
    assert parsedate_to_datetime(shown).timestamp() == 1_772_409_600
