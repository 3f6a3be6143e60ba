"""`dsl.values.dataclass` is to be told from that of the standard library by its speed alone."""

import copy
import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from dataclasses import dataclass as standard
from typing import Generic, TypeVar

import pytest

from dsl import values


class Ours:
    @values.dataclass(frozen=True, slots=True)
    class Point:
        value: int
        missing: int = 2
        seen: list[int] = field(default_factory=list, compare=False)
        span: str = field(default="", repr=True)

        @property
        def sum(self) -> int:
            return self.value + self.missing

    @values.dataclass(frozen=True, slots=True)
    class Nothing:
        pass


class Theirs:
    @standard(frozen=True, slots=True)
    class Point:
        value: int
        missing: int = 2
        seen: list[int] = field(default_factory=list, compare=False)
        span: str = field(default="", repr=True)

    @standard(frozen=True, slots=True)
    class Nothing:
        pass


def test_it_says_of_itself_what_the_standard_one_says() -> None:
    ours, theirs = Ours.Point, Theirs.Point
    assert is_dataclass(ours)
    for asked in ("name", "type", "default", "default_factory", "compare"):
        assert [getattr(f, asked) for f in fields(ours)] == [getattr(f, asked) for f in fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    assert repr(ours(1, span="x")) == repr(theirs(1, span="x")).replace("Theirs", "Ours")
    assert repr(Ours.Nothing()) == "Ours.Nothing()"


def test_values_are_equal_by_what_they_compare() -> None:
    one = Ours.Point(1, seen=[1])
    assert one == Ours.Point(1, 2, [2])
    assert hash(one) == hash(Ours.Point(1, 2, [2]))
    assert one != Ours.Point(1, 3)
    assert one != Theirs.Point(1)
    assert Ours.Nothing() == Ours.Nothing()


def test_each_value_has_a_default_of_its_own() -> None:
    one, other = Ours.Point(1), Ours.Point(value=1)
    one.seen.append(5)
    assert other.seen == []


def test_nothing_can_be_set_or_taken_away() -> None:
    one = Ours.Point(1)
    with pytest.raises(FrozenInstanceError):
        one.value = 2
    with pytest.raises(FrozenInstanceError):
        del one.missing
    assert not hasattr(one, "__dict__")


def test_fields_are_asked_for_as_ever() -> None:
    with pytest.raises(TypeError, match="value"):
        Ours.Point()
    with pytest.raises(TypeError, match="other"):
        Ours.Point(1, other=2)


def test_it_is_copied_replaced_pickled_and_matched() -> None:
    one = Ours.Point(1, 5, [3], "x")
    assert replace(one, value=4).sum == 9
    assert values.replace(one, value=4) == replace(one, value=4)
    assert values.replace(one, span="y").seen is one.seen
    with pytest.raises(TypeError, match="other"):
        values.replace(one, other=2)
    assert copy.deepcopy(one).seen == [3]
    assert pickle.loads(pickle.dumps(one)) == one
    match one:
        case Ours.Point(1, missing, span=span):
            assert (missing, span) == (5, "x")
        case _:
            pytest.fail("not matched")


T = TypeVar("T")


@values.dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    it: T


def test_it_can_be_generic() -> None:
    one: Held[int] = Held[int](3)
    assert (one, repr(one)) == (Held(3), "Held(it=3)")
    assert not hasattr(one, "__dict__")


def test_what_can_change_is_the_standard_one() -> None:
    @values.dataclass(slots=True)
    class Mutable:
        at: int

    one = Mutable(1)
    one.at = 2
    assert one == Mutable(2)
