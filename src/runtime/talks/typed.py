"""What somebody typed as an answer, as a value of its question's type: numbers, dates and words in the account's
locale, and in the plain form that scripts write."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dsl.diagnostics.suggest import perhaps
from dsl.schema import minor_digits
from dsl.schema.model import Kind, Project, Type

from ..channels.values import locale_of
from ..channels.wording import words
from ..errors import InvalidInput
from ..store.names import folded
from ..store.values import Storage, encode_value
from ..times.zones import FIRST_DAY, LAST_DAY, epoch_day, to_datetime

_NUMBERS = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY)
_USERS = 8  # named in an example
_SHOWN = 40  # characters of a wrong answer in its message
_QUOTED = re.compile("`([^`]*)`")


@dataclass(frozen=True, slots=True)
class Reader:
    """`users`: whom an answer of type user may name."""

    locale: str
    zone: str
    currency: str
    users: Collection[str]

    @classmethod
    def of(cls, project: Project, users: Collection[str]) -> Reader:
        account = project.account
        return cls(account.locale, account.time_zone, account.currency, users)

    def __call__(self, type_: Type, raw: object) -> Storage:
        """The value as the store keeps it; None for nothing. Raises InvalidInput with words for who typed it."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        try:
            if isinstance(raw, str):
                return self._typed(type_, _whole(raw))
            return self._given(type_, raw)
        except ValueError as error:
            message = _QUOTED.sub(lambda quoted: f"`{short(quoted[1])}`", str(error))
            raise InvalidInput(message, self.example(type_)) from None

    def example(self, type_: Type) -> str:
        """How an answer of that type is written."""
        match type_.kind:
            case Kind.MONEY:
                return f"write an amount in {type_.currency or self.currency}, such as 1250"
            case Kind.NUMBER | Kind.PERCENT:
                return "write a number, such as 12.5"
            case Kind.DATE:
                return "write a day as 2026-03-31"
            case Kind.DATETIME:
                return 'write a moment as "2026-03-31 09:00"'
            case Kind.BOOL:
                return "write yes or no"
            case Kind.CHOICE:
                return f"choose one of {', '.join(type_.options)}"
            case Kind.MULTI_CHOICE:
                return f"choose of {', '.join(type_.options)}; several with a comma between"
            case Kind.USER:
                some = sorted(self.users)
                return f"name a user: {', '.join(some[:_USERS])}{', ..' if len(some) > _USERS else ''}"
        return ""

    def options(self, type_: Type) -> tuple[str, ...]:
        """All answers of that type, as one types them; none where there is no end to them."""
        match type_.kind:
            case Kind.BOOL:
                return ("yes", "no")
            case Kind.USER:
                return tuple(sorted(self.users))
        return type_.options

    def typed(self, type_: Type, value: Storage) -> str:
        """The text that is read as that value; "" of nothing."""
        if value is None:
            return ""
        match type_.kind:
            case Kind.MONEY:
                digits = minor_digits(type_.currency or self.currency)
                return self._spelt(f"{Decimal(int(value)).scaleb(-digits):.{digits}f}")
            case Kind.NUMBER | Kind.PERCENT:
                return self._spelt(f"{Decimal(str(value)):f}")
            case Kind.BOOL:
                return "yes" if value else "no"
            case Kind.DATETIME:
                return to_datetime(int(value), self.zone).isoformat(" ")
            case Kind.MULTI_CHOICE:
                return str(value).strip(";").replace(";", ", ")
        return str(value)

    def _spelt(self, number: str) -> str:
        """With the locale's point: what scripts write may be a group of thousands there."""
        from babel.numbers import get_decimal_symbol

        return number.replace(".", get_decimal_symbol(locale_of(self.locale)))

    # --- a value of a script, from JSON -----------------------------------------------------------

    def _given(self, type_: Type, raw: object) -> Storage:
        kind = type_.kind
        fits = isinstance(raw, int | float) and not isinstance(raw, bool) if kind in _NUMBERS else True
        if kind is Kind.BOOL:
            fits = isinstance(raw, bool)
        elif kind is Kind.MULTI_CHOICE:
            fits = isinstance(raw, list) and all(isinstance(one, str) for one in raw)
        elif kind not in _NUMBERS:
            fits = False  # everything else is written as text
        if not fits:
            raise ValueError(f"`{short(raw)}` is no {_called(type_)}")
        return self._amount(type_, Decimal(str(raw))) if kind is Kind.MONEY else encode_value(type_, raw, self.zone)

    # --- text -------------------------------------------------------------------------------------

    def _typed(self, type_: Type, raw: str) -> Storage:
        text = raw.strip()
        match type_.kind:
            case Kind.TEXT:
                return encode_value(type_, text)
            case Kind.NUMBER:
                return encode_value(type_, self._decimal(type_, text))
            case Kind.PERCENT:
                return encode_value(type_, self._decimal(type_, text.rstrip("%％ ")))
            case Kind.MONEY:
                return self._amount(type_, self._decimal(type_, self._bare(type_, text)))
            case Kind.DATE:
                return self._day(text)
            case Kind.DATETIME:
                return self._moment(text)
            case Kind.BOOL:
                return self._truth(text)
            case Kind.CHOICE:
                return encode_value(type_, self._option(type_, text))
            case Kind.MULTI_CHOICE:
                several = text.replace("、", ",").replace(";", ",").split(",")
                return encode_value(type_, [self._option(type_, one.strip()) for one in several if one.strip()])
            case Kind.USER:
                return self._user(text)
        return encode_value(type_, text, self.zone)

    def _decimal(self, type_: Type, text: str) -> Decimal:
        """As the locale writes numbers, else as scripts do."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        plain = unicodedata.normalize("NFKC", text).strip().replace("’", "'").replace("\u2212", "-")
        locale = locale_of(self.locale)
        point, group = (unicodedata.normalize("NFKC", one(locale)) for one in (get_decimal_symbol, get_group_symbol))
        grouped = re.escape(group.replace("’", "'"))
        theirs = rf"[+-]?(\d+|\d{{1,3}}({grouped}\d{{2,3}})*{grouped}\d{{3}})({re.escape(point)}\d+)?"
        if re.fullmatch(theirs, plain, re.ASCII):
            return Decimal(re.sub(grouped, "", plain).replace(point, "."))
        if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain, re.ASCII):
            return Decimal(plain)
        raise ValueError(f"`{short(text)}` is no {_called(type_)}")

    def _bare(self, type_: Type, text: str) -> str:
        """Without the currency, which is written before or after the number, by its code, its sign or its name."""
        from babel.numbers import get_currency_name, get_currency_symbol

        currency, locale = type_.currency or self.currency, locale_of(self.locale)
        plain = unicodedata.normalize("NFKC", text).strip()
        signs = {currency, get_currency_symbol(currency, locale=locale), get_currency_symbol(currency)}
        signs |= {get_currency_name(currency, count=n, locale=locale) for n in (1, 2, 5)}  # 円, Euro, złotych polskich
        for sign in (unicodedata.normalize("NFKC", one) for one in signs):
            plain = plain.removeprefix(sign).removesuffix(sign).strip()
        return plain

    def _amount(self, type_: Type, amount: Decimal) -> Storage:
        currency = type_.currency or self.currency
        digits = minor_digits(currency)
        units = encode_value(type_, amount)
        if units != amount.scaleb(digits):
            most = f"at most {digits} decimals" if digits else "no decimals"
            raise ValueError(f"`{amount}` is no amount in {currency}, which has {most}")
        return units

    def _day(self, text: str) -> Storage:
        """ISO, else the locale's own order of day, month and year."""
        from babel.dates import parse_date

        plain = unicodedata.normalize("NFKC", text)
        try:
            day = date.fromisoformat(plain)
        except ValueError:
            try:
                day = parse_date(plain, locale=locale_of(self.locale), format="short")
            except (ValueError, IndexError, AttributeError):
                raise ValueError(f"`{short(text)}` is no day") from None
        return _told_apart(day, text).isoformat()

    def _moment(self, text: str) -> Storage:
        at = encode_value(Type(Kind.DATETIME), text, self.zone)
        _told_apart(datetime.fromisoformat(text), text)
        return at

    def _truth(self, text: str) -> bool:
        spoken = words(self.locale)
        for word, truth in ((spoken.yes, True), (spoken.no, False)):
            if folded(text) == folded(word):
                return truth
        return bool(encode_value(Type(Kind.BOOL), text))

    def _option(self, type_: Type, text: str) -> str:
        """As written, or with other case, width or composition (a letter beside its accent) where there is no doubt."""
        same = [option for option in type_.options if folded(option) == folded(text)]
        return text if text in type_.options or len(same) != 1 else same[0]

    def _user(self, text: str) -> str:
        name = unicodedata.normalize("NFC", text)
        if name in self.users:
            return name
        meant = perhaps(text, sorted(self.users))
        raise ValueError(f"there is no user `{short(text)}`" + (f"; {meant}" if meant else ""))


def _whole(text: str) -> str:
    """INVARIANT: what is kept can be written as UTF-8; half of a pair, as JSON may escape it, cannot."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("the text holds half a character, which UTF-8 cannot write")
    return text


def _told_apart(day: date, text: str) -> date:
    """A day that the engine's calendar has: beyond its ends (`times.zones`) all days are one."""
    if not FIRST_DAY <= epoch_day(day) <= LAST_DAY:
        raise ValueError(f"`{text}` lies outside of the years 2 to 9998")
    return day


def _called(type_: Type) -> str:
    match type_.kind:
        case Kind.MONEY:
            return f"amount in {type_.currency}" if type_.currency else "amount"
        case Kind.BOOL:
            return "yes or no"
        case Kind.MULTI_CHOICE:
            return "list of choices"
    return {Kind.PERCENT: "per cent", Kind.DATE: "day", Kind.DATETIME: "moment"}.get(type_.kind, str(type_.kind.value))


def short(raw: object) -> str:
    """An answer as a message shows it: its beginning, what is no text as JSON."""
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + ".."
