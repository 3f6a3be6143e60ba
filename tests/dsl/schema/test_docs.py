"""The examples of docs/schema.md and docs/project.md are read without a finding, and name every key there is."""

import re
from pathlib import Path

import pytest

from dsl.schema import read_project, read_schema
from dsl.schema.project_file import DEFAULTS
from dsl.schema.shape import Shape
from dsl.schema.shape_of_project import ProjectShape
from dsl.schema.shape_of_schema import SchemaShape
from dsl.source import Source

DOCS = Path(__file__).parents[3] / "docs"


def page(name: str) -> tuple[str, str]:
    text = (DOCS / name).read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found
    return text, found[1]


def test_schema_example() -> None:
    assert read_schema(Source("schema.yaml", page("schema.md")[1]))[1] == ()


def test_project_example() -> None:
    assert read_project(Source("segue.yaml", page("project.md")[1]))[1] == ()


@pytest.mark.parametrize(("name", "root"), [("schema.md", SchemaShape), ("project.md", ProjectShape)])
def test_every_key_is_told(name: str, root: type[Shape]) -> None:
    module = __import__(root.__module__, fromlist=["*"])
    shapes = [s for s in vars(module).values() if isinstance(s, type) and issubclass(s, Shape) and s is not Shape]
    keys = {field.alias or key for shape in shapes for key, field in shape.model_fields.items()}
    text = page(name)[0]
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()
    assert name == "schema.md" or all(default in text for default in DEFAULTS)
