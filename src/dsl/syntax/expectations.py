"""What could have stood where a file goes wrong, in the reader's words; never a terminal's name."""

from __future__ import annotations

from collections.abc import Mapping, Set

from .tokens import STRAY, Token
from .vocabulary import words

_SORTS = {
    "NAME": "a name",
    "TEXT": "a text in quotes",
    "DURATION": "a duration such as `3 days`",
    "NUMBER": "a number",
    "MONEY": "an amount such as `100 USD`",
    "PERCENT": "a percentage",
    "DATE": "a date",
    "DATETIME": "a date and time",
    "CLOCK": "a time such as `09:00`",
    "CLOCK_RANGE": "a time range such as `09:00-17:00`",
    "AT_LEAST": "`at least`",
    "AT_MOST": "`at most`",
}
_VALUE = words("TEXT NUMBER NAME DATE TRUE LSQB")
_CONDITION = _VALUE | words("HAS IN LPAR ANY")
_COMPARISON = words("EQ NE LT IN CONTAINS IS")
_STATEMENT = words("SEND WAIT IF SET")
_AFTER_EXPECT_NO, _AFTER_EXPECT_NOT = words("TASK SLACK WEBHOOK NOTE"), words("IN NOTIFIED CREATED LINKED SUBSCRIBED")
_DECLARATION = words("SEGMENT SEQUENCE WORKFLOW TEMPLATE")
# What comes after a word, where that says more than the list of what fits.
_AFTER = {
    "SEND": "the name of a template",
    "WAIT": "a duration such as `3 business days`, or `until`",
    "UNTIL": "an event or a condition",
    "SET": "the property to set",
    "TASK": "the kind of task, such as `call`",
    "NOTIFY": "whom to notify",
    "EXIT": "the reason in quotes",
    "ENROLL": "`in sequence` or `in workflow` with its name",
    "UNENROLL": "`from sequence` or `from workflow` with its name",
    "HAS": "an event such as `purchased`",
    "NEVER": "an event such as `purchased`",
    "IN": "a list such as `[lead, mql]`, or `segment` with its name",
    "IS": "`missing` or `known`",
    "WITHIN": "a duration such as `30 days`",
    "THAN": "a duration such as `30 days`",
    "SEGMENT": "the name of the segment",
    "SEQUENCE": "the name of the sequence",
    "WORKFLOW": "the name of the workflow",
    "TEMPLATE": "the name of the template",
    "OF": "the object, such as `contact`",
    "REP_LED": "`when`",
    "PRIORITY": "low, medium or high",
    "AT_LEAST": "a number, as in `at least 2 times`",
    "AT_MOST": "a number, as in `at most 20 per week`",
    "MATCH": "the value to tell cases by",
    "SPLIT": "`{` and the arms, as in `50% short { .. }`",
    "REPEAT": "`up to` and a number, as in `repeat up to 3 times every 7 days`",
    "CLEAR": "the property to clear",
    "ADD": "an amount, as in `add 1 to visits`, or `to segment` with its name",
    "REMOVE": "`from segment` with its name",
    "CREATE": "the object to create, such as `ticket`",
    "LINK": "the record to link",
    "UNLINK": "the record to unlink",
    "ASSIGN": "the property of a user, as in `assign owner round_robin team sales`",
    "SUBSCRIBE": "`to` and a topic",
    "UNSUBSCRIBE": "`from` and a topic, or `from all`",
    "BECAUSE": "the reason in quotes",
    "LOG": "`note` and its text",
    "NOTE": "its text in quotes",
    "SLACK": 'a channel in quotes, such as `"#leads"`',
    "WEBHOOK": "the name of the webhook in quotes",
    "GIVE": "a number of points",
    "TAKE": "a number of points",
    "FIX": "`when` and a condition",
    "REVIEW": "`when` and a condition",
    "SAY": "a text in quotes",
    "ASK": "a name for the answer, then the question in quotes",
    "ARROW": "the property that takes the answer",
    "FELL": "`by` and a number",
    "ROSE": "`by` and a number",
    "MATCHES": "a pattern in quotes",
    "EVER": "a value, or `in segment` with its name",
    "HALF": "`every` and a duration",
    "PER": "a time such as `week`",
    "SNIPPET": 'its shortcut in quotes, such as `"#sig"`',
    "TEST": "what it shows, in quotes",
    "CLOCK_AT": "a date and time, as in `2026-03-02 10:00`",
    "GIVEN": "an object and a name, as in `given contact ann`, or the name of a record",
    "EXPECT": "the name of a record, `task`, `no task`, `slack`, `report` and the like, or `nothing else`",
    "RECEIVES": "the name of a template",
    "NOTHING": "`else`",
    "ENROLLS": "`in` and a sequence or workflow",
    "REMINDED": "a date, or a date and time",
    "LINKED": "`to` and another record",
    "EACH": "a name, as in `for each plan in [trial, free]`",
}


