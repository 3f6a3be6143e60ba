"""A map's mistakes are told with line and column, all at once."""

from __future__ import annotations

from .imported import problems_of


def test_every_mistake_at_its_place() -> None:
    told = problems_of(
        """\
        source: shop
        format: {delimiter: ";;", encoding: utf-9, zone: Europe/Berlim}
        rows:
          - record: contact
            set: {emial: mail, full_name: name, email: {case: lower}}
            links: {firm: account}
          - event: bought
          - event: purchased
            of: id
            class: kind
            id: {template: "{a"}
          - link: contact
            of: id
          - consent: news
            of: id
            state: s
          - record: contact
            event: purchased
          - record: contact
            id: id
            at: {column: d, time: "9 Uhr", zone: Tokyo}
            set: {owner: {column: a, currency: c}}
        """
    )
    assert [line.split("; known here")[0] for line in told] == [
        "2:21 `delimiter` is one character, `tab` or `blanks`",
        "2:50 `Europe/Berlim` is no time zone; write `Europe/Berlin`",
        "2:37 `utf-9` is no encoding; write `utf-8` or `cp932`",
        "4:13 `contact` needs an id; add `id: COLUMN`",
        "5:11 contact has no property `emial`; did you mean `email`?",
        "5:24 `full_name` is computed, it cannot be set",
        "5:48 a value comes from one of column, template, constant, first_of, lookup",
        "6:13 contact has no association `firm`",
        "7:5 an entry for `event` needs `of`; add `of: ..`",
        "7:12 there is no event `bought`",
        "11:20 this template cannot be read: expected '}' before end of string; write `{{` for a brace",
        "10:5 `purchased` has no class",
        "12:5 an entry for `link` needs `to`; add `to: ..`",
        "12:11 `link` is OBJECT.ASSOCIATION; write `contact.company`",
        "14:14 there is no topic `news`",
        "17:5 an entry is one of record, event, link, user, consent, segment; this one is record and event",
        '21:27 `9 Uhr` is no time of day; write `"09:00"`',
        "21:42 `Tokyo` is no time zone; write `Europe/Berlin`",
        "22:18 `currency` and `rates` go together",
    ]


def test_broken_yaml_and_unknown_keys() -> None:
    assert problems_of("rows: [\n")[0].startswith("1:7 a `{` or `[` is never closed")
    assert problems_of("sorce: x\n") == ["1:1 a map has no setting `sorce`; did you mean `source`?"]
    assert problems_of("source: x\n") == ["1:1 a map needs `rows`; add `rows:`, what a row becomes"]
    assert "a value has no setting `colum`" in problems_of("rows: [{record: contact, id: {colum: x}}]")[0]
    assert problems_of("rows: [{record: contact, id: 5}]")
    assert problems_of("rows: [{record: contact, id: id, links: {company: 5}}]")
    assert problems_of("rows: [{record: contact, id: id, when: {equals: 5}}]")
    assert problems_of("[]") and problems_of("")


def test_what_the_map_itself_says_is_told_once_and_not_for_every_row() -> None:
    told = problems_of(
        """\
        rows:
          - record: contact
            id: id
            set:
              lifecycle_stage: {constant: leed}
              created_at: {colum: d}
          - record: deal
            id: id
            set:
              name: {template: "{id}"}
              amount: {column: a, currency: c, rates: {USDD: 1}}
              close_on: {column: d, format: "%Q"}
          - event: bounced
            of: id
            set: {kind: {column: k, choices: {h: hart}}}
          - recrod: contact
        """
    )
    assert sorted((line.split("; known here")[0] for line in told), key=lambda t: int(t.split(":")[0])) == [
        "5:35 `leed` is none of the options subscriber, lead, mql, sql, opportunity, customer, evangelist, other; "
        "did you mean `lead`?",
        "6:20 a value has no setting `colum`; did you mean `column`?",
        "11:48 there is no currency `USDD`; did you mean `USD`?",
        '12:37 `%Q` is no format of dates; write it like `"%d.%m.%Y"`',
        "15:42 `hart` is none of the options hard, soft; did you mean `hard`?",
        "16:5 an entry of `rows` has no setting `recrod`; did you mean `record`?",
    ]
