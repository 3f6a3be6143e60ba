"""One file checked: each of its declarations, knowing of others only what `Names` tells.

So what was found stays right until the text, the schema, the settings or an answer of `Names` changes. Templates come
after everything else, in a second pass: what `trigger.` means in one depends on those who send it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from ..diagnostics.diagnostic import Diagnostic
from ..source import Source, Span
from ..syntax import nodes
from ..values import dataclass
from .circles import Arrow
from .declarations import declared_in
from .definitions import Checked, check_definition
from .findings import Findings, Reference
from .others import Mailing, check_other
from .others.kinds import Node
from .placed import Placed
from .rule_tests import check_test
from .scope import Declared, Key, Names
from .segments import check_segment, members, segment_arrows
from .sound import Compiled, Sound, Watch
from .templates import check_template, topics_of


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file tells others before anything in it is checked. `topics` are those of its templates."""

    declared: tuple[Declared, ...]
    topics: Mapping[str, str]
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """What the checks over all segments read of one; `arrows` lead to the segments it is made of."""

    name: str
    placed: Placed | None
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What came out of one pass over one file, but for what was compiled. `read` is what was asked of `Names`,
    `notes` what the linter keeps of each sound declaration, `naming` the sound conditions that name a segment."""

    found: tuple[Diagnostic, ...] = ()
    read: frozenset[Key] = frozenset()
    segments: tuple[SegmentFacts, ...] = ()
    definitions: tuple[Checked, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[object, ...] = ()
    mailings: tuple[Mailing, ...] = ()
    scored: tuple[tuple[str, Span], ...] = ()
    naming: tuple[Placed, ...] = ()


# What the linter says of one sound declaration, and what it wants to know of it for the project as a whole.
Lint = Callable[[Sound, Names, Source], tuple[Sequence[Diagnostic], object]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sound` are the declarations without an error; `compiled` all that could be compiled, by kind and name."""

    facts: Facts = Facts()
    compiled: Mapping[Key, Compiled] = field(default_factory=dict)
    sound: tuple[Sound, ...] = ()


def outline(file: nodes.File, source: Source) -> Outline:
    """Before the two passes."""
    findings = Findings({source.name: source})
    declared = declared_in(file)
    topics = topics_of([node for node in file.declarations if isinstance(node, nodes.Template)])
    return Outline(declared, topics, tuple(findings.found))


def check_rules(
    file: nodes.File,
    source: Source,
    names: Names,
    lint: Lint,
    defaults: Mapping[str, nodes.Setting],
    unread: Sequence[int] = (),
) -> Outcome:
    """The first pass: everything but templates. `unread`: where the parser left out or put in something."""
    work = _Work(names, source, unread)
    for node in file.declarations:
        match node:
            case nodes.Segment():
                work.segment(node)
            case nodes.Sequence() | nodes.Workflow():
                work.definition(node, defaults)
            case nodes.Score() | nodes.Snippet() | nodes.SettingsOnly() | nodes.Conversation() | nodes.Hygiene():
                work.other(node)
            case nodes.Test():
                work.test(node)
    return work.outcome(lint)


def check_templates(file: nodes.File, source: Source, names: Names, lint: Lint) -> Outcome:
    """The second pass."""
    work = _Work(names, source)
    for node in file.declarations:
        if isinstance(node, nodes.Template):
            work.template(node)
    return work.outcome(lint)


class _Work:
    """One pass in progress."""

    def __init__(self, names: Names, source: Source, unread: Sequence[int] = ()) -> None:
        self._names, self._source, self._unread = names, source, unread
        self._findings = Findings({source.name: source})
        self._segments: list[SegmentFacts] = []
        self._definitions: list[Checked] = []
        self._mailings: list[Mailing] = []
        self._scored: list[tuple[str, Span]] = []
        self._compiled: dict[Key, Compiled] = {}
        names.read.clear()

    def segment(self, node: nodes.Segment) -> None:
        watch = Watch(self._findings)
        segment, placed = check_segment(self._names, self._findings, node)
        self._keep(watch, "segment", node.name.text, node, segment)
        self._segments.append(SegmentFacts(node.name.text, placed, tuple(segment_arrows(node, placed))))

    def definition(self, node: nodes.Sequence | nodes.Workflow, defaults: Mapping[str, nodes.Setting]) -> None:
        watch, mark = Watch(self._findings), self._findings.mark()
        checked = check_definition(self._names, self._findings, node, defaults)
        if any(node.span.start <= place <= node.span.end for place in self._unread):
            self._findings.take_back("unreachable-step", mark)  # a brace may be missing: who knows what stands where
        if checked is not None:
            self._keep(watch, checked.kind, checked.name, node, checked.definition)
            self._definitions.append(checked.without_graph())

    def other(self, node: Node) -> None:
        watch = Watch(self._findings)
        checked = check_other(self._names, self._findings, node)
        self._keep(watch, checked.kind, checked.name, node, checked.compiled)
        self._mailings.append(checked.mailing)
        self._scored += checked.scored

    def template(self, node: nodes.Template) -> None:
        watch, name = Watch(self._findings), node.name.text
        template = check_template(self._names, self._findings, node, self._names.triggers_of(name))
        self._keep(watch, "template", name, node, template)

    def test(self, node: nodes.Test) -> None:
        """Titles may repeat: a test is found by its place."""
        watch = Watch(self._findings)
        tests = check_test(self._names, self._findings, node)
        watch.done("test", node.title.value, node, tests)
        self._compiled["test", f"{self._source.name}:{node.span.start}"] = tests

    def _keep(self, watch: Watch, kind: str, name: str, node: nodes.Declaration, compiled: Compiled | None) -> None:
        watch.done(kind, name, node, compiled)
        if compiled is not None:
            self._compiled[kind, name] = compiled

    def outcome(self, lint: Lint) -> Outcome:
        findings, sound = self._findings, tuple(self._findings.sound)
        said = [lint(one, self._names, self._source) for one in sound]
        found = (*findings.found, *(d for remarks, _ in said for d in remarks))
        facts = Facts(
            found,
            frozenset(self._names.read) | _elsewhere(found, self._source.name),
            tuple(self._segments),
            tuple(self._definitions),
            tuple(findings.references),
            tuple(note for _, note in said),
            tuple(self._mailings),
            tuple(self._scored),
            tuple(whole for one in sound for whole in one.conditions if any(members(whole))),
        )
        return Outcome(facts, self._compiled, sound)


FILE = "file"  # (FILE, name): a finding points into that file, so it must follow when the text there moves


def _elsewhere(found: Sequence[Diagnostic], file: str) -> frozenset[Key]:
    return frozenset((FILE, label.span.file) for d in found for label in d.others if label.span.file != file)
