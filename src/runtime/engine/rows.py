"""SQL of rows that several phases write or join: said once, so that it is the same everywhere."""

from __future__ import annotations

from dsl.program.blocks import Notify, Send, SendTo, Slack, Task, WaitClock, WaitDate

from ..store.inbox import InboxRow

# A row of the step log; its values follow as VALUES or SELECT.
STEP = "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
# A row of the inbox, likewise.
TO_INBOX = f"INSERT INTO segue_inbox ({', '.join(InboxRow._fields)})"
# What an enrollment keeps of a step that is done.
STEPPED = "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label"
# A row of the outbox `o`, and the row `q` of a work table that is about it.
SAME = "o.bucket = q.bucket AND o.enrollment_id = q.enrollment_id AND o.ordinal = q.ordinal"
# An enrollment `e` that has not ended.
OPEN = "e.ended_at IS NULL"
# Blocks at which a moment of the clock is waited for, a date, or the hour at which people may be reached: no delay, and
# looked at anew whenever it is reached. `began_at` is set once that wait has begun.
LOOKS = WaitClock | WaitDate | Send | SendTo | Task | Notify | Slack
