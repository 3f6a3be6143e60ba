"""The codes of conditions and triggers that came after those of `codes_rules` (room: `dsl.check`)."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

CONDITION_CODES: tuple[Code, ...] = (
    Code(
        "bad-aggregate",
        "SG379",
        "A value out of many events that cannot be worked out",
        "`last` and `first` read any value of an event, `sum` and `avg` add up numbers and amounts, `min` and `max` "
        "compare dates too, `count` counts.",
    ),
    Code(
        "unknown-score",
        "SG380",
        "There is no such score",
        "Scores are declared in any file of the project.",
    ),
    Code(
        "missing-window",
        "SG381",
        "A movement without a time",
        "`fell by 10 within 60 days` compares with the start of the window (X35); without one nothing is compared.",
    ),
    Code(
        "no-history",
        "SG382",
        "The past of this value is not kept",
        "Stored properties have a history; what follows from other facts has none (X34).",
    ),
    Code(
        "bad-pattern",
        "SG383",
        "A pattern that does not mean the same on every store",
        "Both databases share a large part of regular expressions; only that is taken, "
        "so that a rule means one thing (X31).",
    ),
    Code(
        "duplicate-condition",
        "SG384",
        "The same condition twice in one group",
        "It says nothing new; probably another one was meant.",
        Severity.WARNING,
    ),
    Code(
        "bad-schedule",
        "SG385",
        "A time to start that cannot be read",
        "A schedule is a phrase such as `every monday 09:00` or five fields of cron; a date is one of the record (X4).",
    ),
    Code(
        "skips-months",
        "SG386",
        "A day that not every month has",
        "Nothing starts in the months without it.",
        Severity.WARNING,
    ),
    Code(
        "unknown-function",
        "SG387",
        "There is no such function here",
        "Reports group by periods, hygiene cleans texts; conditions compare what is stored.",
    ),
    Code(
        "bad-function",
        "SG388",
        "A function with values it does not take",
        "The message says which ones it takes.",
    ),
    Code(
        "unknown-period",
        "SG389",
        "There is no such period of the calendar",
        "There are `week`, `month`, `quarter` and `year`, in the account's time zone.",
    ),
)
