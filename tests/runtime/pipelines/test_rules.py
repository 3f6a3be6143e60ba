"""The rules of pipelines against a plain reading of them (P8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.model import Pipeline, Stage
from dsl.schema.moves import allowed, begins, closing, forbidden, refused
from dsl.schema.standard import standard_pipelines

SALES = standard_pipelines()[0]


def rules(**given: object) -> Pipeline:
    return Pipeline(SALES.object, SALES.name, SALES.label, SALES.stages, **given)


def test_p8_without_rules_a_record_goes_anywhere() -> None:
    names = [s.name for s in SALES.stages]
    assert all(allowed(SALES, here) == tuple(n for n in names if n != here) for here in names)
    assert begins(SALES) == tuple(names)


def test_p8_nothing_goes_back_where_that_is_forbidden() -> None:
    p = rules(back=False)
    assert allowed(p, "proposal") == ("contract", "won", "lost")
    assert "comes before `proposal`" in refused(p, "proposal", "qualified")


def test_p8_no_open_stage_is_left_out_where_that_is_forbidden() -> None:
    """What is lost is lost from anywhere; won is won from the last open stage."""
    p = rules(skip=False)
    assert allowed(p, "appointment") == ("qualified", "lost")
    assert allowed(p, "contract") == ("appointment", "qualified", "proposal", "won", "lost")
    assert "`qualified` lies between" in refused(p, "appointment", "proposal")


def test_p8_without_a_won_stage_closing_is_a_stage_like_others() -> None:
    p = Pipeline(
        "ticket", "t", "T", (Stage("new", ""), Stage("open", ""), Stage("closed", "", closed=True)), skip=False
    )
    assert allowed(p, "new") == ("open",)
    assert closing(p) == ("closed",)


def test_p8_a_record_begins_where_it_may() -> None:
    p = rules(create_in=("appointment", "proposal"))
    assert begins(p) == ("appointment", "proposal")
    assert refused(p, None, "won") == "nothing begins in `won` in the pipeline `sales`"
    assert refused(p, None, "proposal") == ""


def test_p8_from_a_stage_that_is_gone_it_may_go_anywhere() -> None:
    assert refused(rules(skip=False, back=False), "of_old", "won") == ""
    assert refused(rules(), "won", "of_old") == "the pipeline `sales` has no stage `of_old`"


@given(st.booleans(), st.booleans(), st.lists(st.booleans(), min_size=1, max_size=6), st.booleans(), st.data())
def test_p8_the_forbidden_moves_are_those_that_are_refused(
    skip: bool, back: bool, closes: list[bool], won: bool, data: st.DataObject
) -> None:
    stages = tuple(Stage(f"s{i}", "", c, c and won and i % 2 == 0) for i, c in enumerate(closes))
    p = Pipeline("deal", "p", "P", stages, (), skip, back)
    barred = dict(forbidden(p))
    i, j = (data.draw(st.integers(0, len(stages) - 1)) for _ in range(2))
    if i == j:
        return
    lost = stages[j].closed and not stages[j].won and any(s.won for s in stages)
    between = any(not s.closed for s in stages[i + 1 : j])
    may = back if j < i else skip or lost or not between
    assert (f"s{i}" not in barred.get(f"s{j}", ())) == may
    assert (f"s{j}" in allowed(p, f"s{i}")) == may


@pytest.mark.parametrize("pipeline", standard_pipelines())
def test_p8_standard_pipelines_forbid_nothing(pipeline: Pipeline) -> None:
    assert list(forbidden(pipeline)) == []
