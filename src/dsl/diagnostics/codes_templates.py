"""The codes of what templates print: merge fields, filters and links (room: `dsl.check`)."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

TEMPLATE_CODES: tuple[Code, ...] = (
    Code(
        "bad-link-tag",
        "SG307",
        "Tags of a link that cannot be read",
        "They are written `{topic=pricing}` behind the link.",
    ),
    Code(
        "bad-merge-field",
        "SG308",
        "A merge field that cannot be read",
        "It is a path, then `| default: 'text'` and filters (X36).",
    ),
    Code(
        "line-break-in-subject",
        "SG323",
        "A subject with a line break",
        "A subject is one line; a second would become a header of the mail.",
    ),
    Code(
        "liquid-tag",
        "SG324",
        "A tag in a template",
        "Only merge fields are part of the language (X36).",
    ),
    Code(
        "may-be-blank",
        "SG326",
        "A merge field that may print nothing",
        "\"Hi ,\" is what people get. `| default: 'there'` says what stands there instead.",
    ),
    Code(
        "prints-many",
        "SG346",
        "A merge field leads to many records",
        "It prints one value.",
    ),
    Code(
        "no-such-record",
        "SG390",
        "A mail prints a record that is not there where it is sent",
        "`{{ ticket.subject }}` is of the ticket that a workflow of tickets is about, whoever gets the mail. "
        "A sequence, a broadcast and a workflow of something else have none (X36).",
    ),
    Code(
        "unknown-filter",
        "SG359",
        "There is no such filter for merge fields",
        "The message names those there are (X36).",
    ),
    Code(
        "unknown-link-tag",
        "SG360",
        "There is no such link tag",
        "Link tags are declared under `link_tags:` of schema.yaml.",
    ),
    Code(
        "unknown-merge-field",
        "SG361",
        "A merge field that cannot be printed",
        "It names nothing of the schema and nothing built in (X36).",
    ),
    Code(
        "wrong-filter",
        "SG372",
        "A filter that does not work on this value",
        "Each filter works on one sort of value.",
    ),
    Code(
        "blank-fallback",
        "SG376",
        "A fallback that prints nothing",
        "Where the value is missing the mail would have a hole after all; write words instead (S26).",
        Severity.WARNING,
    ),
    Code(
        "single-braces",
        "SG378",
        "Something in single braces looks like a merge field",
        "It would be printed as it stands; a merge field has two braces on each side (X36).",
        Severity.WARNING,
    ),
)
