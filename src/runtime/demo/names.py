"""Names in three languages, mimesis', from a seed."""

from __future__ import annotations

from mimesis import Finance, Person
from mimesis.locales import Locale

_LOCALES = {"en": Locale.EN_GB, "pl": Locale.PL, "ja": Locale.JA}


class Names:
    """The n-th name asked for is always the same."""

    def __init__(self, seed: int) -> None:
        self._people = {language: Person(locale, seed=seed) for language, locale in _LOCALES.items()}
        self._firms = {language: Finance(locale, seed=seed) for language, locale in _LOCALES.items()}

    def person(self, language: str) -> tuple[str, str]:
        """First and last name."""
        people = self._people[language]
        return people.first_name(), people.last_name()

    def company(self, language: str) -> str:
        return self._firms[language].company()
