"""What the parser says to authors: one function per kind of problem, in their words."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from ..diagnostics.suggest import closest
from ..source import Span
from .vocabulary import DECLARATIONS, RULES, SETTINGS, STATEMENTS


def problem(code: str, message: str, span: Span, label: str = "", help: str = "", fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(span, label), help=help, fix=fix)


def insertion(file: str, at: int, text: str, kind: FixKind) -> Fix:
    return Fix(kind, (Edit(Span(file, at, at), text),))


# --- characters and texts ---------------------------------------------------------------------


def unterminated(span: Span, quote: str, end: int) -> Diagnostic:
    fix = insertion(span.file, end, quote, FixKind.UNSAFE)
    message, help = f"this text has no closing `{quote}`", f"close it with `{quote}`"
    return problem("unterminated-text", message, span, "opened here", help, fix)


def quoted_inside(places: list[Span], text: str) -> Diagnostic:
    """Texts in double quotes within the merge fields of a text."""
    ends = [Span(one.file, at, at + 1) for one in places for at in (one.start, one.end - 1)]
    fix = Fix(FixKind.SAFE, tuple(Edit(end, "'") for end in ends))
    ours = text[places[0].start + 1 : places[0].end - 1]
    message = "a text inside of `{{ }}` stands between `'`"
    return problem("other-spelling", message, places[0], "written otherwise here", f"write `'{ours}'`", fix)


def full_width(file: str, places: list[tuple[int, str]], sign: str) -> Diagnostic:
    """One finding for one line; `places` are offsets with the narrow character meant there, `sign` is the first."""
    edits = tuple(Edit(Span(file, at, at + 1), narrow) for at, narrow in places)
    first, narrow = places[0]
    signs = "full-width punctuation stands outside quotes"
    if sign in "“”":
        signs = "a text stands in straight quotes, not in curly ones"
    help = f"write it in half width: `{narrow}`" if len(places) == 1 else "write it in half width"
    help = f"write `{narrow}`" if sign in "“”" else help
    return problem(
        "full-width", signs, Span(file, first, first + 1), f"meant as `{narrow}`", help, Fix(FixKind.SAFE, edits)
    )


def invisible(word: Span, hidden: list[int], character: int) -> Diagnostic:
    """Characters inside a word that show nothing on a screen, at the places `hidden`."""
    fix = Fix(FixKind.SAFE, tuple(Edit(Span(word.file, at, at + 1), "") for at in hidden))
    message = f"an invisible character stands in this word: U+{character:04X}"
    return problem("unexpected-character", message, word, "as if it were not there", "remove it", fix)


def hidden_lines(comment: Span, text: str) -> Diagnostic:
    """A comment that runs over line ends of another kind, and so over what stands behind them."""
    places = [Span(comment.file, comment.start + i, comment.start + i + 1) for i, c in enumerate(text) if c == "\r"]
    fix = Fix(FixKind.SAFE, tuple(Edit(place, "\n") for place in places))
    message = "a line ends in U+000D alone: what follows is part of this comment"
    return problem("unexpected-character", message, places[0], "no end of a line", "end lines in U+000A", fix)


def stray(span: Span, text: str) -> Diagnostic:
    if text == ";":
        fix = Fix(FixKind.SAFE, (Edit(span, ""),))
        message = "`;` is not needed: a statement ends by itself"
        return problem("unexpected-character", message, span, "left out", "remove it", fix)
    shown = text if text.isprintable() else f"U+{ord(text[0]):04X}"
    help = "remove it, or put it in quotes"
    if text in ("*", "/", "%"):
        help = "nothing is computed here: import the result as a property; a number grows by `add 1 to visits`"
    return problem("unexpected-character", f"`{shown}` means nothing here", span, "left out", help)


def double_equals(span: Span) -> Diagnostic:
    fix = Fix(FixKind.SAFE, (Edit(span, "="),))
    return problem("double-equals", "equality is written `=`", span, "one `=` is enough", "write `=`", fix)


def written_otherwise(span: Span, what: str, ours: str, kind: FixKind | None) -> Diagnostic:
    """A form of another language that is understood; without a kind the repair is the author's to find."""
    fix = Fix(kind, (Edit(span, ours),)) if kind else None
    help = f"write `{ours.strip()}`" if kind else f"write it like `{ours.strip()}`"
    return problem("other-spelling", what, span, "written otherwise here", help, fix)


