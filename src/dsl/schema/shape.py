"""Which keys a YAML file may have and of what sort their values are: pydantic checks, we say it in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model, model_validator
from pydantic.fields import FieldInfo

from ..diagnostics import closest, did_you_mean
from ..values import dataclass
from .model import Kind
from .problems import Problems, guess, replacement
from .yaml_positions import Document, Path

S = TypeVar("S", bound="Shape")
V = TypeVar("V")


class Shape(BaseModel):
    """A mapping of a YAML file. `WHAT` names it in messages; `SHORT` is the key meant by a bare word instead."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    WHAT: ClassVar[str] = "this file"
    SHORT: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: object) -> object:
        return {} if value is None else value


def _empty(value: object) -> object:
    return {} if value is None else value


# Entries named by the author; `properties:` with nothing behind it has none.
Entries = Annotated[dict[str, V], BeforeValidator(_empty)]

_WITH_OPTIONS = re.compile(r"((?:multi_)?choice)\s*[(\[](.*)[)\]]")  # `choice(public, private)` for a type
_ALONE = frozenset(Kind) - {Kind.CHOICE, Kind.MULTI_CHOICE, Kind.RECORD}  # types that need no more than their word
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "dict_type": "a mapping of `name: ..` entries",
    "model_type": "a mapping of `key: value` entries",
    "list_type": "a list such as `[a, b]`",
    "too_short": "a list of at least one item",
}


def read_shape(shape: type[S], document: Document, problems: Problems) -> S:
    """The document as `shape`. What does not fit is told, once each, and left out, so that the rest is read."""
    if not isinstance(document.value, dict):
        problems.error("wrong-shape", "this file must hold `key: value` lines", document.at(()))
        return shape.model_validate({})
    value: Any = deepcopy(document.value)
    told, tried = False, shape
    while True:
        try:
            return tried.model_validate(value)
        except ValidationError as error:
            faults = [_fault(e, shape) for e in error.errors(include_url=False)]
        if not told:
            for fault in _without_consequences(faults):
                _tell(fault, document, problems)
            told = True  # later rounds only find what the first one's cuts left behind
        # INVARIANT: each round takes something away, so there is a last one: a fault, or a key the file must have. A
        # word that is read as its mapping is a word no more.
        needed = [f.key for f in faults if f.kind == "missing" and len(f.path) == 1]
        if needed:
            tried = _without(tried, needed)
        put = [f.path for f in faults if f.is_clear and _put(value, f.path, dict(f.meant))]
        for path in sorted({f.cut for f in faults} - {(), *put}, key=repr, reverse=True):
            _cut(value, path)


def _without(shape: type[S], keys: list[str]) -> type[S]:
    """The shape of a file that may lack these keys; they are None then."""
    names = [name for name, field in shape.model_fields.items() if (field.alias or name) in keys]
    loose: dict[str, Any] = dict.fromkeys(names, (Any, None))
    return create_model(shape.__name__, __base__=shape, **loose)


@dataclass(frozen=True, slots=True)
class _Fault:
    """One thing pydantic found. `within` is the shape of the mapping that holds the key."""

    kind: str
    path: Path
    given: object
    within: type[Shape]
    wanted: object
    bound: str  # for a number out of its bounds, what it must be

    @property
    def cut(self) -> Path:
        return self.path[:-1] if self.kind == "missing" else self.path

    @property
    def key(self) -> str:
        return str(self.path[-1])

    @property
    def meant(self) -> Mapping[str, str | list[str]]:
        """The mapping that a bare word stands for; empty if there is none."""
        short = _short(self.wanted) if self.kind == "model_type" and isinstance(self.given, str) else None
        if short is None or not isinstance(self.given, str):
            return {}
        chosen = _WITH_OPTIONS.fullmatch(self.given) if short == "type" else None
        if chosen is None:
            return {short: self.given}
        return {short: chosen[1], "options": [option.strip() for option in chosen[2].split(",")]}

    @property
    def is_clear(self) -> bool:
        """Whether the mapping is read in the word's place: rules find what it declares, one mistake is told once."""
        meant = self.meant
        known = "options" in meant or meant["type"] in _ALONE if "type" in meant else bool(meant)
        return known and ":" not in self.key


def _without_consequences(faults: list[_Fault]) -> list[_Fault]:
    """A key that is missing because it was misspelt is one mistake, told at the misspelt key."""
    misspelt = {
        (*f.path[:-1], closest(f.key.partition(":")[0], _keys(f.within))) for f in faults if f.kind == "extra_forbidden"
    }
    return [f for f in faults if f.kind != "missing" or f.path not in misspelt]


def _keys(shape: type[Shape]) -> dict[str, FieldInfo]:
    """The fields of a shape by the key authors write."""
    return {field.alias or name: field for name, field in shape.model_fields.items()}


def _fault(error: Mapping[str, Any], shape: type[Shape]) -> _Fault:
    path: Path = tuple(error["loc"])
    within = shape
    for depth in range(len(path)):
        wanted = _type_at(shape, path[:depth])
        within = wanted if isinstance(wanted, type) and issubclass(wanted, Shape) else within
    return _Fault(error["type"], path, error["input"], within, _type_at(shape, path), _bound(error.get("ctx", {})))


def _bound(context: Mapping[str, Any]) -> str:
    if "ge" in context:
        return f"at least {context['ge']}"
    return f"at most {context['le']}" if "le" in context else ""


