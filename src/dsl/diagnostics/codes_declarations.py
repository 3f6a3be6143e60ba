"""The codes of scores, snippets, broadcasts, playbooks, forms, surveys, hygiene, reports and dashboards
(room: `dsl.check.others`). Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

DECLARATION_CODES: tuple[Code, ...] = (
    Code(
        "unknown-answer",
        "SG400",
        "No question has this name",
        "`answers.NAME` is the answer to a question of the same playbook, form or survey.",
    ),
    Code(
        "asked-later",
        "SG401",
        "An answer is used before its question",
        "Questions are asked in the order written, so an answer is known from its question on (P4).",
    ),
    Code(
        "duplicate-answer",
        "SG402",
        "Two answers with one name",
        "`answers.NAME` could mean either. `outcome` and `score` are answers too where they are asked for.",
    ),
    Code(
        "answer-type",
        "SG403",
        "An answer that does not fit its property",
        "On save the answer is written to the property behind `->`, so it must be of its type (P3).",
    ),
    Code(
        "unknown-answer-type",
        "SG404",
        "There is no such type of answer",
        "A question takes a text, long_text, number, money, date, bool, choice, multi_choice or user; without a type "
        "that of the property it is written to (P3).",
    ),
    Code(
        "bad-options",
        "SG405",
        "Options that cannot be chosen",
        "A choice lists its options: `choice [champion, end_user]`.",
    ),
    Code(
        "when-looks-elsewhere",
        "SG406",
        "A question depends on what is not known while you talk",
        "`when` compares earlier answers and fields of the record (P4).",
    ),
    Code(
        "needs-contact",
        "SG407",
        "Several records could be meant",
        "An answer is written to one record. `with contact` makes the person on the line one of them (X20).",
    ),
    Code(
        "wrong-moment",
        "SG408",
        "What follows stands at another moment",
        "A playbook has one `on save`, a form or survey one `on submit`.",
    ),
    Code(
        "not-at-once",
        "SG409",
        "Something waits where everything happens at once",
        "A save is one transaction: note, properties and actions (P5). What takes time belongs into a workflow.",
    ),
    Code(
        "form-without-email",
        "SG410",
        "A form whose answers belong to nobody",
        "The contact is found by the e-mail address, or made with it, so a form asks for one in any case (X27).",
    ),
    Code(
        "unknown-visitor",
        "SG411",
        "A form asks about a contact it does not know yet",
        "Who fills it in shows in the address they write, after it is sent (X27).",
    ),
    Code(
        "bad-scale",
        "SG412",
        "A scale that does not fit its survey",
        "The NPS is asked from 0 to 10 and satisfaction from 1 to 5 or 7; high is good for both (P10, P11).",
    ),
    Code(
        "missing-polarity",
        "SG413",
        "Which end of the scale is good?",
        "Effort is asked both ways round: 7 for easy, or 1 for little effort. The figure depends on it (P11).",
    ),
    Code(
        "bad-points",
        "SG414",
        "Points that are not above 0",
        "`give` and `take` say the direction, the number how much (G19).",
    ),
    Code(
        "bad-score-rule",
        "SG415",
        "A rule of a score about several things",
        "One event or one condition, so that it is clear what `at most` limits (X35).",
    ),
    Code(
        "cap-on-condition",
        "SG416",
        "A limit on what counts only once",
        "A condition gives its points while it holds; `at most .. per week` limits how often an event counts (X35).",
    ),
    Code(
        "cap-below-points",
        "SG417",
        "A limit below a single occurrence",
        "No occurrence would ever count in full.",
    ),
    Code(
        "bad-period",
        "SG418",
        "A period that is none",
        "Points are counted per day, week, month or year, targets also per quarter.",
    ),
    Code(
        "decay-and-expiry",
        "SG419",
        "Points fade and vanish at once",
        "Either they lose half their worth again and again, or they count in full until they vanish (G20).",
    ),
    Code(
        "fades-nothing",
        "SG420",
        "A decay or expiry that changes nothing",
        "Only points for events fade; those for a condition are there while it holds (X35).",
        Severity.WARNING,
    ),
    Code(
        "score-of-scores",
        "SG421",
        "A score that reads a score",
        "A score follows from events and properties alone, so that its history can be told for any day (G20).",
    ),
    Code(
        "no-rules",
        "SG422",
        "A declaration that does nothing",
        "It has a name and no content.",
        Severity.WARNING,
    ),
    Code(
        "bad-shortcut",
        "SG423",
        "A shortcut that cannot be typed",
        "It is one word behind a `#`: `#suc` (P6).",
    ),
    Code(
        "snippet-too-long",
        "SG424",
        "A snippet that is too long",
        "A snippet has at most 2,500 characters (P6).",
    ),
    Code(
        "named-twice",
        "SG425",
        "A list names something twice",
        "The second one adds nothing; probably another was meant.",
    ),
    Code(
        "hygiene-writes-elsewhere",
        "SG426",
        "A fix that does more than fix the record",
        "Fixes run by themselves over old records, so they only set or clear properties of the record itself (P15).",
    ),
    Code(
        "review-without-text",
        "SG427",
        "A review that does not say why",
        "Whoever works through the queue reads the text, and nothing else of the rule (P15).",
    ),
    Code(
        "fix-repeats",
        "SG428",
        "A fix that does not end",
        "After it the condition still holds, so the record would be found and fixed again and again (P15).",
        Severity.WARNING,
    ),
    Code(
        "bad-measure",
        "SG429",
        "Something that cannot be measured",
        "A report counts what it is of, or adds up and averages numbers, amounts and lengths of time (P14).",
    ),
    Code(
        "unknown-metric",
        "SG430",
        "There is no such figure",
        "Enrollments, mails and answers of surveys have figures by name; the page on figures says what each counts.",
    ),
    Code(
        "bad-view",
        "SG431",
        "A view that cannot show this report",
        "`number` shows one figure, `line` needs a time to go along, `top` needs groups.",
    ),
    Code(
        "unknown-report",
        "SG432",
        "There is no report of that name",
        "A dashboard shows reports of the project (P14).",
    ),
    Code(
        "unknown-form",
        "SG433",
        "There is no form of that name",
        "Forms are declared in the project, or they live elsewhere: then the project declares none at all (P13).",
    ),
    Code(
        "unknown-survey",
        "SG434",
        "There is no survey of that name",
        "Surveys are declared in the project, or they live elsewhere: then the project declares none at all (P10).",
    ),
    Code(
        "written-twice",
        "SG435",
        "Two answers for one property",
        "Both questions are asked in any case, so the answer to the first is lost on save (P3).",
        Severity.WARNING,
    ),
)
