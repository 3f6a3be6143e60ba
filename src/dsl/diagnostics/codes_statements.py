"""Codes of the steps of a sequence or workflow, and of what only shows across definitions (SG8xx)."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

STATEMENT_CODES = (
    Code(
        "outcome-of-no-send",
        "SG801",
        "`if sent` without a mail before it",
        "`sent` and `refused` say what became of the mail just before; they stand right behind a `send` (X24).",
    ),
    Code(
        "option-matched-twice",
        "SG802",
        "An option stands twice in a `match`",
        "The first one takes everybody, so the second is never reached.",
    ),
    Code(
        "not-every-option",
        "SG803",
        "A `match` leaves options out",
        "Whoever has one of them goes on behind the `match`; `else { }` says that this is meant.",
        Severity.INFO,
    ),
    Code(
        "shares-not-whole",
        "SG804",
        "The shares of a `split` do not make 100%",
        "Everybody gets exactly one arm (X19).",
    ),
    Code(
        "too-many-steps",
        "SG805",
        "A `repeat` makes too many steps",
        "Each run is a copy of its steps; there is a limit to them all.",
    ),
    Code(
        "empty-block",
        "SG806",
        "A block without steps where something is to be done",
        "Repeating nothing does nothing.",
        Severity.WARNING,
    ),
    Code(
        "needs-else",
        "SG807",
        "`wait until` a date that may be missing",
        "Where there is no date nothing would ever end the wait; `else` says what happens then (X17).",
    ),
    Code(
        "not-added",
        "SG808",
        "Something that nothing can be added to",
        "Numbers, amounts and percentages can be added to.",
    ),
    Code(
        "not-static",
        "SG809",
        "A segment whose members follow from its condition",
        "Only a `static segment` has members that steps put in and take out.",
    ),
    Code(
        "missing-property",
        "SG810",
        "A record would be created without a property it must have",
        "The schema says that every record has it.",
    ),
    Code(
        "set-twice",
        "SG811",
        "One property is given two values at once",
        "Only one of them could hold.",
    ),
    Code(
        "wrong-stage",
        "SG812",
        "A stage that a record cannot get",
        "Its pipeline has no such stage, records do not begin there (`create_in`), or no other stage leads there"
        " (`back: false`).",
    ),
    Code(
        "name-taken-here",
        "SG813",
        "A name that already means something here",
        "What is named with `as` could not be told from it.",
    ),
    Code(
        "unknown-record",
        "SG814",
        "A record that is not known at this place",
        "Records are the one the rule is about, those it leads to, and those created before.",
    ),
    Code(
        "not-linked",
        "SG815",
        "Two records that cannot be linked",
        "The schema has no association between them, or several and none is named.",
    ),
    Code(
        "unknown-team",
        "SG816",
        "There is no such team",
        "Teams are declared under `teams:` of segue.yaml.",
    ),
    Code(
        "empty-team",
        "SG817",
        "Nobody is in the team",
        "There would be nobody to assign anything to.",
    ),
    Code(
        "unknown-method",
        "SG818",
        "There is no such way to choose one of a team",
        "`round_robin` takes them in turn.",
    ),
    Code(
        "missing-because",
        "SG819",
        "`subscribe` does not say why",
        "Consent is recorded with its basis; without one it could not be shown to anybody (X24).",
    ),
    Code(
        "unknown-channel",
        "SG820",
        "There is no such channel",
        "Channels are declared under `channels:` of segue.yaml.",
    ),
    Code(
        "pointless-target",
        "SG821",
        "`send .. to` the person it is about anyway",
        "`send T` says it.",
        Severity.WARNING,
    ),
    Code(
        "met-at-entry",
        "SG822",
        "A guard that holds for everybody who could enter",
        "Who meets a goal or is suppressed is refused at entry (X6), so nobody would ever enter.",
        Severity.WARNING,
    ),
    Code(
        "many-writers",
        "SG823",
        "Two definitions write one property at the same moment",
        "Both start by the same thing and write another value; which of them stays is an accident (X23).",
        Severity.WARNING,
    ),
    Code(
        "asks-for-no-consent",
        "SG824",
        "A marketing mail without a word about consent",
        "The engine refuses it to everybody who has not opted in (X24); a condition makes that visible and keeps"
        " people out who would get nothing.",
        Severity.INFO,
    ),
    Code(
        "missing-link",
        "SG825",
        "A record would be created without a link it must have",
        "The schema says `required: error` of the association; a `link` behind the `create` ties the new record (P9).",
    ),
)
