"""`set`, `clear`, `add`: one property of the subject or of the record at the end of to-one associations (X23)."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..program.blocks import Add, Clear, Set, Text
from ..program.conditions import Ago, Const, Field, Value
from ..schema.model import Kind, Property
from ..schema.moves import refused
from ..source import Span
from ..syntax import nodes
from .ahead import ahead, by_the_clock
from .bodies import Effects, Written
from .literals import value_for
from .options import as_written
from .paths import on_the_line, resolve_operand
from .scope import Resolved, Scope
from .texts import merge_text
from .types import bound_shown, described

# What a property follows from that nobody writes.
_WRITTEN_BY = {
    "closed": "set `stage` instead",
    "won": "set `stage` instead",
    "full_name": "set `first_name` and `last_name` instead",
    "last_purchase_at": "it is the moment of the last `purchased`; in a test: `given ann purchased 10 days ago`",
    "last_activity_at": "it is the moment of their last act, such as `viewed_page`",
}
ADDED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})


def set_block(scope: Scope, node: nodes.Set, following: int, effects: Effects) -> Set | None:
    """The block of a `set`; None after a finding."""
    target = _target(scope, node.path, "set")
    if target is None or not isinstance(target.value, Field):
        return None
    value = written_value(scope, target, node.value)
    if value is None:
        return None
    field = target.value
    if isinstance(value, Const):
        if field.property == "stage" and not _leads_there(scope, field.object, str(value.value), node):
            return None
        effects.written.append(Written(field.object, field.property, value, node.span, field.path))
    return Set(field.path, field.object, field.property, value, following)


def _leads_there(scope: Scope, of: str, stage: str, node: nodes.Set) -> bool:
    """W18: whether from some stage of some pipeline a record may come to this one; reports if not."""
    pipelines = scope.schema.pipelines_of(of)
    ways = ((p, s.name) for p in pipelines for s in p.stages if s.name != stage)
    if not pipelines or any(not refused(p, here, stage) for p, here in ways):
        return True
    p = next(p for p in pipelines if any(s.name == stage for s in p.stages))
    scope.findings.error(
        "wrong-stage",
        node.value.span,
        f"no stage of the pipeline `{p.name}` leads to `{stage}`",
        "no way leads here",
        help="set another stage, or write `back: true` among the rules of the pipeline",
        note="`back: false` of the pipeline says so; a `set` against its rules is skipped",
    )
    return False


def clear_block(scope: Scope, node: nodes.Clear, following: int, effects: Effects) -> Clear | None:
    """The block of a `clear`: a value that must be there cannot be taken away."""
    target = _target(scope, node.path, "clear")
    if target is None or not isinstance(target.value, Field):
        return None
    field = target.value
    found = scope.schema.objects[field.object].properties[field.property]
    if not found.may_be_missing:
        _must_be_there(scope, found, field, node.path.span)
        return None
    effects.written.append(Written(field.object, field.property, None, node.span, field.path))
    return Clear(field.path, field.object, field.property, following)


def add_block(scope: Scope, node: nodes.Add, following: int) -> Add | None:
    """The block of an `add`: numbers to numbers, amounts to amounts of the same currency."""
    target = _target(scope, node.path, "add")
    if target is None or not isinstance(target.value, Field):
        return None
    field = target.value
    if field.type.kind not in ADDED:
        message = f"{scope.findings.text(target.span)} is {described(field.type)}: nothing can be added to it"
        several = field.type.kind is Kind.MULTI_CHOICE
        help_ = f"`set {node.path.text} = [..]` chooses all of them anew" if several else ""
        scope.findings.error("not-added", node.path.span, message, "no number, amount or percentage", help=help_)
        return None
    amount = value_for(scope, target, node.amount)
    return Add(field.path, field.object, field.property, amount, following) if amount else None


def written_value(scope: Scope, target: Resolved, node: nodes.Operand) -> Value | Text | None:
    """What a property is given: its type, within its bounds, and there where it must be; None after a finding."""
    if isinstance(node, nodes.Text) and "{{" in node.value and target.value.type.kind is Kind.TEXT:
        return merge_text(scope, node)
    if isinstance(node, nodes.ListOf) and target.value.type.kind is Kind.MULTI_CHOICE:
        return _options(scope, target, node)
    if by_the_clock(scope, target, node):
        return ahead(scope, target, node)
    value = value_for(scope, target, node)
    if value is None or (isinstance(value, Const) and not _in_range(scope, target, value, node.span)):
        return None
    return value if _as_kept(scope, target, value, node.span) else None


def _options(scope: Scope, target: Resolved, node: nodes.ListOf) -> Const | None:
    """`[red, blue]`: all that are chosen, in the order of the schema and each once."""
    if not node.items:
        message, help_ = (
            "`[]` chooses nothing",
            "a value that is not there is `missing`; a step takes it away by `clear`",
        )
        scope.findings.error("type-mismatch", node.span, message, "no option", help=help_)
        return None
    found = [value_for(scope, target, item) for item in node.items]
    chosen = {str(value.value).casefold() for value in found if isinstance(value, Const)}
    if any(value is None for value in found):
        return None
    type_ = target.value.type
    return Const(";".join(option for option in type_.options if option.casefold() in chosen), type_)


def _as_kept(scope: Scope, target: Resolved, value: Value, span: Span) -> bool:
    """A day and a moment compare, but neither is kept as the other: which zone's day would it be?"""
    kinds = {target.value.type.kind, value.type.kind}
    if isinstance(value, Const | Ago) or kinds != {Kind.DATE, Kind.DATETIME}:
        return True
    wanted, found = described(target.value.type), described(value.type)
    message = f"{scope.findings.text(target.span)} is {wanted}, {scope.findings.text(span)} is {found}"
    scope.findings.error("type-mismatch", span, message, f"not {wanted}")
    return False


