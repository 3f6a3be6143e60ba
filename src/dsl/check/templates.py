"""Templates: topic, subject, body, merge fields, link tags (M, X36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..program.blocks import Text
from ..program.definitions import Template
from ..schema.model import EventKind
from ..syntax import nodes
from .findings import Findings, listing
from .link_tags import template_links
from .membership import unknown_topic
from .records_printed import printed_by, record_printed
from .scope import Names, Scope
from .settings import lacking, unique_settings
from .texts import merge_text

SETTINGS = ("topic", "subject", "body")


def topics_of(templates: Sequence[nodes.Template]) -> dict[str, str]:
    """The topic each template names, right or wrong, for the guards of those who send it (X9)."""
    found = {}
    for node in templates:
        for setting in node.settings:
            if setting.name == "topic" and isinstance(setting.value, nodes.Path):
                found[node.name.text] = setting.value.text
    return found


def check_template(
    names: Names, findings: Findings, node: nodes.Template, trigger: tuple[EventKind, ...] | None
) -> Template | None:
    """The compiled template; None after a finding. `trigger`: the events behind every definition that sends it."""
    subject = names.schema.objects.get("contact")
    settings = unique_settings(findings, node.settings, SETTINGS)
    missing = [] if node.unread else lacking(node.settings, SETTINGS, SETTINGS)
    if missing:
        message = f"the template `{node.name.text}` has no `{missing[0]}`"
        needs = f"needs {' and '.join(f'`{m}`' for m in missing)}"
        findings.error("missing-setting", node.name.span, message, needs, help=_what_it_lacks(names, missing))
    if subject is None:
        return None
    one = record_printed(names.schema, printed_by(node))
    record = names.schema.objects[one.root] if one is not None else None
    scope = Scope(names, findings, subject, trigger=trigger, template=True, record=record)
    topic = _topic(scope, settings)
    subject_line, body = (_text(scope, settings, name) for name in ("subject", "body"))
    links = None
    if (written := settings.get("body")) is not None and isinstance(written.value, nodes.Text):
        links = template_links(written.value, dict(names.schema.link_tags), findings)
    if topic is None or subject_line is None or body is None or links is None:
        return None
    label = node.label.value if node.label else ""
    return Template(node.name.text, label, topic, subject_line, body, links, node.name.span, one.root if one else "")


def _what_it_lacks(names: Names, missing: Sequence[str]) -> str:
    topics = list(names.schema.topics)
    topic = f"`topic: {topics[0]}`" if topics else "`topic:` and one declared under `topics:` in schema.yaml"
    more = f"; the topics are {listing(topics)}" if "topic" in missing and len(topics) > 1 else ""
    forms = {"topic": topic, "subject": '`subject: ".."`', "body": '`body: """..."""`'}
    return f"add {', '.join(forms[name] for name in missing)}{more}"


def _topic(scope: Scope, settings: Mapping[str, nodes.Setting]) -> str | None:
    setting = settings.get("topic")
    if setting is None or isinstance(setting.value, nodes.Bad):
        return None
    if not isinstance(setting.value, nodes.Path):
        help_ = "a template has one; whoever opted out of it gets none of its mails"
        message = "`topic` is a topic of schema.yaml"
        scope.findings.error("bad-setting", setting.value.span, message, "not a topic", help=help_)
        return None
    if setting.value.text not in scope.schema.topics:
        unknown_topic(scope, setting.value.text, setting.value.span)
        return None
    scope.findings.refer("topic", setting.value.text, setting.value.span)
    return setting.value.text


def _text(scope: Scope, settings: Mapping[str, nodes.Setting], name: str) -> Text | None:
    setting = settings.get(name)
    if setting is None or isinstance(setting.value, nodes.Bad):
        return None
    if not isinstance(setting.value, nodes.Text):
        scope.findings.error(
            "bad-setting", setting.value.span, f"`{name}` is a text", "not a text", help='write it in quotes: `".."`'
        )
        return None
    if not setting.value.value.strip():
        scope.findings.error("empty-text", setting.value.span, f"the {name} is empty", "nothing to send")
        return None
    if name == "subject" and "\n" in setting.value.value.strip():
        scope.findings.error("line-break-in-subject", setting.value.span, "a subject is one line", "has a line break")
        return None
    return merge_text(scope, setting.value)