def list_brackets(opened: Span, closed: Span) -> Diagnostic:
    fix = Fix(FixKind.SAFE, (Edit(opened, "["), Edit(closed, "]")))
    message, span = "a list stands in square brackets", Span(opened.file, opened.start, opened.end)
    return problem("other-spelling", message, span, "written otherwise here", "write `[` and `]`", fix)


def commas_in_filter(commas: tuple[Span, ...], sure: bool) -> Diagnostic:
    """`sure`: no part of the filter holds an `or`, beside which an `and` would need parentheses."""
    fix = Fix(FixKind.SAFE, tuple(Edit(comma, " and") for comma in commas)) if sure else None
    message = "the parts of a filter are joined by `and`"
    return problem("other-spelling", message, commas[0], "written otherwise here", "write `and`", fix)


def not_before(span: Span, ours: str) -> Diagnostic:
    message, help = "`not` stands before the whole comparison", f"write `{ours}`"
    return problem("other-spelling", message, span, "written otherwise here", help)


def surplus(span: Span, word: str) -> Diagnostic:
    """A word that is said elsewhere and not here; the blank behind it goes with it."""
    fix = Fix(FixKind.SAFE, (Edit(span, ""),))
    return problem("other-spelling", f"`{word}` is not said here", span, "one word too many", "leave it out", fix)


def no_comma(span: Span) -> Diagnostic:
    fix, message = Fix(FixKind.SAFE, (Edit(span, ""),)), "fields stand side by side, without commas"
    return problem("other-spelling", message, span, "one sign too many", "leave it out", fix)


def impossible(span: Span, what: str, text: str) -> Diagnostic:
    return problem(f"impossible-{what}", f"there is no {what} `{text}`", span)


def too_long(span: Span) -> Diagnostic:
    return problem("number-too-long", "this number has more digits than any value can hold", span)


def too_far(span: Span, years: int) -> Diagnostic:
    return problem("number-too-long", f"no length of time is longer than {years} years", span)


def no_business_unit(span: Span, ours: str) -> Diagnostic:
    message, help = "a calendar knows business days alone", f"write `{ours}`, or count in `business days`"
    return problem("other-spelling", message, span, "no business time", help)


# --- structure --------------------------------------------------------------------------------


def unclosed(opened: Span, last: Span) -> Diagnostic:
    fix = insertion(opened.file, last.end, " }", FixKind.UNSAFE)
    return problem(
        "unclosed-block", "this block is never closed", opened, "opened here", "add the `}` that closes it", fix
    )


