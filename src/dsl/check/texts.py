"""Texts with merge fields: every path typed, a fallback demanded where a value may be missing (X36, S26)."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.blocks import Merge, Text
from ..program.date_patterns import misread
from ..program.filters import FILTERS
from ..program.filters import Filter as KnownFilter
from ..schema.model import Association, Kind
from ..source import Span
from ..syntax.nodes import Name
from ..syntax.nodes import Text as TextNode
from ..values import dataclass
from ..values import replace as changed
from .answers import answer_value, is_answer
from .body_names import created_value
from .findings import insert_after, listing, replace
from .liquid_text import Applied, Broken, Output, pieces
from .paths import resolve_path
from .scope import Resolved, Scope
from .types import described

SENDER = ("name", "first_name", "email", "time_zone")
ACCOUNT = ("name", "postal_address", "time_zone", "currency")
LINKS = ("unsubscribe", "preferences", "meeting")
LINK_KINDS = ("survey", "form")
_PLACES = 12  # behind the point
_PATTERNS = (
    "write `medium`, `d MMMM yyyy`, `EEEE HH:mm` (`EEEE` is the day of the week) or `%d.%m.%Y`; words stand in '..'"
)

Place = Callable[[int, int], Span]


@dataclass(frozen=True, slots=True)
class Found:
    """What a merge field reads: a value of the store, or a built-in named by `builtin`."""

    resolved: Resolved | None = None
    builtin: str = ""
    missing: bool = False


def merge_text(scope: Scope, node: TextNode) -> Text | None:
    """The text as a skeleton of strings and merge fields; None after a finding."""
    return merge_pieces(scope, node.value, node.place)


def merge_pieces(scope: Scope, value: str, place: Place) -> Text | None:
    """The same for a value whose characters `[start, end)` stand at `place(start, end)`."""
    if "{" not in value:
        return Text((value,)) if value else Text(())
    parts: list[str | Merge] = []
    told: set[str] = set()
    whole = True
    mark = scope.findings.mark()
    for piece in pieces(value):
        match piece:
            case str():
                parts.append(piece)
                _single_braces(scope, value, piece, place, told)
            case Broken(code, why, start, end) if code not in told:
                told.add(code)
                help_ = "write a merge field: `{{ contact.first_name | default: 'there' }}`"
                scope.findings.error(code, place(start, end), why, "not a merge field", help=help_)
            case Output():
                merge = _merge(scope, piece, place)
                whole = whole and merge is not None
                parts += [merge] if merge is not None else []
    return Text(tuple(parts)) if whole and not scope.findings.errors_since(mark) else None


_SINGLE = re.compile(r"\{\s*(?P<root>[^\W\d]\w*)\.[\w.][^{}]*\}")
_ROOTS = ("contact", "sender", "account", "links", "trigger")


def _single_braces(scope: Scope, value: str, piece: str, place: Place, told: set[str]) -> None:
    """`{ contact.first_name }` would be printed as it stands."""
    known = (field for field in _SINGLE.finditer(piece) if field["root"] in (*_ROOTS, *scope.schema.objects))
    found = next(known, None)
    if found is None or "single" in told:
        return
    told.add("single")
    start = value.index(found[0])
    span, better = place(start, start + len(found[0])), "{" + found[0] + "}"
    message, help_ = "a merge field has two braces", f"write `{better}`"
    scope.findings.warning(
        "single-braces", span, message, "printed as it stands", help=help_, fix=replace(span, better, FixKind.UNSAFE)
    )


def _merge(scope: Scope, output: Output, place: Place) -> Merge | None:
    span = place(output.path_start, output.path_end)
    found = _read(scope, output.path, span)
    unfit = [applied for applied in output.filters if not _filter_fine(scope, applied, found, place)]
    if found is None or unfit:
        return None
    if found.missing and output.default is None:
        _may_be_blank(scope, output, span)
        return None
    if found.missing and output.default is not None and not output.default.strip():
        message = f"the fallback of `{'.'.join(output.path)}` is blank"
        help_ = "write what to say instead"
        scope.findings.warning("blank-fallback", span, message, "may still print nothing", help=help_)
    value = found.resolved.value if found.resolved else None
    filters = tuple((f.name, f.arguments) for f in output.filters)
    return Merge(output.source, output.path[0], value, found.builtin, output.default, filters)


def _read(scope: Scope, path: tuple[str, ...], span: Span) -> Found | None:
    """What the path names; None after a finding."""
    root, rest = path[0], path[1:]
    if root == scope.subject.name and rest:
        return _of_record(scope, root, rest, span)
    if scope.record is not None and root == scope.record.name and rest:
        return _of_record(changed(scope, subject=scope.record), root, rest, span)
    if scope.answers is not None and is_answer(scope.answers, names := _names(path, span, 0)):
        return _found(answer_value(scope, scope.answers, names))
    if scope.person and root == "contact" and rest:
        return _found(resolve_path(scope, _names(path, span, 0)))
    if root in scope.created and rest:
        return _found(created_value(scope, _names(path, span, 0)))
    if root == "trigger" and rest:
        return _found(resolve_path(scope, _names(path, span, 0)))
    if root == "sender" and rest:
        return _builtin(scope, root, rest, SENDER, span)
    if root == "account" and rest:
        return _account(scope, rest, span)
    if root == "links" and rest:
        return _link(scope, rest, span)
    _unknown_root(scope, path, span)
    return None


def _of_record(scope: Scope, root: str, rest: tuple[str, ...], span: Span) -> Found | None:
    if _prints_many(scope, rest, span):
        return None
    return _found(resolve_path(scope, _names(rest, span, len(root) + 1)))


def _prints_many(scope: Scope, words: tuple[str, ...], span: Span) -> bool:
    """A path through a to-many association names no single value; reports it."""
    owner = scope.subject
    for at, word in enumerate(words, 1):
        link = owner.associations.get(word)
        if link is None:
            return False
        if link.many:
            message = f"{article(owner.name)} may have many `{word}`, and a merge field prints one value"
            scope.findings.error("prints-many", span, message, "which of them?", help=_kept(scope, link, words[at:]))
            return True
        owner = scope.schema.objects[link.target]
    return False


def _kept(scope: Scope, link: Association, words: tuple[str, ...]) -> str:
    """How a value of one of many records is printed all the same; `words` lead to it from there."""
    kept, of = f"keep it in a property of {link.owner} and print that", link.target
    value = ".".join((of, *(words or (next(iter(scope.schema.objects[of].properties), "name"),))))
    if scope.template and of == "contact":
        return f"`{value}` is of the one who gets the mail; or {kept}"
    if scope.template and link.owner == "contact":
        return f"print `{value}` and send it in a workflow `of {of}`, which is about one of them; or {kept}"
    if scope.schema.objects[link.target].associations[link.inverse].many:
        return kept
    return f"{kept}; a workflow of {link.target} can write it: `set {link.inverse}.NAME = ..`"


def _found(resolved: Resolved | None) -> Found | None:
    return Found(resolved, "", resolved.missing) if resolved else None


def _names(words: tuple[str, ...], span: Span, skip: int) -> list[Name]:
    """The words of a path as names with spans of their own."""
    names, at = [], span.start + skip
    for word in words:
        names.append(Name(word, Span(span.file, at, at + len(word))))
        at += len(word) + 1
    return names


def _builtin(scope: Scope, root: str, rest: tuple[str, ...], known: tuple[str, ...], span: Span) -> Found | None:
    name = ".".join(rest)
    if name in known:
        return Found(builtin=f"{root}.{name}")
    hint = perhaps(name, known) or f"there is {listing(f'{root}.{k}' for k in known)}"
    scope.findings.error("unknown-property", span, f"`{root}` has no `{name}`", "no such thing", help=hint)
    return None


def _account(scope: Scope, rest: tuple[str, ...], span: Span) -> Found | None:
    found = _builtin(scope, "account", rest, ACCOUNT, span)
    if found and rest == ("postal_address",) and not scope.names.project.account.postal_address:
        return Found(builtin=found.builtin, missing=True)
    return found


def _link(scope: Scope, rest: tuple[str, ...], span: Span) -> Found | None:
    if len(rest) == 2 and rest[0] in LINK_KINDS:
        kind, name = rest
        known, named = scope.names.of(kind), Span(span.file, span.end - len(name), span.end)
        if name in known:
            scope.findings.refer(kind, name, named)
        if name in known or not known:
            return Found(builtin=f"links.{kind}.{name}")
        hint = perhaps(name, known)
        scope.findings.error(f"unknown-{kind}", named, f"there is no {kind} `{name}`", "not declared", help=hint)
        return None
    return _builtin(scope, "links", rest, LINKS, span)


def _unknown_root(scope: Scope, path: tuple[str, ...], span: Span) -> None:
    here = ["answers"] if scope.answers is not None else ["trigger"]
    roots = [scope.subject.name, *(["contact"] if scope.person else []), "sender", "account", "links", *here]
    written, objects = ".".join(path), scope.schema.objects if scope.template else {}
    hint = perhaps(path[0], (*roots, *objects)) or f"a merge field starts with {listing(f'{r}.' for r in roots)}"
    if any(path[0] in kind.fields for kind in scope.trigger or ()):
        hint = f"the event that starts this has it: write `trigger.{written}`"
    if path[0] in scope.subject.properties or path[0] in scope.subject.associations:
        hint = f"write `{scope.subject.name}.{written}`"
    link = scope.subject.associations.get(path[0])
    if link is not None and link.many:
        hint = f"{article(link.owner)} may have many `{path[0]}`: {_kept(scope, link, path[1:])}"
    if scope.record is not None and path[0] in objects:
        hint = f"a mail prints one record beside the contact, and here that is the {scope.record.name}"
    if len(path) == 1 and path[0] in objects:
        hint = f"name what to print: `{path[0]}.{next(iter(objects[path[0]].properties), 'name')}`"
    if path[0] in roots:
        hint = f"name what to print: `{path[0]}.{'full_name' if path[0] == 'contact' else 'name'}`"
    scope.findings.error(
        "unknown-merge-field", span, f"`{written}` is nothing that can be printed here", "not known", help=hint
    )


def _may_be_blank(scope: Scope, output: Output, span: Span) -> None:
    name = ".".join(output.path)
    scope.findings.error(
        "may-be-blank",
        span,
        f"`{name}` may be missing, and then nothing would be printed",
        "needs a fallback",
        help=f"write `{{{{ {name} | default: '..' }}}}`",
        note="a mail with a hole in it is never sent" if scope.answers is None else "",
        fix=insert_after(span, " | default: '..'", FixKind.DISPLAY),
    )


def _filter_fine(scope: Scope, applied: Applied, found: Found | None, place: Place) -> bool:
    """Whether the filter exists, has its arguments and stands behind a value it can take."""
    span = place(applied.start, applied.end)
    known = FILTERS.get(applied.name)
    if known is None:
        meant = closest(applied.name, FILTERS)
        scope.findings.error(
            "unknown-filter",
            span,
            f"there is no filter `{applied.name}`",
            "not a filter",
            help=f"did you mean `{meant}`?" if meant else f"the filters are {listing(FILTERS, 20)}",
            fix=replace(span, meant, FixKind.UNSAFE) if meant else None,
        )
        return False
    fewest, most = known.arity
    if not fewest <= len(applied.arguments) <= most or not _kinds_fit(known, applied):
        scope.findings.error("wrong-filter", span, f"`{applied.name}` is not used like this", _usage(known))
        return False
    if found and found.resolved and found.resolved.value.type.kind not in known.takes:
        type_ = found.resolved.value.type
        scope.findings.error(
            "wrong-filter", span, f"`{applied.name}` does not work on {described(type_)}", "not for this value"
        )
        return False
    return _arguments_fine(scope, applied, found, span)


def _arguments_fine(scope: Scope, applied: Applied, found: Found | None, span: Span) -> bool:
    """What an argument says, where not every text or number will do."""
    match applied.name, applied.arguments:
        case "date" | "time", (str(style),):
            day = found is not None and found.resolved is not None and found.resolved.value.type.kind is Kind.DATE
            run = misread(style, with_clock=not day)
            if run is not None:
                message = f"`{run}` is no part of a {'date' if day else 'date or time'}"
                scope.findings.error("wrong-filter", span, message, "cannot be written so", help=_PATTERNS)
            return run is None
        case "round", (int() | float() as places,) if not 0 <= places <= _PLACES:
            scope.findings.error("wrong-filter", span, f"`round` keeps 0 to {_PLACES} places", "not that many")
            return False
    return True


def _kinds_fit(known: KnownFilter, applied: Applied) -> bool:
    return all(
        isinstance(argument, str) == (kind is Kind.TEXT)
        for argument, kind in zip(applied.arguments, known.arguments, strict=False)
    )


def _usage(known: KnownFilter) -> str:
    if not known.arguments:
        return "it takes no arguments"
    kinds = ["a text" if kind is Kind.TEXT else "a number" for kind in known.arguments]
    return f"it takes {', '.join(kinds)}" + (" at most" if known.required < len(kinds) else "")
