"""Codes of definitions: names, settings, parts (room: `dsl.check`). Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

RULE_CODES: tuple[Code, ...] = (
    Code(
        "always-stops",
        "SG301",
        "This event always stops a sequence",
        "It cannot be switched off, and need not be switched on (X9).",
    ),
    Code(
        "automated-steps",
        "SG305",
        "The automated part holds something else than mails and waits",
        "One to three mails go out by themselves; the rest is the rep's (D1).",
    ),
    Code(
        "bad-setting",
        "SG309",
        "A setting with a value it cannot have",
        "The message says which values there are.",
    ),
    Code(
        "bad-switch",
        "SG310",
        "A dynamic sequence cannot switch on this",
        "A rep takes over when mails of the automated part are opened or clicked (X11).",
    ),
    Code(
        "duplicate-name",
        "SG315",
        "Two declarations with one name",
        "All files of a project share one namespace per kind.",
    ),
    Code(
        "dynamic-workflow",
        "SG316",
        "A workflow with an automated and a rep-led part",
        "Only sequences have them.",
    ),
    Code(
        "empty-text",
        "SG318",
        "A text that must not be empty is",
        "Whoever gets it could not do anything with it.",
    ),
    Code(
        "keeps-going",
        "SG321",
        "Mails go on after a reply",
        "`keep_on: replied` is for rare cases; people notice.",
        Severity.WARNING,
    ),
    Code(
        "missing-object",
        "SG327",
        "A declaration does not say what it is about",
        "`of contact` names the object.",
    ),
    Code(
        "missing-part",
        "SG328",
        "One part of a dynamic sequence is missing",
        "The automated part hands over to the part led by the rep.",
    ),
    Code(
        "missing-setting",
        "SG329",
        "A setting that must be there is not",
        "It has no default because every default would be wrong for somebody.",
    ),
    Code(
        "no-contact",
        "SG336",
        "There is no contact to act on",
        "Mails and enrollments are for contacts (X20).",
    ),
    Code(
        "no-sender",
        "SG339",
        "A sequence does not say who sends",
        "Every mail of a sequence comes from somebody's mailbox.",
        Severity.WARNING,
    ),
    Code(
        "no-steps",
        "SG340",
        "A definition without steps",
        "Who enters would leave at once.",
        Severity.WARNING,
    ),
    Code(
        "no-trigger-event",
        "SG341",
        "`trigger.` where no event starts",
        "It reads the fields of the event that made this enrollment (X4).",
    ),
    Code(
        "read-only",
        "SG347",
        "A property that cannot be set",
        "It follows from other facts.",
    ),
    Code(
        "segments-in-a-circle",
        "SG348",
        "Segments contain each other",
        "Nobody could say who is in them.",
    ),
    Code(
        "starts-in-a-circle",
        "SG349",
        "Definitions start each other in a circle",
        "People would go round for ever (X28).",
    ),
    Code(
        "set-many",
        "SG350",
        "A step writes to many records",
        "`set` writes one record (X23).",
    ),
    Code(
        "steps-beside-parts",
        "SG351",
        "Steps beside the parts of a dynamic sequence",
        "They belong into one of the parts.",
    ),
    Code(
        "unknown-association",
        "SG356",
        "There is no such association",
        "Associations are declared in schema.yaml or come with `extends: standard`.",
    ),
    Code(
        "unknown-event",
        "SG357",
        "There is no such event",
        "Events are declared in schema.yaml or come with `extends: standard`.",
    ),
    Code(
        "unknown-field",
        "SG358",
        "The event has no such field",
        "Fields are declared with the event.",
    ),
    Code(
        "unknown-option",
        "SG362",
        "A choice has no such option",
        "No record can have it.",
    ),
    Code(
        "unknown-segment",
        "SG363",
        "There is no such segment",
        "Segments are declared in any file of the project.",
    ),
    Code(
        "unknown-sequence",
        "SG364",
        "There is no such sequence",
        "Sequences are declared in any file of the project.",
    ),
    Code(
        "unknown-workflow",
        "SG365",
        "There is no such workflow",
        "Workflows are declared in any file of the project.",
    ),
    Code(
        "unknown-template",
        "SG366",
        "There is no such template",
        "Templates are declared in any file of the project.",
    ),
    Code(
        "unknown-setting",
        "SG367",
        "There is no such setting here",
        "A misspelt setting would silently do nothing.",
    ),
    Code(
        "unknown-task-kind",
        "SG368",
        "An unusual kind of task",
        "Reports group by kind; a misspelt one stands alone.",
        Severity.WARNING,
    ),
    Code(
        "unknown-topic",
        "SG369",
        "There is no such topic",
        "Topics are declared under `topics:` of schema.yaml; they decide what consent a mail needs.",
    ),
    Code(
        "unreachable-step",
        "SG370",
        "A step nobody reaches",
        "Something before it ends the enrollment.",
        Severity.WARNING,
    ),
    Code(
        "inactive-user",
        "SG377",
        "A user who is not active is to act",
        "A deactivated sender sends nothing, and nobody sees the tasks of one (X21).",
        Severity.WARNING,
    ),
)
