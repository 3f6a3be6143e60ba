"""Every definition that somebody can be enrolled in: those written as sequences and workflows, broadcasts, and what
follows a playbook, form or survey once it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .blocks import Graph, Send, SendTo
from .broadcasting import mailing
from .conversations import PERSON, Conversation
from .definitions import Again, Definition, Guards, Manually, Pinned, Program

Key = tuple[str, str]  # kind and name


def running(program: Program) -> Mapping[Key, Definition]:
    """All of them by kind and name; a conversation after which nothing follows is none."""
    after = {key: follows(talk) for key, talk in program.conversations.items() if talk.on_save is not None}
    mails = {("broadcast", name): mailing(broadcast) for name, broadcast in program.broadcasts.items()}
    return {**program.definitions, **after, **mails}


def follows(talk: Conversation) -> Definition:
    """`on save` or `on submit` as a definition that only a saved talk starts: each time one is saved, whatever else is
    under way (P5). Nothing in it waits, so no guard could end it; what it mails is refused like all mail (X9, X24)."""
    assert talk.on_save is not None
    pinned = Pinned(talk.kind, talk.object, _to_the_person(talk, talk.on_save))
    return Definition(
        talk.name, talk.label, Manually(), None, Again("always"), False, False, 0, "log", Guards(), pinned, talk.span
    )


def _to_the_person(talk: Conversation, graph: Graph) -> Graph:
    """Where the record itself gets no mail, `send` means the person on the line (X20)."""
    if not talk.contact or talk.object == PERSON:
        return graph
    return replace(graph, blocks=tuple(_sent_to(b) if isinstance(b, Send) else b for b in graph.blocks))


def _sent_to(block: Send) -> Send | SendTo:
    return block if block.as_task else SendTo(block.template, (PERSON,), block.next)