def expected(before: Token | None, accepted: Set[str], spelling: Mapping[str, str]) -> str:
    """A phrase for what could have come after `before`; empty where a list would help nobody."""
    says_more = before is not None and before.type in _AFTER and (before.type != "IN" or "LSQB" in accepted)
    if before is not None and says_more and not (before.type in accepted and len(accepted) > 12):
        return _AFTER[before.type]
    phrases = _groups(accepted)
    accepted = accepted - {"DOT", "LPAR"} or accepted
    if not phrases and len(accepted) <= 3:
        phrases = [_SORTS.get(t, f"`{spelling.get(t, t)}`") for t in sorted(accepted)]
    return " or ".join(phrases[:3])


def _groups(accepted: Set[str]) -> list[str]:
    if "RECEIVES" in accepted:
        return ["`receives`, `does not receive`, `finished` and the like, or `{`"]
    if "ENROLLS" in accepted:
        return ["an event, `enrolls in`, or `saves`, `submits` and the like"]
    if accepted == _AFTER_EXPECT_NOT:
        return ["`in`, `notified`, `created`, `linked to` or `subscribed to`"]
    if accepted == _AFTER_EXPECT_NO:
        return ["`task`, `slack`, `webhook` or `note`"]
    if accepted == {"PER"}:
        return ["`per` and a time, such as `per week`"]
    if accepted >= _CONDITION:
        return ["a condition"]
    accepted = accepted - {"DOT", "LPAR"} or accepted  # a longer name is never what is missing
    if accepted >= _DECLARATION:
        return ["a declaration such as `segment`, `sequence`, `workflow` or `template`"]
    if accepted >= _VALUE:
        return ["a value"]
    if accepted >= _COMPARISON and accepted >= _STATEMENT:
        return ["a statement"]
    joins = "`and`, `or` or a comparison such as `=`"
    found = [joins if "AND" in accepted else "a comparison such as `=`"] if accepted >= _COMPARISON else []
    found += ["`,` or `]`"] if accepted >= {"COMMA", "RSQB"} else []
    found += ["`and` or `or`"] if "AND" in accepted and not found else []
    found += ["a statement"] if accepted >= _STATEMENT and "RBRACE" in accepted and not found else []
    found += ["a setting: a name and `:`"] if accepted == {"NAME", "RBRACE"} else []
    found += ["`=`"] if "EQ" in accepted and not found else []
    found += ["`{`"] if "LBRACE" in accepted else []
    found += ["`)`"] if "RPAR" in accepted else []
    return found


def shown(token: Token) -> str:
    """A token as a message names it."""
    if token.type == "$END":
        return "the end of the file"
    if token.type == "TEXT":
        return "this text"
    if token.type == STRAY and not token.text.isprintable():
        return f"U+{ord(token.text[0]):04X}"
    return f"`{token.text if len(token.text) <= 30 else token.text[:29] + '…'}`"
