"""Lists written out in the code are those of the libraries they stand for."""

import subprocess
import sys
from pathlib import Path

import holidays
from babel.numbers import list_currencies

from dsl.schema.codes_of_the_world import COUNTRIES, CURRENCIES, minor_digits

ROOT = Path(__file__).parents[3]


def test_countries_are_those_with_holidays() -> None:
    assert {c for c in holidays.list_supported_countries() if len(c) == 2} == COUNTRIES


def test_currencies_can_be_printed() -> None:
    assert list_currencies() >= CURRENCIES


def test_minor_digits() -> None:
    """X32."""
    assert [minor_digits(c) for c in ("USD", "JPY", "KWD")] == [2, 0, 3]


def test_reading_loads_nothing_heavy() -> None:
    """`segue check` must start fast."""
    program = """
import sys
from pathlib import Path
from dsl.schema import read_project, read_schema
from dsl.source import Source
assert "pydantic" not in sys.modules
good = Path("tests/dsl/schema/good")
for read, name in ((read_schema, "schema.yaml"), (read_project, "segue.yaml")):
    assert not read(Source(name, (good / name).read_text(encoding="utf-8")))[1]
print([m for m in ("sqlalchemy", "textual", "holidays", "babel", "numpy") if m in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONPATH": "src"}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
