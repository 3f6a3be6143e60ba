"""Records found by what stands in them: by the beginning of their name, by an id, by any property (002.11)."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.diagnostics.articles import article
from dsl.diagnostics.suggest import did_you_mean
from dsl.schema.model import Kind, ObjectType, Property, Schema

from ..errors import InvalidInput, UnknownName
from ..operators import arguments
from ..project.loading import Settings
from ..store.ids import id_in
from ..store.names import begins_with, folded, folded_column, quoted
from ..store.objects import stored_properties
from ..store.session import Session
from ..store.values import Storage
from ..talks.typed import Reader
from .places import pipeline_of

Wanted = tuple[tuple[str, Storage], ...]  # (property, its value in the store's encoding; None: it has none)


def wanted(session: Session, settings: Settings, of: str, written: Mapping[str, str]) -> Wanted:
    """What was written for some properties, read by their types; nothing for "where there is none".

    Raises UnknownName, InvalidInput."""
    there = {p.name: p for p in stored_properties(settings.schema.objects[of])}
    users = {*settings.project.users, *(row[0] for row in session.run("SELECT name FROM segue_user"))}
    read = Reader.of(settings.project, users)
    found = []
    for name, text in written.items():
        if name not in there:
            raise UnknownName(f"{article(of)} has no `{name}`", did_you_mean(name, there))
        found.append((name, _read(read, there[name], text)))
    return tuple(found)


def check_names(
    session: Session, settings: Settings, of: str, pipeline: str | None, stage: str | None, owner: str | None
) -> None:
    """Where nothing was found: whether there is such a pipeline, stage or user at all. Raises UnknownName."""
    into = settings.schema.pipelines_of(of) if pipeline is None else [pipeline_of(settings.schema, of, pipeline)]
    if stage is not None:
        arguments.known("stage", stage, {s.name for one in into for s in one.stages})
    if owner is not None:
        arguments.user(session, settings.project.users, owner)


def sought(session: Session, settings: Settings, of: str, text: str) -> tuple[str, Wanted]:
    """One line of a search box: (what the name begins with, properties). `advertiser_id=A-17` looks in that property,
    anything else in names, ids and texts. Raises InvalidInput for a value that does not fit its property."""
    name, equals, value = text.partition("=")
    if equals and name.strip() in settings.schema.objects[of].properties:
        return "", wanted(session, settings, of, {name.strip(): value.strip()})
    return text.strip(), ()


def text_sql(of: ObjectType, title: str | None, text: str, values: dict[str, object]) -> str:
    """Whose name begins with `text`, or whose id or any text it is, ignoring case and width (X31)."""
    texts = [p.name for p in stored_properties(of) if p.type.kind is Kind.TEXT]
    values |= {"text": folded(text), "id_text": text, "number": id_in(text) or 0}
    tests = ["r.external_id = :id_text", "r.id = :number"]
    tests += [f"r.{quoted(folded_column(name))} = :text" for name in texts]
    if title is not None:
        tests.append(begins_with(f"r.{quoted(folded_column(title))}", "text"))
    return f"({' OR '.join(tests)})"


def properties_sql(schema: Schema, of: str, properties: Wanted, values: dict[str, object]) -> list[str]:
    """One test for each; a text ignoring case and width (X31), of several options each of those that are wanted."""
    tests = []
    for i, (name, value) in enumerate(properties):
        kind = schema.objects[of].properties[name].type.kind
        column = f"r.{quoted(folded_column(name) if kind is Kind.TEXT else name)}"
        if value is None:
            tests.append(f"{column} IS NULL")
        elif kind is Kind.MULTI_CHOICE:
            for j, option in enumerate(str(value).strip(";").split(";")):
                values[f"value{i}_{j}"] = f";{option};"
                tests.append(f"replace({column}, :value{i}_{j}, '') <> {column}")
        else:
            values[f"value{i}"] = folded(str(value)) if kind is Kind.TEXT else value
            tests.append(f"{column} = :value{i}")
    return tests


def _read(read: Reader, property_: Property, text: str) -> Storage:
    try:
        return read(property_.type, text)
    except InvalidInput as problem:
        raise InvalidInput(f"`{property_.name}`: {problem.message}", problem.hint) from None
