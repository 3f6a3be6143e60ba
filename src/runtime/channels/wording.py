"""The few words of our own that stand in a mail, in the account's language; English where we do not know it."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    yes: str
    no: str
    unsubscribe: str


_WORDS = {
    "cs": Words("ano", "ne", "Odhlásit odběr"),
    "de": Words("ja", "nein", "Abmelden"),
    "en": Words("yes", "no", "Unsubscribe"),
    "es": Words("sí", "no", "Darse de baja"),
    "fr": Words("oui", "non", "Se désabonner"),
    "it": Words("sì", "no", "Annulla l'iscrizione"),
    "ja": Words("はい", "いいえ", "配信停止"),
    "nl": Words("ja", "nee", "Afmelden"),
    "pl": Words("tak", "nie", "Wypisz się"),
    "pt": Words("sim", "não", "Cancelar a inscrição"),
}


def words(locale: str) -> Words:
    """The words of `ja`, `pl-PL`, .."""
    return _WORDS.get(locale[:2].lower(), _WORDS["en"])
