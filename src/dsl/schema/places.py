"""Time zones, locales, countries: are there such?"""

from __future__ import annotations

from ..diagnostics import did_you_mean
from .codes_of_the_world import COUNTRIES
from .problems import guess, replacement
from .reading import Reading
from .yaml_positions import Path
from .zones import zone_meant


def check_zone(name: str, path: Path, reading: Reading) -> str | None:
    """The zone's name if the time zone data have it, else None and a diagnostic."""
    known, meant = zone_meant(name)
    if not known:
        span = reading.at(*path)
        help = f"did you mean `{meant}`?" if meant else "write a name such as Asia/Tokyo or Europe/Warsaw"
        fix = guess(span, meant)
        reading.problems.error("unknown-time-zone", f"there is no time zone `{name}`", span, help=help, fix=fix)
        return None
    return name


def check_locale(name: str, path: Path, reading: Reading) -> str:
    """The locale as written if dates and numbers can be printed in it, else `en` and a diagnostic."""
    if name == "en":  # the default need not load babel
        return name
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError, TypeError):
        help = "write a language such as en, ja or pt_BR"
        reading.problems.error("unknown-locale", f"there is no locale `{name}`", reading.at(*path), help=help)
        return "en"
    return name


def check_country(name: str, path: Path, reading: Reading) -> str | None:
    """The country's ISO code if its public holidays are known, else None and a diagnostic."""
    if name in COUNTRIES:
        return name
    span, upper = reading.at(*path), name.upper()
    meant = upper if upper in COUNTRIES else None
    help = f"did you mean `{meant}`?" if meant else "write the two letters of ISO 3166, such as JP, DE or US"
    fix = replacement(span, meant) if meant else None
    message = f"no public holidays are known for country `{name}`"
    reading.problems.error("unknown-country", message, span, help=help, fix=fix)
    return meant


def check_subdivision(name: str, country: str, path: Path, reading: Reading) -> str | None:
    """A state or province of the country, as the library `holidays` names it; loaded only where one is written."""
    import holidays  # its list of all countries would load every one of them: a tenth of a second

    known = list(getattr(holidays, country).subdivisions)
    if name in known:
        return name
    help = did_you_mean(name, known, most=60) or f"{country} has none with holidays of its own"
    message = f"{country} has no subdivision `{name}`"
    reading.problems.error("unknown-subdivision", message, reading.at(*path), help=help)
    return None
