"""Broadcasts: one mail to many, each person once (L14, X8, X24)."""

from __future__ import annotations

from typing import cast

from ...program.others import Broadcast
from ...syntax import nodes
from ...values import replace as changed
from ..bodies import Effects
from ..findings import Findings
from ..placed import Placed
from ..records_printed import may_send
from ..scope import Declared, Names, Scope
from ..values_of_settings import condition, wrong
from .checked import CheckedOther, Mailing, label_of, mailing_of
from .settings import name_of, read_settings


def check_broadcast(names: Names, findings: Findings, node: nodes.SettingsOnly) -> CheckedOther:
    """The compiled broadcast, or None in its place after a finding."""
    contact = names.schema.objects.get("contact")
    if contact is None:
        return CheckedOther(node, None)
    scope = Scope(names, findings, contact)
    read = read_settings(scope, "broadcast", node.name, node.settings, READERS, ("to", "send"), bool(node.unread))
    to, template = cast("Placed | None", read.get("to")), cast("Declared | None", read.get("send"))
    effects, fits = Effects(), False
    if template is not None:
        at = read.written["send"].value.span
        effects.sends.append((template.name, at))
        fits = may_send(scope, template, at)
    mailing = Mailing(tuple(effects.sends))
    if to is not None:
        asked = mailing_of(names, effects, (to,))
        mailing = changed(asked, to=(to,), advice="add `and subscribed to {topic}` to `to:`")
    if not read.whole or to is None or template is None or not fits:
        return CheckedOther(node, None, mailing)
    suppress, moment = cast("Placed | None", read.get("suppress")), cast("str | None", read.get("at"))
    broadcast = Broadcast(
        node.name.text,
        label_of(node),
        to.condition,
        template.name,
        suppress.condition if suppress else None,
        moment,
        node.name.span,
    )
    return CheckedOther(node, broadcast, mailing)


def _template(scope: Scope, setting: nodes.Setting) -> Declared | None:
    return name_of(scope, setting, setting.value, "template")


def _moment(scope: Scope, setting: nodes.Setting) -> str | None:
    """A day and a time on the account's clock."""
    value = setting.value
    if isinstance(value, nodes.DateTime):
        return value.value
    example = f"{value.value} 10:00" if isinstance(value, nodes.Date) else "2026-04-01 10:00"
    wrong(scope, setting, "a day and a time", example)
    return None


READERS = {"to": condition, "suppress": condition, "send": _template, "at": _moment}