def unclosed_parenthesis(opened: Span, at: Span, shown: str, sign: str) -> Diagnostic:
    """`sign` is what closes it, `)` or `]`."""
    fix = insertion(opened.file, at.start, sign, FixKind.UNSAFE)
    return Diagnostic(
        "unclosed-parenthesis",
        Severity.ERROR,
        f"this `{'(' if sign == ')' else '['}` is never closed",
        Label(opened, "opened here"),
        (Label(at, f"missing before {shown}"),),
        help=f"add the `{sign}`",
        fix=fix,
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    help = "give the inner part a name of its own, such as a segment"
    return problem(
        "nested-too-deeply", f"more than {limit} blocks and parentheses stand within each other here", span, help=help
    )


def closes_nothing(span: Span) -> Diagnostic:
    return problem(
        "syntax", "this `}` closes nothing", span, help="remove it, or look for a `{` that is missing before it"
    )


def mixed(operator: Span, word: str, parts: Iterable[Span]) -> Diagnostic:
    """`parts` are the runs joined by `and` that stand between `or`s and need parentheses."""
    edits = [
        e for p in parts for e in (Edit(Span(p.file, p.start, p.start), "("), Edit(Span(p.file, p.end, p.end), ")"))
    ]
    other = "and" if word == "or" else "or"
    return Diagnostic(
        "mixed-and-or",
        Severity.ERROR,
        "`and` and `or` stand side by side without parentheses",
        Label(operator, f"`{word}` after `{other}`"),
        help="put parentheses around what belongs together; the fix takes `and` as the closer tie",
        note="read aloud, `a and b or c` has two meanings, and one of them mails the wrong people",
        fix=Fix(FixKind.UNSAFE, tuple(edits)),
    )


def missing_up_to(span: Span) -> Diagnostic:
    """For `wait until` without `up to`. Public: the checker says the same of an event written as a bare word."""
    fix = insertion(span.file, span.end, " up to 7 days", FixKind.UNSAFE)
    return Diagnostic(
        "missing-up-to",
        Severity.ERROR,
        "this wait could last for ever",
        Label(span, "no `up to`"),
        help="say how long to wait at most: `up to 7 days`, and what then: `else { .. }`",
        note="every wait has a limit, so that no one is stuck in a sequence or workflow",
        fix=fix,
    )


def misplaced_setting(span: Span, name: str) -> Diagnostic:
    message = f"the setting `{name}` stands after the first statement"
    return problem("misplaced-setting", message, span, help="move it to the top of the body")


def twice(span: Span, what: str) -> Diagnostic:
    return problem("syntax", f"`{what}` is said twice", span, help="keep one of them")


def whose(span: Span, property: str) -> Diagnostic:
    help = f"write the record's name before it: `set ann.{property}`"
    return problem("syntax", f"whose `{property}`?", span, "of which record?", help)


# --- words ------------------------------------------------------------------------------------


# What people write who come from elsewhere.
_UNITS = ("minutes", "hours", "days", "business days", "business", "weeks", "months", "years")
_MEANT = {
    **dict.fromkeys(("email", "mail", "send_email"), "send"),
    **dict.fromkeys(("switch", "case"), "match"),
    **dict.fromkeys(("loop", "while", "foreach"), "repeat"),
    **dict.fromkeys(("increment", "increase"), "add"),
    **dict.fromkeys(("unset", "reset"), "clear"),
    **dict.fromkeys(("new", "insert"), "create"),
    **dict.fromkeys(("experiment", "ab_test"), "split"),
    **dict.fromkeys(("question", "prompt"), "ask"),
    **dict.fromkeys(("award", "plus"), "give"),
    **dict.fromkeys(("subtract", "minus", "deduct"), "take"),
    **dict.fromkeys(("delay", "sleep", "pause"), "wait"),
    **dict.fromkeys(("stop", "end", "finish", "return", "quit"), "exit"),
    **dict.fromkeys(("update", "change"), "set"),
    **dict.fromkeys(("todo", "call"), "task"),
    **dict.fromkeys(("list", "audience"), "segment"),
    **dict.fromkeys(("campaign", "cadence"), "sequence"),
    **dict.fromkeys(("automation", "rule"), "workflow"),
}


def unknown_statement(span: Span, word: str, set_: bool = False) -> Diagnostic:
    """`set_`: a value follows as if a property were given one."""
    if set_:
        message, label = f"`{word}` begins no statement or setting", "not a word of the language here"
        help = f"a step gives a property its value by `set {word} = ..`; a setting has a `:` after its name"
        return problem("unknown-statement", message, span, label, help)
    known = STATEMENTS | RULES | SETTINGS | {"else"}
    advice = "a setting has a `:` after its name"
    if word in ("after", "before"):
        advice = (
            "so long before or after a date: `wait until renewal_on - 1 day`, `wait until last(purchased).at + 1 day`"
        )
    return _unknown_word("unknown-statement", span, word, "statement or setting", known, advice)


def unknown_line(span: Span, word: str, meant: str) -> Diagnostic:
    """A line of a test whose first word was understood."""
    fix = Fix(FixKind.UNSAFE, (Edit(span, meant),))
    message, label = f"`{word}` begins no line of a test", "not a word of the language here"
    return problem("unknown-statement", message, span, label, f"did you mean `{meant}`?", fix)


def not_given(span: Span, name: str) -> Diagnostic:
    """`contact ann { .. }` as a line of a test."""
    message, help = f"the record `{name}` is not given", f"write `given` before it: `given .. {name} {{ .. }}`"
    return problem(
        "syntax", message, span, "expected `given`", help, insertion(span.file, span.start, "given ", FixKind.UNSAFE)
    )


def unknown_declaration(span: Span, word: str) -> Diagnostic:
    known = DECLARATIONS
    advice = "a file holds declarations such as `segment`, `sequence`, `workflow` and `template`"
    return _unknown_word("unknown-declaration", span, word, "declaration", known, advice)


def _unknown_word(code: str, span: Span, word: str, what: str, known: Iterable[str], advice: str) -> Diagnostic:
    near = _MEANT.get(word.casefold())
    if near is None and len(word) > 2 and word not in known:
        near = closest(word, known)
    fix = Fix(FixKind.UNSAFE, (Edit(span, near),)) if near else None
    help = f"did you mean `{near}`?" if near else advice
    return problem(code, f"`{word}` begins no {what}", span, "not a word of the language here", help, fix)


def step_without_place(span: Span, word: str) -> Diagnostic:
    """A statement in a declaration that has none."""
    message, label = f"`{word}` is a step, and this declaration has no steps", "no step can stand here"
    return problem("syntax", message, span, label, help="steps stand in sequences and workflows")


def missing_sign(span: Span, sign: str, before: str) -> Diagnostic:
    fix = insertion(span.file, span.start, f"{sign} ", FixKind.UNSAFE)
    return problem("syntax", f"`{sign}` is missing before {before}", span, f"expected `{sign}`", f"add `{sign}`", fix)


def bad_unit(span: Span, word: str) -> Diagnostic:
    units = "minutes, hours, days, business days, weeks, months, years; a currency has three capitals, as in `100 USD`"
    meant = closest(word, _UNITS)
    hint = f"did you mean `{meant}`? " if meant else ""
    message = f"`{word}` is no unit of time or money"
    return problem("syntax", message, span, "after a number", f"{hint}the units are {units}")


def no_unit(span: Span, number: str) -> Diagnostic:
    return problem(
        "syntax", f"`{number}` of what?", span, "expected a unit", f"write a unit behind it: `{number} days`"
    )


def unfinished(span: Span, shown: str, expected: str) -> Diagnostic:
    """A word at the end of a line that asks for more."""
    text = shown == "this text"
    message = "something is missing behind this text" if text else f"{shown} is not finished"
    return problem("syntax", message, span, f"expected {expected}")


def round_block(opened: Span, closed: Span) -> Diagnostic:
    fix = Fix(FixKind.SAFE, (Edit(opened, "{"), Edit(closed, "}")))
    message = "a block stands in `{` and `}`, not in parentheses"
    return problem("other-spelling", message, opened, "written otherwise here", "write `{` and `}`", fix)


def misspelt(span: Span, shown: str, expected: str, near: str) -> Diagnostic:
    """A word of the language with a slip in it, which is then read as what was meant."""
    fix, label = Fix(FixKind.UNSAFE, (Edit(span, near),)), f"expected {expected}" if expected else ""
    return problem("syntax", f"{shown} cannot stand here", span, label, f"did you mean `{near}`?", fix)


def unexpected(span: Span, shown: str, expected: str, help: str) -> Diagnostic:
    return problem("syntax", f"{shown} cannot stand here", span, f"expected {expected}" if expected else "", help)
