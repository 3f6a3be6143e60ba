"""What can go wrong outside our own code, in one small tree. A bug is never one of these.

SegueError
    StoreError          the store cannot be used
        StoreBusy       another process has it
        LeaseLost       another worker has taken over; this one must end
        SchemaMismatch  its tables are not those of the schema; `segue migrate` helps
    ChannelError        a channel cannot take or publish messages
    CalendarError       a time cannot be computed
        UnknownCalendar a country the holiday library does not know
        NeverOpen       window, calendar and quiet hours leave no instant open
    UnknownName         no definition, record or user of that name
    NotAllowed          the role of who acts does not allow it
    ConfirmNeeded       a step that must be confirmed by its name (X1)
    InvalidInput        a value from outside (an argument, a file) makes no sense
        BlankValue      a merge field without a fallback has nothing to print; nothing is sent (S26)
        BadAddress      no mail can be sent to or from that address
"""

# ruff: noqa: N818 - the names say what is the matter, as people read them
from __future__ import annotations


class SegueError(Exception):
    """`str()` is one sentence in plain words; `hint` says what to do, if we know.
    The command line ends with `exit_code`."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class StoreError(SegueError):
    pass


class StoreBusy(StoreError):
    pass


class LeaseLost(StoreError):
    pass


class SchemaMismatch(StoreError):
    pass


class ChannelError(SegueError):
    pass


class CalendarError(SegueError, ValueError):
    pass


class UnknownCalendar(CalendarError):
    pass


class NeverOpen(CalendarError):
    pass


class UnknownName(SegueError, LookupError):
    pass


class NotAllowed(SegueError):
    pass


class ConfirmNeeded(SegueError):
    pass


class InvalidInput(SegueError, ValueError):
    pass


class BlankValue(InvalidInput):
    pass


class BadAddress(InvalidInput):
    pass
