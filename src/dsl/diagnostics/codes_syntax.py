"""The codes of reading rule files (room: `dsl.syntax`). Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code

SYNTAX_CODES: tuple[Code, ...] = (
    Code(
        "syntax",
        "SG200",
        "The text cannot be read here",
        "What stands here fits none of the forms of the language. The message names what could stand there.",
    ),
    Code(
        "double-equals",
        "SG201",
        "Equality is written with one `=`",
        "There is one way to write a thing.",
    ),
    Code(
        "full-width",
        "SG202",
        "Full-width punctuation outside quotes",
        "Japanese keyboards write （ for (. They look alike and are not the same; in quotes they stay.",
    ),
    Code(
        "mixed-and-or",
        "SG203",
        "`and` and `or` without parentheses",
        "`a and b or c` can be read in two ways that take in different people. Parentheses say which is meant (G2).",
    ),
    Code(
        "missing-up-to",
        "SG204",
        "A wait without a limit",
        "Only a task may be waited for without a limit. `up to D` says when to go on.",
    ),
    Code(
        "misplaced-setting",
        "SG205",
        "A setting stands after the first statement",
        "Settings stand at the top of a body, where readers look for them.",
    ),
    Code(
        "duplicate-setting",
        "SG206",
        "A setting is written twice",
        "Only one of the two could count.",
    ),
    Code(
        "duplicate-part",
        "SG207",
        "A part of a dynamic sequence is written twice",
        "There is one automated part and one led by the rep.",
    ),
    Code(
        "unknown-declaration",
        "SG208",
        "A word that begins no declaration",
        "Declarations are segment, sequence, workflow, template and others.",
    ),
    Code(
        "unknown-statement",
        "SG209",
        "A word that begins no statement or setting",
        "The message names the one that was probably meant.",
    ),
    Code(
        "unclosed-block",
        "SG210",
        "A `{` without its `}`",
        "All that follows would belong to this block.",
    ),
    Code(
        "unclosed-parenthesis",
        "SG211",
        "A `(` or `[` without its end",
        "All that follows would belong to it.",
    ),
    Code(
        "unterminated-text",
        "SG212",
        "A text without its closing quote",
        "All that follows would be text.",
    ),
    Code(
        "unexpected-character",
        "SG213",
        "A character that means nothing here",
        "It is left out, so that the rest can be checked.",
    ),
    Code(
        "nested-too-deeply",
        "SG214",
        "Too many blocks or parentheses within each other",
        "Nobody could read it; parts of it can be segments of their own.",
    ),
    Code(
        "number-too-long",
        "SG215",
        "A number with too many digits, or a length of time of more than 200 years",
        "No value in the store can be so large.",
    ),
    Code(
        "impossible-date",
        "SG216",
        "A date that does not exist",
        "Such as the 30th of February.",
    ),
    Code(
        "impossible-time",
        "SG217",
        "A time of day that does not exist",
        "Such as 25:00.",
    ),
    Code(
        "other-spelling",
        "SG219",
        "Something is written as another language has it",
        "There is one way to write a thing. What was meant is understood, so that the rest can be checked.",
    ),
    Code(
        "not-utf8",
        "SG220",
        "A file is not UTF-8",
        "Rule files are UTF-8 text, so that every name and letter is the same for everybody. Save the file as UTF-8.",
    ),
)
