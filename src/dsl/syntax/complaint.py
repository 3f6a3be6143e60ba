"""Which message a place deserves where the parser cannot go on, and whether one missing sign explains it."""

from __future__ import annotations

from ..diagnostics.diagnostic import Diagnostic, FixKind
from ..diagnostics.suggest import closest
from . import wording
from .expectations import expected, shown
from .machine import Machine, Parser, fits
from .tokens import STRAY, Token
from .vocabulary import SETTINGS, STATEMENTS, words
from .words import RESERVED, starts_declaration, starts_setting, starts_statement

_NAMED_KINDS = words("SEGMENT SEQUENCE WORKFLOW TEMPLATE SCORE BROADCAST REPORT DASHBOARD HYGIENE PLAYBOOK FORM SURVEY")
# Settings whose name is an everyday word: without their `:` only where a line begins.
_EVERYDAY = words("where by to at text show send top sort target")
_SIGNS = {
    "COLON": ":",
    "OF": "of",
    "LBRACE": "{",
    "RPAR": ")",
    "RSQB": "]",
    "COMMA": ",",
    "BECAUSE": "because",
    "ARROW": "->",
}
_VALUE_PLACES = words("EQ EQEQ NE")
_COUNTING = words("more less exactly only once twice")
_OPERATORS = words("AND OR ELSE")
_BEGINS_TEST = words("NAME HAS NOT ANY NO EVERY IN COUNT SUM LAST FIRST SCORE")
# Words that ask for more behind them: where the line ends there, they are what is not finished.
_ASKING = words(
    "SEND WAIT UNTIL SET TASK NOTIFY EXIT ENROLL UNENROLL HAS NEVER IN WITHIN THAN SEGMENT SEQUENCE WORKFLOW TEMPLATE "
    "OF MATCH REPEAT CLEAR ADD REMOVE CREATE LINK UNLINK ASSIGN SUBSCRIBE UNSUBSCRIBE LOG NOTE SLACK WEBHOOK GIVE TAKE "
    "FIX REVIEW SAY ASK ARROW FELL ROSE MATCHES EVER HALF PER AND OR NOT IF WHEN EQ NE LT LE GT GE COLON TO FROM BY "
    "BETWEEN CONTAINS AT_LEAST TEST GIVEN EXPECT RECEIVES"
)
_STEPS = words("WAIT SEND EXIT EXPECT")  # one of them fits wherever steps, or lines of a test, may stand
_CLOSERS = words("RBRACE RPAR RSQB COMMA LBRACE")


