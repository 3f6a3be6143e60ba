"""The rules of the category delivery, in the order of their aliases."""

from __future__ import annotations

from . import more_than_ten_automated_mails

RULES = (more_than_ten_automated_mails.RULE,)
