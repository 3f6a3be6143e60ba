"""Mails as a mail reader sees them: parsed by the standard library and compared."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.blocks import Merge
from dsl.schema.model import Kind, TopicKind
from runtime.channels.mime import MailSettings
from runtime.errors import BadAddress, BlankValue, InvalidInput

from .build import UNSUBSCRIBE, half, letter, mail, merge, read, text

OFFICE = MailSettings(postal_address="1-2-3 Shibuya\nTokyo & co", unsubscribe_mailbox="unsubscribe@unicorn.example")


def test_headers_and_both_halves() -> None:
    skeleton = mail(text("Hello **", merge(), "**,\n\nsee you."), text("For ", merge()))
    message = read(skeleton.compose(letter(subject=("Ann",), body=("Ann & Bob",))))
    assert dict(message.items()) | {"Content-Type": ""} == {
        "From": "Tanaka Taro <tanaka@unicorn.example>",
        "To": "Ann <ann@example.com>",
        "Subject": "For Ann",
        "Date": "Mon, 02 Mar 2026 00:00:00 +0000",
        "Message-ID": "<e12-3@unicorn.example>",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert half(message, "plain") == "Hello Ann & Bob,\n\nsee you.\n"
    assert "<p>Hello <strong>Ann &amp; Bob</strong>,</p>\n<p>see you.</p>" in half(message, "html")
    assert not message.defects


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("Hello there, Łukasz. " * 200, "quoted-printable"),
        ("お試し期間がもうすぐ終わります。" * 200, "base64"),
        ("Zażółć gęślą jaźń " * 99, "base64"),
    ],
)
def test_texts_survive_their_encoding(body: str, encoding: str) -> None:
    raw = mail(text(body, merge())).compose(letter(body=("田中=太郎.",)))
    message = read(raw)
    assert half(message, "plain") == body + "田中=太郎.\n"
    assert {p["Content-Transfer-Encoding"] for p in message.iter_parts()} == {encoding}
    assert raw.isascii()
    assert max(map(len, raw.split(b"\n"))) <= 78


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_no_value_adds_a_header_or_markup(value: str, subject: str, name: str) -> None:
    skeleton = mail(text("a ", merge("x", Kind.TEXT, "-"), " b"), text(merge("x", Kind.TEXT, "-")))
    message = read(skeleton.compose(letter(body=(value,), subject=(subject,), to_name=name)))
    assert message.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert len(list(message.walk())) == 3
    html = half(message, "html")
    assert html.replace("<br>", "").count("<") == mail(text("a b")).compose(letter()).count(b"<") - 3


@pytest.mark.parametrize("value", ["x\nBcc: all@example.com", "x\r\n\r\n<script>", "x\r\nBcc: a@b.c"])
def test_line_breaks_in_values_stay_in_the_body(value: str) -> None:
    skeleton = mail(text(merge()), text("S ", merge()))
    message = read(skeleton.compose(letter(body=(value,), subject=(value,), sender_name=value, to_name=value)))
    assert message["Bcc"] is None
    assert "<script>" not in half(message, "html")


def test_an_address_with_a_line_break_is_refused() -> None:
    with pytest.raises(BadAddress):
        mail(text("x")).compose(letter(to_address="a@b.c\nBcc: x@y.z"))


def test_s26_a_blank_merge_field_mails_nobody() -> None:
    with pytest.raises(BlankValue):
        mail(text("Hi ", merge())).compose(letter(body=(" ",)))


@pytest.mark.parametrize(
    ("parts", "value", "wanted"),
    [
        (("[a](https://x.example/", merge(), ")"), 'b/c" onclick=', 'href="https://x.example/b%2Fc%22%20onclick%3D"'),
        (("[a](", merge(), ")"), "https://x.example/?a=1&b=2", 'href="https://x.example/?a=1&amp;b=2"'),
        (("[a](", merge(), ")"), "javascript:alert(1)", 'href="#"'),
        (("![", merge(), "](https://x.example/i.png)"), 'a"b', 'alt="a&quot;b"'),
        (("`", merge(), "`"), "<i>", "<code>&lt;i&gt;</code>"),
        ((merge(),), "one\ntwo", "one<br>\ntwo"),
        ((merge(),), "**no** [x](y)", "**no** [x](y)"),
    ],
)
def test_x36_values_are_escaped_where_they_stand(parts: tuple[str, ...], value: str, wanted: str) -> None:
    assert wanted in half(read(mail(text(*parts)).compose(letter(body=(value,)))), "html")


def test_link_tags_are_not_printed() -> None:
    message = read(mail(text("[Pricing](https://x.example/p){topic=pricing interest=high} now")).compose(letter()))
    assert half(message, "plain") == "Pricing (https://x.example/p) now\n"
    assert "{topic" not in half(message, "html")


def test_raw_html_in_a_template_is_shown_as_written() -> None:
    assert "&lt;script&gt;" in half(read(mail(text("<script>x</script>")).compose(letter())), "html")


def test_l1_marketing_says_how_to_unsubscribe_and_where_we_are() -> None:
    message = read(mail(text("Hi"), settings=OFFICE, kind=TopicKind.MARKETING).compose(letter()))
    address = "unsubscribe+e12-3@unicorn.example"
    assert message["List-Unsubscribe"] == f"<mailto:{address}?subject=unsubscribe>"
    assert (
        half(message, "plain")
        == f"Hi\n\n-- \n1-2-3 Shibuya\nTokyo & co\nUnsubscribe: mailto:{address}?subject=unsubscribe\n"
    )
    assert (
        f'1-2-3 Shibuya<br>\nTokyo &amp; co<br>\n<a href="mailto:{address}?subject=unsubscribe">Unsubscribe</a>'
        in half(message, "html")
    )


def test_l6_marketing_says_truthfully_who_writes_and_why_and_has_a_way_out() -> None:
    """The sender's own name and address, a subject that answers nothing, the office, and one way out in both halves."""
    skeleton = mail(text("Hi"), text("Our autumn sale"), settings=OFFICE, kind=TopicKind.MARKETING)
    message = read(skeleton.compose(letter()))
    assert (message["From"], message["Subject"]) == ("Tanaka Taro <tanaka@unicorn.example>", "Our autumn sale")
    assert [message[name] for name in ("Sender", "Reply-To", "In-Reply-To", "References")] == [None] * 4
    out = message["List-Unsubscribe"].strip("<>")
    for kind in ("plain", "html"):
        assert "1-2-3 Shibuya" in half(message, kind) and half(message, kind).count(out) == 1