class Complaints:
    """Looks at the parser where it stopped; changes nothing but the list of findings."""

    def __init__(self, engine: Machine, parser: Parser, tokens: list[Token], found: list[Diagnostic]) -> None:
        self._engine, self._states, self._parser = engine, engine.states, parser
        self._tokens, self._found = tokens, found
        self._surplus = -2  # where a brace last closed nothing
        self._braces: list[bool] = []
        self._known: dict[tuple[int, ...], set[str]] = {}  # what a place accepts, by its states
        self._explained: set[int] = set()  # tokens whose trouble was told at another place
        self._owed = 0  # braces said to be missing: as many blocks end too early

    def stray(self, at: int) -> None:
        """One message for characters that stand together."""
        token, before = self._tokens[at], self._tokens[at - 1] if at else None
        if before is None or before.type != STRAY or before.end != token.start:
            self._found.append(wording.stray(token.span, token.text))

    def surplus(self, token: Token, at: int) -> None:
        """One message for braces that stand one after the other."""
        if token.end > token.start and at != self._surplus + 1:
            self._found.append(wording.closes_nothing(token.span))
        self._surplus = at

    def missing_sign(self, token: Token, at: int) -> Token | None:
        """The one sign that would make `token` fit, already reported; None if none does."""
        for sign, text in _SIGNS.items():
            if fits(self._states, self._parser.state_stack, (sign, token.type)) and self._plausible(sign, token, at):
                where = self._tokens[at - 1]
                if sign not in ("RPAR", "RSQB"):
                    self._found.append(wording.missing_sign(token.span, text, shown(token)))
                return Token(sign, text, token.file, where.end, where.end, False)
        return None

    def swapped(self, token: Token, at: int) -> Token | None:
        """The sign that was meant: `sender = mia` for `sender: mia`, `set plan: paid` and `set plan to paid` for
        `set plan = paid`."""
        stack, before = self._parser.state_stack, self._tokens[at - 1] if at else None
        if before is None or token.type not in ("EQ", "EQEQ", "COLON", "TO"):
            return None
        if token.type == "TO" and (self._tokens[at + 1].first or "SET" not in self._kinds_of_line(at)):
            return None
        meant, text = ("EQ", "=") if token.type in ("COLON", "TO") else ("COLON", ":")
        if not fits(self._states, stack, (meant,)) or (meant == "COLON" and before.text not in SETTINGS):
            return None
        what = "a value is set by `=`" if meant == "EQ" else "a setting and its value are joined by `:`"
        self._found.append(wording.written_otherwise(token.span, what, text, FixKind.SAFE))
        return Token(meant, text, token.file, token.start, token.end, False)

    def _plausible(self, sign: str, token: Token, at: int) -> bool:
        before = self._tokens[at - 1]
        if sign == "COLON":
            begins = before.first or self._tokens[at - 2].type == "LBRACE"
            return before.text in SETTINGS and (begins or before.text not in _EVERYDAY)
        if sign == "COMMA":
            return token.type == "AT_MOST"
        if sign in ("BECAUSE", "ARROW"):
            return (token.type == "TEXT") if sign == "BECAUSE" else before.type == "NUMBER"
        if sign == "OF":
            known = "SEQUENCE" not in (t.type for t in self._tokens[max(0, at - 2) : at])
            after, head = self._tokens[at + 1], self._tokens[max(0, at - 3) : at]
            declares = any(t.type in _NAMED_KINDS and t.first for t in head)  # then it may be a name of two words
            return token.type == "NAME" and known and (not declares or after.type == "LBRACE" or after.first)
        if sign == "LBRACE":
            missing = self._closes_first(at)
            self._owed += missing
            return missing
        opened = self._unclosed(at, "LPAR" if sign == "RPAR" else "LSQB", sign)
        if opened is not None and token.end > token.start:
            self._found.append(wording.unclosed_parenthesis(opened.span, token.span, shown(token), _SIGNS[sign]))
        return opened is not None

    def _closes_first(self, at: int) -> bool:
        """Whether the next brace closes one, so that its opening brace is what is missing."""
        if not self._braces:  # one look at the whole file, not one for each mistake
            closes = False
            for token in reversed(self._tokens):
                if token.type in ("LBRACE", "RBRACE"):
                    closes = token.type == "RBRACE" and token.end > token.start
                self._braces.append(closes)
            self._braces.reverse()
        return self._braces[at]

    def _unclosed(self, at: int, opens: str, closes: str) -> Token | None:
        depth, i = 0, at
        while i and (depth < 1) and self._tokens[i - 1].type not in ("LBRACE", "RBRACE"):
            i -= 1
            depth += {opens: 1, closes: -1}.get(self._tokens[i].type, 0)
        return self._tokens[i] if depth == 1 and self._closing(at, opens, closes) is None else None

    def _closing(self, at: int, opens: str, closes: str) -> int | None:
        """Where a bracket open before `at` is closed after it."""
        depth = 1
        while self._tokens[at].type not in ("LBRACE", "RBRACE", "$END"):
            depth += {opens: 1, closes: -1}.get(self._tokens[at].type, 0)
            if depth == 0:
                return at
            at += 1
        return None

    def misspelt(self, token: Token, at: int) -> Token | None:
        """The word of the language that was meant, already reported, where all that follows it fits."""
        if token.type != "NAME" or len(token.text) < 3:
            return None
        accepted, spelling = self._accepted(self._parser.state_stack), self._engine.lexer.spelling
        near = closest(token.text, sorted(spelling[t] for t in accepted if t in spelling and spelling[t].isalpha()))
        kind = near.upper() if near else ""
        if not near or not fits(self._states, self._parser.state_stack, (kind, self._tokens[at + 1].type)):
            return None
        before = self._tokens[at - 1] if at else None
        phrase = expected(before, self._accepted(self._parser.stack), spelling)
        begins = "STATIC" in accepted
        said = wording.unknown_declaration(token.span, token.text) if begins else None
        self._found.append(said or wording.misspelt(token.span, shown(token), phrase, near))
        return Token(kind, near, token.file, token.start, token.end, token.first)  # read as it is spelt

    def unexpected(self, token: Token, at: int, resumed: tuple[int, str]) -> None:
        """Says what is wrong at `token`, unless it follows from what was said just before."""
        at_once = (at == resumed[0] + 1 and resumed[1] in _CLOSERS) or at in self._explained
        inserted = token.start == token.end and token.type == "RBRACE"
        if self._owed and (token.type == "$END" or starts_declaration(token, self._tokens[at + 1])):
            self._owed, at_once = self._owed - 1, True
        if not (at_once or inserted or self._round_block(token, at)):
            self._found.append(self._complaint(token, at))

    def _round_block(self, token: Token, at: int) -> bool:
        """`if vip (` and then a statement."""
        opened, closed = self._tokens[at - 1] if at else None, self._closing(at, "LPAR", "RPAR")
        if opened is None or closed is None or opened.type != "LPAR" or not starts_statement(token, "", ""):
            return False
        self._explained.add(closed)
        self._found.append(wording.round_block(opened.span, self._tokens[closed].span))
        return True

    def _complaint(self, token: Token, at: int) -> Diagnostic:
        before, after = self._tokens[at - 1] if at else None, self._tokens[min(at + 1, len(self._tokens) - 1)]
        sets, states = starts_setting(token, after.type), starts_statement(token, "", after.type)
        accepted = self._accepted(self._parser.state_stack if sets or states else self._parser.stack)
        if before is not None and accepted == {"COLON"} and before.text in STATEMENTS:
            return wording.step_without_place(before.span, before.text)
        if token.first and token.text in STATEMENTS and "RBRACE" in accepted and not accepted & (_STEPS | {"ASK"}):
            return wording.step_without_place(token.span, token.text)
        if before is not None and accepted == {"COLON"}:
            set_ = token.type in ("EQ", "EQEQ") and self._has_steps(at)
            return wording.unknown_statement(before.span, before.text, set_)
        if "STATIC" in accepted and token.text[:1].isalpha() and not states:
            return wording.unknown_declaration(token.span, token.text)
        unit = self._bad_unit(before, token, after, accepted) if not sets else None
        if unit is not None and (unit.type != "NAME" or starts_statement(unit, "", "")):
            number = before if before is not None and before.type == "NUMBER" else token
            return wording.no_unit(number.span, number.text)
        if unit is not None:
            return wording.bad_unit(unit.span, unit.text)
        help = "settings stand at the top of the declaration's body" if sets else self._advice(token, at)
        phrase = expected(before, accepted, self._engine.lexer.spelling)
        if before is not None and phrase and self._breaks_off(before, token, accepted):
            return wording.unfinished(before.span, shown(before), phrase)
        return wording.unexpected(token.span, shown(token), phrase, help)

    def _has_steps(self, at: int) -> bool:
        """Whether it is a sequence or workflow that stands here."""
        pairs = zip(reversed(self._tokens[: at - 1]), reversed(self._tokens[1:at]), strict=True)
        begins = next((token for token, after in pairs if starts_declaration(token, after)), None)
        return begins is not None and begins.type in ("SEQUENCE", "WORKFLOW")

    def _breaks_off(self, before: Token, token: Token, accepted: set[str]) -> bool:
        """Whether the line ends with a word that asks for more, or before a text that must come."""
        if token.first and accepted == {"TEXT"}:
            return True
        asks = before.type in _ASKING and self._parser.before == before.type
        return asks and before.end > before.start and (token.first or token.type in ("RBRACE", "$END"))

    def _advice(self, token: Token, at: int) -> str:
        """What to do, where the words before the place tell."""
        accepted = self._accepted(self._parser.stack)
        if token.type == "CHANGED" and "HAS" in accepted:
            return "`changed` stands behind a property: `stage changed within 30 days`"
        if token.type in RESERVED and "NAME" in accepted and token.type not in _OPERATORS:
            return f"`{token.text}` is a word of the language; choose another name"
        line = self._tokens[max(0, at - 6) : at]
        kinds = [t.type for t in line]
        form = self._advice_for_form(token, self._kinds_of_line(at)) or self._advice_for_joining(token, accepted)
        if form:
            return form
        if token.type == "LBRACE" and kinds[-2:-1] == ["OF"] and "STATIC" in kinds:
            return "a static segment has no condition: leave it out, or leave `static` out"
        if token.type not in ("LBRACE", "OF", "TEXT", "$END") and any(
            t.type in _NAMED_KINDS and t.first for t in line[-2:]
        ):
            return "a name is one word: letters, digits and `_`, a letter first; a label stands in quotes behind it"
        if token.type == "TEXT" and kinds[-1:] and kinds[-1] in _NAMED_KINDS:
            return "a name without quotes comes first, then the label"
        if token.type == "TEXT" and "LBRACE" in accepted and kinds[-2:-1] == ["OF"]:
            return f"a label stands right behind the name, before `of {line[-1].text}`"
        if token.type == "LBRACE" and kinds[-3 if kinds[-1:] == ["TEXT"] else -2 :][:1] and "OF" in accepted:
            return "say what it is about: `of contact`"
        if "HAS" in kinds and token.type == "AT_MOST":
            return "count them as a value: `count(clicked_email within 30 days) <= 2`"
        if "HAS" in kinds and (token.type in ("NUMBER", "AT") or token.text in _COUNTING):
            return "counts are written `at least 2 times`, behind the event and its filter"
        if "HAS" in kinds and token.type == "AT_LEAST":
            return "the count stands before the window: `at least 2 times within 30 days`"
        if "HAS" in kinds and token.type == "IN":
            return "a window is written `within 90 days`, a period of the calendar `last(purchased).at in this year`"
        if token.type in ("LT", "LE", "GT", "GE") and kinds[-1:] and kinds[-1] in ("AND", "OR"):
            return "each comparison names its property; a range is `between 1 and 5`"
        if "HAS" in kinds and token.text in ("where", "with", "when"):
            return "a filter stands in parentheses behind the event: `purchased(amount > 10 USD)`"
        if token.type == "NAME" and kinds[-1:] == ["NAME"] and kinds[-2:-1] and kinds[-2] in _VALUE_PLACES:
            return f'a value of several words stands in quotes: `"{line[-1].text} {token.text}"`'
        if "ASK" in accepted and token.type == "IF":
            return "a question that is asked only sometimes stands in `when .. { .. }`"
        if "ASK" in accepted and token.text in STATEMENTS:
            return "what is done with the answers stands in `on save { .. }` or `on submit { .. }`"
        spelling = self._engine.lexer.spelling
        near = closest(token.text, sorted(spelling[t] for t in accepted if t in spelling and spelling[t].isalpha()))
        return f"did you mean `{near}`?" if near and token.type == "NAME" and len(token.text) > 2 else ""

    def _kinds_of_line(self, at: int) -> list[str]:
        """The types of the tokens before `at` on its line, or on the line before where it stands first; six at most."""
        kinds: list[str] = []
        while at and len(kinds) < 6:
            at -= 1
            kinds.insert(0, self._tokens[at].type)
            if self._tokens[at].first:
                break
        return kinds

    @staticmethod
    def _advice_for_form(token: Token, kinds: list[str]) -> str:
        """How a form is written whose first word stands just before."""
        if token.type == "LBRACE" and kinds[-2:] == ["TEST", "TEXT"]:
            return "say which definitions are live: `of follow_up`"
        if token.type == "TEXT" and kinds[-2:] == ["SEND", "NAME"]:
            return "what a mail says stands in `template NAME { topic: .. subject: .. body: .. }`; then `send NAME`"
        if token.type == "TEXT" and ("RECEIVES" in kinds or "RECEIVE" in kinds):
            return f"of a mail a part of its words is asked for: write `contains {token.text}`"
        if "ASSIGN" in kinds:
            return "write `assign owner round_robin team sales`"
        if "EXPECT" in kinds and token.text in ("receive", "receives", "gets", "get", "to"):
            return "write `expect ann receives T` or `expect ann does not receive T`"
        if token.type == "LBRACE" and "GIVEN" in kinds:
            return "a record has an object and a name: `given contact ann { .. }`"
        if "SPLIT" in kinds and token.type == "NUMBER":
            return "a share is a percentage, and has a name: `50% short { .. }`"
        if token.type == "ZONE":
            return "write `contact`, `sender` or `account`" if kinds[-1:] == ["COLON"] else "write it in quotes"
        if token.type == "RBRACE" and "REVIEW" in kinds:
            return "a review ends with what is to be done, in quotes"
        if token.type == "ARROW" and kinds[-1:] == ["REQUIRED"]:
            return "`required` stands last, behind the property"
        if token.type in ("PLUS", "MINUS"):
            if kinds[-4:] == ["EVERY", "NAME", "ON", "NUMBER"]:
                return 'a day of each year is written as cron does: `every "0 9 1 12 *"` is 1 December, 09:00'
            if "SET" in kinds:
                return "nothing is computed here; a number grows by `add 1 to visits`, a date is `14 days from now`"
            return "nothing is computed here; time is told by `within 7 days`, `within next 7 days` and the like"
        if token.type in ("AND", "OR") and "EVERY" in kinds and kinds[-1:] == ["CLOCK"]:
            return "a schedule stands alone; who is meant stands under `only:`"
        return ""

    @staticmethod
    def _advice_for_joining(token: Token, accepted: set[str]) -> str:
        """For signs and words that join, or that stand outside of what they belong to."""
        if token.type == "ELSE":
            return "`else` stands right behind the `}` of an `if`, or behind a `wait until`"
        if "STATIC" in accepted and token.text in STATEMENTS:
            return "statements stand inside a `sequence` or a `workflow`"
        if "AND" in accepted and (token.type == "COMMA" or (token.first and token.type in _BEGINS_TEST)):
            return "conditions are joined by `and` or `or`"
        return ""

    def _accepted(self, stack: list[int]) -> set[str]:
        found = self._known.get(tuple(stack))
        if found is None:
            fitting = {t for t in self._states[stack[-1]] if t.isupper() and fits(self._states, stack, (t,))}
            found = self._known[tuple(stack)] = fitting - {"ERROR", "EQEQ"}
        return found

    @staticmethod
    def _bad_unit(before: Token | None, token: Token, after: Token, accepted: set[str]) -> Token | None:
        """The word that stands where a unit of time or money should."""
        if len(accepted) == 1:
            return None
        if token.type == "NUMBER" and "DURATION" in accepted and after.text[:1].isalpha():
            return after
        return token if before is not None and before.type == "NUMBER" and token.type == "NAME" else None
