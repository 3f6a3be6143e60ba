"""The demo's firms are nobody's."""

from __future__ import annotations

import pytest
from mimesis import Finance
from mimesis.locales import Locale

from runtime.demo.names import Names


@pytest.mark.parametrize(("language", "locale"), [("en", Locale.EN_GB), ("pl", Locale.PL), ("ja", Locale.JA)])
def test_no_firm_of_the_real_world_and_none_twice(language: str, locale: Locale) -> None:
    names, finance = Names(7), Finance(locale, seed=7)
    made = [names.company(language) for _ in range(400)]
    assert len(set(made)) == 400
    assert not {finance.company() for _ in range(2000)} & set(made)