def test_l1_without_a_mailbox_the_sender_takes_it() -> None:
    message = read(mail(text("Hi"), kind=TopicKind.MARKETING).compose(letter()))
    assert message["List-Unsubscribe"] == "<mailto:tanaka+unsubscribe-e12-3@unicorn.example?subject=unsubscribe>"


def test_l1_one_click_where_there_is_an_address_for_it() -> None:
    settings = MailSettings(unsubscribe_url="https://x.example/u/{key}")
    message = read(mail(text("Hi"), settings=settings, kind=TopicKind.MARKETING).compose(letter()))
    assert message["List-Unsubscribe"].startswith("<https://x.example/u/e12-3>, <mailto:")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "wrong",
    [
        {"unsubscribe_url": "https://x.example/u"},
        {"unsubscribe_url": "https://x.example/{key}>\nBcc: a"},
        {"unsubscribe_url": "javascript:{key}"},
        {"unsubscribe": "nobody"},
        {"domain": "x.example\nBcc: a"},
    ],
)
def test_settings_that_would_break_a_header_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        MailSettings.of(wrong, None, "UTC")


def test_the_authors_own_unsubscribe_link_replaces_ours() -> None:
    body = text("[stop](", UNSUBSCRIBE, ") or ", UNSUBSCRIBE)
    message = read(mail(body, settings=OFFICE, kind=TopicKind.MARKETING).compose(letter(body=(None, None))))
    assert "Unsubscribe:" not in half(message, "plain")
    assert half(message, "html").count('<a href="mailto:unsubscribe+e12-3@unicorn.example?subject=unsubscribe">') == 2


def test_built_in_merge_fields_are_filled_in() -> None:
    names = [
        Merge(f"{{{{ {n} }}}}", n.partition(".")[0], None, n)
        for n in ("sender.name", "sender.email", "links.survey.nps")
    ]
    sent = read(mail(text(*names), text(names[0])).compose(letter(body=(None, None, " https://x"), subject=(None,))))
    assert half(sent, "plain") == "Tanaka Tarotanaka@unicorn.example https://x\n"
    assert sent["Subject"] == "Tanaka Taro"


def test_a_survey_named_unsubscribe_is_no_way_to_unsubscribe() -> None:
    survey = Merge("{{ links.survey.unsubscribe }}", "links", None, "links.survey.unsubscribe")
    message = read(mail(text(survey), kind=TopicKind.MARKETING).compose(letter(body=("https://x.example",))))
    assert "Unsubscribe: mailto:" in half(message, "plain")


def test_l5_one_to_one_mail_has_the_link_if_asked_and_no_postal_address() -> None:
    message = read(mail(text("Hi"), settings=OFFICE, unsubscribe=True, locale="ja").compose(letter()))
    assert message["List-Unsubscribe"] is not None
    assert half(message, "plain").startswith("Hi\n\n-- \n配信停止: mailto:")


def test_workflow_mail_says_that_it_is_automatic() -> None:
    assert read(mail(text("Hi"), automatic=True).compose(letter()))["Auto-Submitted"] == "auto-generated"
    assert read(mail(text("Hi")).compose(letter()))["Auto-Submitted"] is None


def test_s25_follow_ups_stand_in_the_thread() -> None:
    known = tuple(f"<e12-{n}@unicorn.example>" for n in range(1, 31))
    first = mail(text("Hi"), text("Other"))
    message = read(first.compose(letter(references=known, thread_subject="Your trial")))
    assert message["Subject"] == "Re: Your trial"
    assert message["In-Reply-To"] == known[-1]
    assert message["References"].split() == [known[0], *known[-20:]]
    assert first.subject_of(letter(thread_subject="Re: Your trial")) == "Re: Your trial"


def test_the_same_letter_is_the_same_mail() -> None:
    skeleton = mail(text("Hi ", merge()))
    assert skeleton.compose(letter(body=("Ann",))) == skeleton.compose(letter(body=("Ann",)))


def test_what_all_mails_share_is_worked_out_once() -> None:
    """A mail of a long letter takes no more calls than one of a short letter: thousands go out in a second."""

    def calls(paragraphs: int) -> int:
        skeleton = mail(text("Hello ", merge(), "\n\n", "Lorem *ipsum* dolor.\n\n" * paragraphs), text("For ", merge()))
        skeleton.compose(letter(body=("Ann",), subject=("Ann",)))
        counted = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            skeleton.compose(letter(body=("Bob",), subject=("Bob",)))
        finally:
            sys.setprofile(None)
        return counted

    assert 0 < calls(2) == calls(500)