# --- where to ---


def _target(scope: Scope, path: nodes.Path, verb: str) -> Resolved | None:
    """The property written to; None after a finding."""
    if path.names[0].text in scope.created:
        _already_created(scope, path)
        return None
    if to_many(scope, path.names[:-1], f"`{verb}` writes one record"):
        return None
    target = resolve_operand(scope, path)
    if target is None or not isinstance(target.value, Field):
        return None
    return target if may_be_written(scope, target.value, path.span) else None


def _already_created(scope: Scope, path: nodes.Path) -> None:
    name = path.names[0].text
    message = f"`{name}` gets its properties where it is created"
    scope.findings.error("read-only", path.span, message, "too late", help="write it inside the braces of `create`")


def to_many(scope: Scope, words: tuple[nodes.Name, ...], one: str) -> bool:
    """Whether the path leads through many records where one is due; reports it. `one` says why."""
    owner = scope.subject
    for name in words:
        link = owner.associations.get(name.text)
        if link is None:
            return False
        if link.many and not on_the_line(scope, link, first=owner is scope.subject):
            scope.findings.error(
                "set-many",
                name.span,
                f"{article(owner.name)} may have many `{name.text}`; {one}",
                "which of them?",
                help=f"write it in a workflow `of {link.target}`",
            )
            return True
        owner = scope.schema.objects[link.target]
    return False


def may_be_written(scope: Scope, field: Field, span: Span, *, new: bool = False) -> bool:
    """Whether a step can give the property a value; reports if not. `new`: the record is being created, and its key,
    which names it outside, is not given yet."""
    owner = scope.schema.objects[field.object]
    found = owner.properties[field.property]
    if found.derived is None and found.name != "created_at" and (new or found.name != owner.key):
        return True
    scope.findings.error(
        "read-only",
        span,
        f"`{found.name}` follows from other facts and cannot be set",
        "read-only",
        help=_WRITTEN_BY.get(found.name, ""),
    )
    return False


def _must_be_there(scope: Scope, found: Property, field: Field, span: Span) -> None:
    written = scope.findings.raw(span)
    value = _default_written(found)
    message = f"every {field.object} has a `{found.name}`: it cannot be cleared"
    scope.findings.error("missing-property", span, message, "must be there", help=f"write `set {written} = {value}`")


def _default_written(found: Property) -> str:
    """A property's default as rules write it, `..` where it has none."""
    match found.default, found.type.kind:
        case None, _:
            return ".."
        case bool(value), _:
            return str(value).lower()
        case tuple(options), _:
            return f"[{', '.join(map(as_written, options))}]"
        case value, Kind.TEXT:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        case value, Kind.MONEY:
            return f"{value} {found.type.currency}"
        case value, Kind.PERCENT:
            return f"{value}%"
        case value, Kind.CHOICE:
            return as_written(str(value))
        case value, _:
            return str(value)


def _in_range(scope: Scope, target: Resolved, value: Const, span: Span) -> bool:
    low, high = target.minimum, target.maximum
    if isinstance(value.value, str | bool) or (
        (low is None or value.value >= low) and (high is None or value.value <= high)
    ):
        return True
    type_ = target.value.type
    bounds = [
        f"at least {bound_shown(low, type_)}" if low is not None else "",
        f"at most {bound_shown(high, type_)}" if high is not None else "",
    ]
    scope.findings.error(
        "out-of-range",
        span,
        f"{scope.findings.text(target.span)} is {' and '.join(b for b in bounds if b)}",
        "outside the schema's bounds",
    )
    return False
