"""The codes of conditions and triggers (room: `dsl.check`). Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

CONDITION_CODES: tuple[Code, ...] = (
    Code(
        "absence-counts-newcomers",
        "SG300",
        '"Has not" also takes in who came today',
        "`has not E within D` holds for everybody who never did E, also for a contact of one minute ago. "
        "Where it decides who is mailed, `created_at older than D` or a `has E` must stand beside it (X8).",
    ),
    Code(
        "always-true",
        "SG302",
        "A condition that holds for everyone",
        "It says nothing; probably something else was meant.",
        Severity.WARNING,
    ),
    Code(
        "never-true",
        "SG303",
        "A condition that holds for no one",
        "The message names the part that makes it so.",
    ),
    Code(
        "ambiguous-stage",
        "SG304",
        "Several pipelines have this stage",
        "`pipeline = P` beside it says which one is meant (X33).",
    ),
    Code(
        "bad-count",
        "SG306",
        "A count that is no whole number",
        "Things are counted one by one.",
    ),
    Code(
        "becomes-of-another",
        "SG311",
        "`becomes` watches a property of another record",
        "It watches the record itself; a condition can look further.",
    ),
    Code(
        "business-days-in-condition",
        "SG312",
        "Business days in a condition",
        "Conditions count calendar days (X14); only waits count business days.",
    ),
    Code(
        "count-for-any",
        "SG313",
        "A count where one look is enough",
        "`any` says the same and reads better.",
        Severity.WARNING,
    ),
    Code(
        "currency-mismatch",
        "SG314",
        "Two currencies in one comparison",
        "Nothing is converted silently (X32).",
    ),
    Code(
        "empty-list",
        "SG317",
        "A list without values",
        "Nothing is in an empty list, so the comparison is never true.",
    ),
    Code(
        "event-needs-has",
        "SG319",
        "An event stands where a condition is due",
        "`has E` asks whether it happened.",
    ),
    Code(
        "every-without-condition",
        "SG320",
        "`every` without a condition",
        "It says nothing about them.",
    ),
    Code(
        "literal-on-the-left",
        "SG325",
        "A fixed value on the left of a comparison",
        "The property stands on the left.",
    ),
    Code(
        "mixed-trigger",
        "SG330",
        "`when:` mixes kinds of triggers",
        "Events, a condition, a change or a schedule: one of them (X4).",
    ),
    Code(
        "needs-quantifier",
        "SG331",
        "Many records where one is due",
        "`any`, `no`, `every` or `count(..)` says which of them is meant (G11).",
    ),
    Code(
        "negative-on-missing",
        "SG332",
        "`!=` leaves out who has no value",
        "A comparison with a missing value is false, also a negative one (X29).",
        Severity.WARNING,
    ),
    Code(
        "not-over-missing",
        "SG333",
        "`not` over a value that may be missing",
        "Whether those without a value are in or out must be written: `is known` or `is missing` (X29).",
    ),
    Code(
        "never-with-window",
        "SG334",
        "`has never` with a window",
        "`has not E within D` says it.",
        Severity.WARNING,
    ),
    Code(
        "not-without-window",
        "SG335",
        "`has not` without a window",
        "`has never E` says it.",
        Severity.WARNING,
    ),
    Code(
        "no-enrollment",
        "SG337",
        "There is no enrollment here",
        "`since enrollment` has a meaning in sequences and workflows only.",
    ),
    Code(
        "no-machines",
        "SG338",
        "This event is never made by machines",
        "Only opens and clicks have classes (X30).",
    ),
    Code(
        "not-a-condition",
        "SG342",
        "Something that is neither true nor false",
        "A value alone says nothing; compare it.",
    ),
    Code(
        "not-a-value",
        "SG343",
        "Something that is no value",
        "A record cannot be compared; one of its properties can.",
    ),
    Code(
        "not-many",
        "SG344",
        "A quantifier where there is at most one",
        "A to-one association is a path: `company.industry = retail`.",
    ),
    Code(
        "out-of-range",
        "SG345",
        "A value outside of what the property may have",
        "No record can have it.",
    ),
    Code(
        "subject-prefix",
        "SG352",
        "`contact.` where it is understood",
        "The object of the declaration is the subject.",
        Severity.WARNING,
    ),
    Code(
        "to-one",
        "SG353",
        "A to-one association where many are due",
        "There is at most one.",
    ),
    Code(
        "too-precise",
        "SG354",
        "An amount with too many decimals",
        "The currency has no such small amounts (X32).",
    ),
    Code(
        "type-mismatch",
        "SG355",
        "Things are compared that don't compare",
        "A date is no amount, a text no number.",
    ),
    Code(
        "window-on-event",
        "SG371",
        "An event with a count or window where one occurrence is due",
        "`when:` and `wait until` react to single events.",
    ),
    Code(
        "wrong-object",
        "SG373",
        "An event of another object",
        "It stands in another timeline.",
    ),
    Code(
        "wrong-operator",
        "SG374",
        "An operator that does not fit the value",
        "Text operators are for text, ages for dates.",
    ),
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