def _type_at(annotation: object, path: Path) -> object:
    """The type the shapes give to what stands at `path`: through mappings, lists, `X | None` and Annotated."""
    while True:
        args = [a for a in get_args(annotation) if a is not type(None)]
        if get_origin(annotation) not in (None, dict, list, Literal) and args:
            annotation = args[0]
            continue
        if not path:
            return annotation
        step, path = path[0], path[1:]
        if get_origin(annotation) in (dict, list):
            annotation = args[-1]
        elif isinstance(annotation, type) and issubclass(annotation, Shape):
            known = _keys(annotation)
            annotation = known[str(step)].annotation if str(step) in known else None
        else:
            return None


def _tell(fault: _Fault, document: Document, problems: Problems) -> None:
    match fault.kind:
        case "extra_forbidden":
            _tell_unknown(fault, document, problems)
        case "missing":
            field = _keys(fault.within)[fault.key]
            span, help = document.key(fault.path[:-1]), field.description or f"add `{fault.key}: ..`"
            problems.error("missing-key", f"{fault.within.WHAT} needs `{fault.key}`", span, help=help)
        case "literal_error":
            _tell_choice(fault, document, problems)
        case _:
            _tell_sort(fault, document, problems)


def _tell_unknown(fault: _Fault, document: Document, problems: Problems) -> None:
    known = list(_keys(fault.within))
    span, meant = document.key(fault.path), closest(fault.key, known)
    word, colon, rest = fault.key.partition(":")
    if colon and word in known:  # `{type:number}` is one word to YAML
        fix = replacement(span, f"{word}: {rest}") if rest else None
        message, help = f"a space is missing behind `{word}:`", f"write `{word}: {rest or '..'}`"
        problems.error("wrong-shape", message, span, help=help, fix=fix)
        return
    message = f"{fault.within.WHAT} has no setting `{fault.key}`"
    free = (*fault.path[:-1], meant or "") not in document.keys
    help, fix = did_you_mean(fault.key, known), guess(span, meant) if free else None
    problems.error("unknown-key", message, span, "not known here", help=help, fix=fix)


def _tell_choice(fault: _Fault, document: Document, problems: Problems) -> None:
    options = [str(o) for o in get_args(fault.wanted)]
    *quoted, last = [f"`{o}`" for o in options]
    said = f"{', '.join(quoted)} or {last}" if quoted else last
    span, meant = document.at(fault.path), closest(str(fault.given), options)
    help = f"did you mean `{meant}`?" if meant else ""
    problems.error("wrong-value", f"{_name(fault.path)} must be {said}", span, help=help, fix=guess(span, meant))


def _tell_sort(fault: _Fault, document: Document, problems: Problems) -> None:
    """The value is of another sort than due: a number for text, a word for a mapping."""
    word, colon, _ = str(fault.path[-1]).partition(":")
    if colon:  # `plan:{type: text}` is the word `plan:{type` to YAML
        message, there = f"a space is missing behind `{word}:`", document.key(fault.path)
        problems.error("wrong-shape", message, there, help=f"write `{word}: ..`")
        return
    span, expected = document.at(fault.path), _EXPECTED.get(fault.kind, "another value")
    name = _name(fault.path)
    if fault.given is None:
        problems.error("wrong-shape", f"{name} has nothing behind it", span, help=f"it must be {expected}")
        return
    if fault.bound:
        problems.error("wrong-value", f"{name} must be {fault.bound}", span)
        return
    written = document.source.text[span.start : span.end]
    fix = help = None
    boolean = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(fault.given).lower())
    if fault.kind == "string_type" and isinstance(fault.given, bool | int | float):
        fix, help = replacement(span, f'"{written}"'), f'write `"{written}"`'
    elif fault.kind == "bool_type" and boolean:
        fix, help = replacement(span, boolean), f"write `{boolean}`"
    elif fault.meant:
        meant = f"{{{', '.join(f'{key}: {_flow(v)}' for key, v in fault.meant.items())}}}"
        fix, help = replacement(span, meant), f"write `{meant}`"
    message = f"{name} must be {expected}"
    problems.error("wrong-shape", message, span, f"this is {_sort(fault.given)}", help=help or "", fix=fix)


def _name(path: Path) -> str:
    """What stands at `path`, as a reader would call it."""
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    return f"item {path[-1] + 1} of {_name(path[:-1])}"


def _flow(value: str | list[str]) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


def _short(wanted: object) -> str | None:
    return wanted.SHORT if isinstance(wanted, type) and issubclass(wanted, Shape) else None


def _sort(value: object) -> str:
    match value:
        case bool():
            return "`true` or `false`"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list" if value else "an empty list"
    return "a mapping"


def _put(value: Any, path: Path, put: object) -> bool:
    """Whether it stands there now: what is no mapping in the file itself holds nothing."""
    for step in path[:-1]:
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value[path[-1]] = put
    return isinstance(value, dict)


def _cut(value: Any, path: Path) -> None:
    """Takes out what stands at `path`, or the nearest thing around it that is written."""
    holder = value
    for step in path[:-1]:
        if isinstance(holder, dict) and not isinstance(holder.get(str(step)), dict | list):
            holder.pop(str(step), None)
            return
        if isinstance(holder, list) and not isinstance(holder[int(step)], dict | list):
            del holder[int(step)]
            return
        holder = holder[step]
    if not path:
        holder.clear()
    elif isinstance(holder, dict):
        holder.pop(str(path[-1]), None)
    else:
        del holder[int(path[-1])]
