"""Reading comes to an end whatever a shape demands of its file."""

from __future__ import annotations

from dsl.schema.problems import Problems
from dsl.schema.shape import Shape, read_shape
from dsl.schema.yaml_positions import read_yaml
from dsl.source import Source


class _Needy(Shape):
    name: str
    size: int = 1


def test_a_key_the_file_must_have_is_told_once_and_the_rest_is_read() -> None:
    problems = Problems()
    document = read_yaml(Source("x.yaml", "size: 3\n"), problems)
    assert document is not None
    shape = read_shape(_Needy, document, problems)
    assert [p.message for p in problems.found] == ["this file needs `name`"]
    assert (shape.name, shape.size) == (None, 3)
