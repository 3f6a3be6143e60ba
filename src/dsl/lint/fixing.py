"""Repairs: the edits of fixes written into the texts, again and again until nothing more is to be done.

Pure: texts go in and come out. Whoever calls reads and writes the files, and says how a set of texts is checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from ..diagnostics.catalogue import catalogue
from ..diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind
from ..source import Source
from ..undecoded import not_utf8
from ..values import dataclass

Texts = Mapping[str, Source]
Check = Callable[[Texts], Sequence[Diagnostic]]
Wanted = Callable[[Diagnostic], bool]
MOST_ROUNDS = 20  # a repair can bring the next one to light; two that undo each other must come to an end

_YAML_SYNTAX = "yaml-syntax"


@dataclass(frozen=True, slots=True)
class Repair:
    """One finding with a fix that may be applied. `was` is what its edits replace."""

    finding: Diagnostic
    fix: Fix
    was: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """By what it is known again when the texts around it have moved."""
        edits = (part for edit in self.fix.edits for part in (edit.span.file, edit.text))
        return self.finding.code, self.finding.message, *edits, *self.was


_Some = list[Repair]


@dataclass(frozen=True, slots=True)
class Fixed:
    """`changed` are the texts that are not what they were; `applied` counts repairs, `left` is what is found now."""

    changed: Texts
    applied: int
    left: tuple[Diagnostic, ...]


def fix_texts(texts: Texts, check: Check, kinds: Collection[FixKind], wanted: Wanted) -> Fixed:
    """Applies the fixes of these kinds to the findings that are `wanted`.

    INVARIANT: no fix makes a file unreadable: one after which there are more problems of syntax than before is left
    out, and so is one that does not help; the others are applied."""
    now, found, applied = dict(texts), tuple(check(texts)), 0
    refused: set[tuple[str, ...]] = set()
    seen = {_state(now)}
    for _ in range(MOST_ROUNDS):
        repairs = _compatible(r for r in _repairs(filter(wanted, found), now, kinds) if r.key not in refused)
        if not repairs:
            break
        good, bad = _harmless(now, found, repairs, check)
        after = {**now, **_after(now, good)}
        futile = _futile(good, check(after))
        refused.update(repair.key for repair in (*bad, *futile))
        good = [repair for repair in good if repair not in futile]
        after = {**now, **_after(now, good)}
        if not good:
            continue
        if _state(after) in seen:  # some of them undo each other
            break
        seen.add(_state(after))
        now, applied, found = after, applied + len(good), tuple(check(after))
    changed = {name: source for name, source in now.items() if source.text != texts[name].text}
    return Fixed(changed, applied, found)


def _state(texts: Texts) -> tuple[str, ...]:
    return tuple(source.text for source in texts.values())


def _repairs(found: Iterable[Diagnostic], texts: Texts, kinds: Collection[FixKind]) -> Iterable[Repair]:
    for diagnostic in found:
        fix = diagnostic.fix
        if fix is not None and fix.kind in kinds and all(_is_text(edit, texts) for edit in fix.edits):
            was = tuple(texts[e.span.file].text[e.span.start : e.span.end] for e in fix.edits)
            edits = tuple(Edit(e.span, _line_ends(e.text, texts[e.span.file].text)) for e in fix.edits)
            yield Repair(diagnostic, Fix(fix.kind, edits), was)


def _is_text(edit: Edit, texts: Texts) -> bool:
    """Whether the edit points into a text of ours that could be read: what is no UTF-8 must be saved by hand first."""
    source = texts.get(edit.span.file)
    return source is not None and not any(not_utf8(source))


def _compatible(repairs: Iterable[Repair]) -> list[Repair]:
    """Those of which no two touch the same place, the earlier ones first; the others have their turn in a later round.

    Two edits that only meet touch as well: which of two insertions comes first would be chance."""
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen = []
    for repair in sorted(repairs, key=lambda r: [(e.span.file, e.span.start, e.span.end) for e in r.fix.edits]):
        spans = [edit.span for edit in repair.fix.edits]
        if all(end < s.start or s.end < start for s in spans for start, end in taken.get(s.file, ())):
            chosen.append(repair)
            for span in spans:
                taken.setdefault(span.file, []).append((span.start, span.end))
    return chosen


def _harmless(texts: Texts, found: Sequence[Diagnostic], repairs: list[Repair], check: Check) -> tuple[_Some, _Some]:
    """Of the repairs those that may be made now, and those that leave a file unreadable. Nearly always that is all and
    none; else they are sought half by half. What is in neither has its turn in a later round."""
    if not _worse(found, check({**texts, **_after(texts, repairs)}), repairs):
        return repairs, []
    if len(repairs) == 1:
        return [], repairs
    half = len(repairs) // 2
    early, bad = _harmless(texts, found, repairs[:half], check)
    late, worse = _harmless(texts, found, repairs[half:], check)
    both = [*early, *late]
    if early and late and _worse(found, check({**texts, **_after(texts, both)}), both):
        both = early
    return both, [*bad, *worse]


def _futile(repairs: _Some, after: Sequence[Diagnostic]) -> _Some:
    """Those whose finding is still there: applied again and again they would fill the file."""
    edits = [edit for repair in repairs for edit in repair.fix.edits]
    there = {(d.code, d.message, d.label.span.file, d.label.span.start) for d in after}
    return [repair for repair in repairs if _moved(repair.finding, edits) in there]


def _moved(finding: Diagnostic, edits: Iterable[Edit]) -> tuple[str, str, str, int]:
    """The finding as it would be found after the edits."""
    span = finding.label.span
    before = (edit for edit in edits if edit.span.file == span.file and edit.span.end <= span.start)
    shift = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in before)
    return finding.code, finding.message, span.file, span.start + shift


def _after(texts: Texts, repairs: Iterable[Repair]) -> dict[str, Source]:
    return apply_edits(texts, [edit for repair in repairs for edit in repair.fix.edits])


def _worse(before: Sequence[Diagnostic], after: Sequence[Diagnostic], repairs: Sequence[Repair]) -> bool:
    """Whether some file has more problems of syntax than it should have after the repairs. A single repair may bring
    one to light for the one it takes away."""
    counts = _syntax_problems(after)
    counts.subtract(_syntax_problems(before))
    if len(repairs) > 1:
        counts.update(repair.fix.edits[0].span.file for repair in repairs if _is_syntax(repair.finding.code))
    return any(count > 0 for count in counts.values())


def _syntax_problems(found: Iterable[Diagnostic]) -> Counter[str]:
    return Counter(diagnostic.label.span.file for diagnostic in found if _is_syntax(diagnostic.code))


def _is_syntax(code: str) -> bool:
    known = catalogue().get(code)
    return known is not None and (known.alias.startswith("SG2") or code == _YAML_SYNTAX)


def apply_edits(texts: Texts, edits: Iterable[Edit]) -> dict[str, Source]:
    """The texts that change. No two edits of a file may overlap."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    return {file: Source(file, _edited(texts[file].text, own)) for file, own in by_file.items()}


def _line_ends(new: str, text: str) -> str:
    """New lines end as those of the file do."""
    return new.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else new


def _edited(text: str, edits: list[Edit]) -> str:
    pieces, end = [], 0
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        pieces += [text[end : edit.span.start], edit.text]
        end = edit.span.end
    return "".join([*pieces, text[end:]])
