"""Limits: how many at once, how late, how often, and when not (X1, X16, X25, X28)."""

from __future__ import annotations

from .model import FrequencyCap, Limits, Retention
from .reading import Reading
from .shape_of_project import FrequencyCapShape, LimitsShape, RetentionShape
from .written_times import calendar_length, day_span, hours


def read_limits(shape: LimitsShape, reading: Reading) -> Limits:
    """The limits with spans of time in hours and quiet hours in minutes of the day."""
    late = hours(shape.late)
    if late is None:
        _tell_length(shape.late, "24 hours", ("limits", "late"), reading)
    quiet = None
    if shape.quiet_hours is not None and (quiet := day_span(shape.quiet_hours)) is None:
        message = f"`{shape.quiet_hours}` is no span of the day"
        span = reading.at("limits", "quiet_hours")
        reading.problems.error("wrong-value", message, span, help="write it as 21:00-08:00")
    return Limits(
        shape.enroll_at_once,
        shape.enrollments_per_record_per_hour,
        Limits().late_hours if late is None else late,
        _cap(shape.frequency_cap, reading) if shape.frequency_cap else None,
        quiet,
        shape.max_sequences,
    )


def read_retention(shape: RetentionShape, reading: Reading) -> Retention:
    """How long what is over is kept, in whole days of the calendar."""
    lengths = {}
    for name, written in (("events", shape.events), ("outbox", shape.outbox)):
        lengths[name] = None if written is None else calendar_length(written)
        if written is not None and lengths[name] is None:
            _tell_length(written, "2 years", ("retention", name), reading)
    return Retention(**lengths)


def _cap(shape: FrequencyCapShape, reading: Reading) -> FrequencyCap | None:
    length = hours(shape.within)
    if length is None or length == 0 or length % 24:
        _tell_length(shape.within, "7 days", ("limits", "frequency_cap", "within"), reading)
        return None
    return FrequencyCap(shape.at_most, length // 24, shape.over, shape.when_reached, tuple(shape.except_))


def _tell_length(written: str, example: str, path: tuple[str, ...], reading: Reading) -> None:
    message, help = f"`{written}` is no span of time that fits here", f"write it as {example}"
    reading.problems.error("wrong-value", message, reading.at(*path), help=help)
