"""The codes of schema.yaml and segue.yaml (room: `dsl.schema`). Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code

FILE_CODES: tuple[Code, ...] = (
    Code(
        "yaml-syntax",
        "SG100",
        "The file is no YAML",
        "Nothing of the file can be read until this is repaired. The place is where reading stopped, or "
        "what was left open; the cause may stand a line above.",
    ),
    Code(
        "yaml-alias",
        "SG101",
        "Anchors and aliases are not read",
        "`&name` and `*name` let one text stand for another. In settings that decide who is mailed each "
        "value stands where it is used.",
    ),
    Code(
        "yaml-tag",
        "SG102",
        "A tag of YAML has no meaning here",
        "Types are told by `type:`, not by `!tags`.",
    ),
    Code(
        "duplicate-key",
        "SG103",
        "One key is written twice",
        "Only one of the two could count, and nobody would see which. The first is used until one of them is gone.",
    ),
    Code(
        "unknown-key",
        "SG104",
        "There is no such setting",
        "A misspelt setting would silently do nothing.",
    ),
    Code(
        "missing-key",
        "SG105",
        "A setting that must be there is not",
        "It has no default because every default would be wrong for somebody.",
    ),
    Code(
        "wrong-shape",
        "SG106",
        "A value is of another sort than due",
        'Text, number, list and mapping are told apart: `08` is a number, `"08"` is text.',
    ),
    Code(
        "wrong-value",
        "SG107",
        "A value is none of those possible",
        "The message says which are.",
    ),
    Code(
        "wrong-setting",
        "SG108",
        "This setting does not go with the others",
        "For example `options` of a text, or `host` of a Maildir.",
    ),
    Code(
        "secret-in-file",
        "SG110",
        "A secret stands in a file",
        "Files are shared and kept for ever. Secrets come from environment variables that are named here.",
    ),
    Code(
        "bad-name",
        "SG120",
        "A name is no single word",
        "Rules write names without quotes: letters of any script, digits and `_`.",
    ),
    Code(
        "reserved-name",
        "SG121",
        "A name is taken by the language, by SQL or by the store",
        "A property called `within` could not be written in a rule; one called `user` reads as something "
        "else in SQL written by hand; one called `id` exists.",
    ),
    Code(
        "name-too-long",
        "SG122",
        "A name does not fit into the store",
        "PostgreSQL cuts names after 63 bytes without a word. Japanese letters take three bytes each.",
    ),
    Code(
        "names-differ-in-case",
        "SG123",
        "Two names differ only in case or width",
        "Readers and SQLite take them for one.",
    ),
    Code(
        "name-taken",
        "SG124",
        "A name is in use",
        "`company.program` must mean one thing: a property or an association.",
    ),
    Code(
        "unknown-type",
        "SG130",
        "There is no such type",
        "The types are text, number, money, percent, bool, date, datetime, duration, choice, multi_choice, "
        "user and record.",
    ),
    Code(
        "unknown-object",
        "SG131",
        "There is no such object",
        "Objects are those of `objects:` and, with `extends: standard`, contact, company, deal, ticket and "
        "the activities.",
    ),
    Code(
        "unknown-property",
        "SG132",
        "The object has no such property",
        "Properties are declared in schema.yaml or come with `extends: standard`.",
    ),
    Code(
        "unknown-stage",
        "SG133",
        "The pipeline has no such stage",
        "Stages are declared with their pipeline.",
    ),
    Code(
        "type-changed",
        "SG134",
        "A part of the standard CRM is declared with another type",
        "The engine relies on it. Another name is free.",
    ),
    Code(
        "option-removed",
        "SG135",
        "An option of the standard CRM is left out",
        "Rules and reports know it. Options may be added.",
    ),
    Code(
        "association-changed",
        "SG136",
        "An association of the standard CRM is declared otherwise",
        "It may be made `required`, and nothing else.",
    ),
    Code(
        "computed-property",
        "SG137",
        "A property that is computed is declared",
        "Its value follows from others: `closed` from the stage, `full_name` from the names.",
    ),
    Code(
        "computed-event",
        "SG138",
        "An event that is computed is declared",
        "`acted` follows from every act of a person, `created` from the record.",
    ),
    Code(
        "duplicate-option",
        "SG139",
        "The same thing is listed twice",
        "Equality ignores case (X31), so `Lead` and `lead` are one option.",
    ),
    Code(
        "wrong-default",
        "SG140",
        "A default does not fit its property",
        "Every record without a value would be wrong.",
    ),
    Code(
        "wrong-key",
        "SG141",
        "A property cannot be the key",
        "A key tells records apart: text or a number that each record has.",
    ),
    Code(
        "wrong-was",
        "SG142",
        "A former name is not former",
        "`was:` tells `segue migrate` what to rename; the old name must be gone, and used once.",
    ),
    Code(
        "unknown-time-zone",
        "SG150",
        "There is no such time zone",
        "Names are those of the IANA time zone data, such as Asia/Tokyo. Abbreviations such as JST are not unique.",
    ),
    Code(
        "unknown-currency",
        "SG151",
        "There is no such currency",
        "Three letters of ISO 4217. The currency decides how many decimals an amount has (X32).",
    ),
    Code(
        "unknown-locale",
        "SG152",
        "There is no such locale",
        "Dates, numbers and money in mails are printed in the account's locale (X36).",
    ),
    Code(
        "unknown-country",
        "SG153",
        "No public holidays are known for this country",
        "Business days leave out public holidays (X15). Without a country, list the days off under `holidays:`.",
    ),
    Code(
        "unknown-subdivision",
        "SG154",
        "The country has no such state or province",
        "Some holidays hold in parts of a country only.",
    ),
    Code(
        "unknown-calendar",
        "SG155",
        "There is no such calendar",
        "Calendars are declared under `calendars:` of segue.yaml.",
    ),
    Code(
        "unknown-user",
        "SG156",
        "There is no such user",
        "Users are declared under `users:` of segue.yaml.",
    ),
)
