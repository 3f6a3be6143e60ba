"""Names of time zones: which there are, and which was meant. Apart from what reads YAML, which is slow to load."""

from __future__ import annotations

from ..diagnostics import closest


def zone_meant(name: str) -> tuple[bool, str | None]:
    """Whether the time zone data have it, and if not, what was most likely meant."""
    from zoneinfo import ZoneInfo  # it looks for the time zone data when it is loaded

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder, such as `Asia`
        return False, _zone_meant(name)
    return True, None


def _zone_meant(name: str) -> str | None:
    """`asia/tokio` is near to Asia/Tokyo, `Tokyo` is its last part. For JST or Europe every guess would be wrong."""
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    last = {zone.rsplit("/", 1)[-1].casefold(): zone for zone in reversed(zones) if "/" in zone}
    word = name.strip().replace(" ", "_")
    if word.casefold() in last:
        return last[word.casefold()]
    if len(word) <= 4 or any(zone.startswith(f"{word}/") for zone in zones):
        return None
    return closest(word, zones) or last.get(closest(word, last) or "")
