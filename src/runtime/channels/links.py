"""Links to where surveys and forms are answered: pages that are somebody else's, named in segue.yaml (X36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SurveyLinks:
    """`survey_url` holds `{token}` and may hold `{survey}`; `form_url` holds `{form}`. Where one is not set,
    a mail asks for a mail to its sender instead."""

    survey_url: str | None = None
    form_url: str | None = None

    @classmethod
    def of(cls, channel: Mapping[str, object]) -> SurveyLinks:
        """From `channels.email` of segue.yaml."""
        survey, form = channel.get("survey_url"), channel.get("form_url")
        return cls(str(survey) if survey else None, str(form) if form else None)

    def survey(self, name: str, token: str, sender: str | None = None) -> str | None:
        """`sender`: an address that answers may go to. Names are words of the language, which may be Japanese."""
        if self.survey_url is None:
            return f"mailto:{sender}?subject={_quoted(f'{name} {token}')}" if sender is not None else None
        return self.survey_url.replace("{survey}", _quoted(name)).replace("{token}", token)

    def form(self, name: str, sender: str) -> str:
        if self.form_url is None:
            return f"mailto:{sender}?subject={_quoted(name)}"
        return self.form_url.replace("{form}", _quoted(name))


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
