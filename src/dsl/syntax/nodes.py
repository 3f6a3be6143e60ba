"""What the parser builds: one frozen node per syntactic form, each with the span it was written at.

Nodes say what is written, not what it means: nothing is looked up and nothing is typed here. So a
word that could be several things stays what it looks like, and the checker decides by its place:

* `Path` is any dotted word: a property (`company.industry`), a bare boolean property (`closed`), an
  event without filter (`purchased` in `when:`, `stop_on:`, `rep_led when`), an option (`high`), a
  user, or a setting's word (`manually`, `always`, `contact`).
* `Event` is a word that can only be an event because it carries a filter `purchased(amount > 3 JPY)`,
  a count, `including machines` or `since enrollment`. A bare word with `within D` stays a `DateTest`
  with a `Path` on the left, as `created_at within 3 days` looks the same as `purchased within 3 days`.
* A setting's value is read as the most general thing: a condition. So `when: purchased or replied` is
  `Or(Path, Path)`, `when: in segment x` is `Member`, `goal: has purchased` is `Has`, `again: never` is
  `Path`, `threading: true` is `Boolean`. Values joined by commas (`stop_on: replied, bounced`) are a
  `Listing` of such values; one value alone is never wrapped.
* `Unsupported` stands for one whole declaration, statement or condition of the language's later
  half; `Bad` for a part that was reported as a syntax problem and left out. Neither is to be reported again.
"""

from __future__ import annotations

from .node_conditions import (
    And,
    Becomes,
    Between,
    Compare,
    Condition,
    Consent,
    Count,
    DateTest,
    Event,
    Has,
    Member,
    Missing,
    Mixed,
    Not,
    OneOf,
    Operand,
    Or,
    Quantified,
    TextTest,
)
from .node_declarations import (
    Automated,
    Body,
    Comment,
    Declaration,
    File,
    RepLed,
    Segment,
    Sequence,
    Template,
    Workflow,
)
from .node_statements import (
    After,
    Block,
    Branch,
    Enroll,
    EveryDay,
    Exit,
    If,
    Listing,
    Notify,
    Send,
    Set,
    Setting,
    SettingValue,
    Statement,
    Task,
    Unenroll,
    Wait,
    WaitUntil,
)
from .node_values import (
    Bad,
    Boolean,
    Date,
    DateTime,
    Duration,
    ListOf,
    Literal,
    Money,
    Name,
    Number,
    Path,
    Percent,
    Text,
    Time,
    TimeRange,
    Unsupported,
)

__all__ = [
    "After",
    "And",
    "Automated",
    "Bad",
    "Becomes",
    "Between",
    "Block",
    "Body",
    "Boolean",
    "Branch",
    "Comment",
    "Compare",
    "Condition",
    "Consent",
    "Count",
    "Date",
    "DateTest",
    "DateTime",
    "Declaration",
    "Duration",
    "Enroll",
    "Event",
    "EveryDay",
    "Exit",
    "File",
    "Has",
    "If",
    "ListOf",
    "Listing",
    "Literal",
    "Member",
    "Missing",
    "Mixed",
    "Money",
    "Name",
    "Not",
    "Notify",
    "Number",
    "OneOf",
    "Operand",
    "Or",
    "Path",
    "Percent",
    "Quantified",
    "RepLed",
    "Segment",
    "Send",
    "Sequence",
    "Set",
    "Setting",
    "SettingValue",
    "Statement",
    "Task",
    "Template",
    "Text",
    "TextTest",
    "Time",
    "TimeRange",
    "Unenroll",
    "Unsupported",
    "Wait",
    "WaitUntil",
    "Workflow",
]
