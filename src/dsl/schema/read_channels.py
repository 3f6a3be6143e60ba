"""Channels: where mails, Slack messages and webhook calls go. Secrets stay in the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .reading import Reading
from .shape_of_project import ChannelsShape, MailShape, SecretShape

Channels = dict[str, Mapping[str, object]]

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NEEDS = {"maildir": ("path",), "smtp": ("host",)}
_ALWAYS = ("address", "domain", "unsubscribe", "survey_url", "form_url", "limits")
_HOLDS = {"survey_url": "token", "form_url": "form"}  # what makes the address the reader's own, or the form's
_PAGE = re.compile(r"https?://[!#-;=?-~]+")
_TAKES = {
    "maildir": ("path", *_ALWAYS),
    "smtp": ("host", "port", "security", "user", "password", "senders", *_ALWAYS),
}


def read_channels(shape: ChannelsShape, reading: Reading) -> Channels:
    """The channels as plain mappings: `email` with its kind and settings; `slack` and `webhook` by name."""
    channels: Channels = {}
    if shape.email is not None:
        channels["email"] = _mail(shape.email, reading)
    for kind, entries in (("slack", shape.slack), ("webhook", shape.webhook)):
        if entries:
            channels[kind] = {name: _secret(kind, name, entry, reading) for name, entry in entries.items()}
    return channels


def _mail(shape: MailShape, reading: Reading) -> Mapping[str, object]:
    path = ("channels", "email")
    written = shape.model_dump(exclude={"kind"}, exclude_none=True)
    for setting in _NEEDS[shape.kind]:
        if setting not in written:
            message, help = f"`kind: {shape.kind}` needs `{setting}`", f"add `{setting}: ..`"
            reading.problems.error("missing-key", message, reading.at(*path, "kind"), help=help)
    for setting in written:
        if setting not in _TAKES[shape.kind]:
            message = f"`{setting}` is no setting of `kind: {shape.kind}`"
            reading.problems.error("wrong-setting", message, reading.key(*path, setting))
    if "password" in written and not _is_env(written["password"]):
        message = "a password does not belong into this file"
        help = "write `{env: NAME}`, the environment variable that holds it"
        reading.problems.error("secret-in-file", message, reading.at(*path, "password"), help=help)
        written.pop("password")
    for setting, field in _HOLDS.items():
        if setting in written and not (_PAGE.fullmatch(str(written[setting])) and f"{{{field}}}" in written[setting]):
            message = f"`{setting}` is an address that holds `{{{field}}}`"
            help = f"write it as https://example.com/{{{field}}}"
            reading.problems.error("wrong-value", message, reading.at(*path, setting), help=help)
    for domain in shape.limits.provider if shape.limits is not None else ():
        if "@" in domain or "." not in domain:
            message = f"`{domain}` is no domain of addresses"
            span = reading.key(*path, "limits", "provider", domain)
            reading.problems.error("wrong-value", message, span, help="write it as gmail.com")
    return {"kind": shape.kind, **written}


def _is_env(value: object) -> bool:
    match value:
        case {"env": str(name), **others}:
            return not others and bool(_ENV_NAME.match(name))
    return False


def _secret(kind: str, name: str, shape: SecretShape, reading: Reading) -> Mapping[str, str]:
    if not _ENV_NAME.match(shape.env):
        span = reading.at("channels", kind, name, "env")
        # Whoever writes the address itself here is about to commit a secret.
        reading.problems.error(
            "secret-in-file",
            "`env` takes the name of an environment variable",
            span,
            help="put the address into the environment, its variable's name here",
        )
    return {"env": shape.env}
