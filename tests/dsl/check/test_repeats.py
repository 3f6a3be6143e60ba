"""P15: where the checker says that a fix repeats, it does for every record, told by trying all of them."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dsl.program.blocks import Clear, Graph, Set
from dsl.program.conditions import All, AnyOf, Call, Compare, Condition, Const, Field, Missing, OneOf, TextTest, Value
from tests.examples import examples

from .test_cases import check

PLANS, NUMBERS, TEXTS = (None, "free", "trial", "paid"), (None, 3, 9), (None, "x", "Xa", "axY", "ax", "yx ", "Jr.")
Person = dict[str, object]
EVERYBODY: list[Person] = [
    {"plan": plan, "nps": nps, "first_name": name} for plan, nps, name in product(PLANS, NUMBERS, TEXTS)
]

_plan = st.sampled_from(PLANS[1:])
_number = st.sampled_from(NUMBERS[1:])
_text = st.sampled_from(["x", "X", "ax", "y", "Jr."])
TESTS = st.one_of(
    st.builds("plan = {}".format, _plan),
    st.builds("plan in [{}, {}]".format, _plan, _plan),
    st.builds("nps = {}".format, _number),
    st.sampled_from(["plan is known", "plan is missing", "nps is known", "first_name is missing"]),
    st.builds('first_name {} "{}"'.format, st.sampled_from(["contains", "starts with", "ends with"]), _text),
)
CONDITIONS = st.one_of(
    TESTS,
    st.builds("{} and {}".format, TESTS, TESTS),
    st.builds("{} or {}".format, TESTS, TESTS),
)
STEPS = st.one_of(
    st.builds("set plan = {}".format, _plan),
    st.builds("set nps = {}".format, _number),
    st.sampled_from(["clear plan", "clear nps", "clear first_name"]),
    st.builds('set first_name = "{}"'.format, _text),
    st.builds(
        'set first_name = {}(first_name, "{}")'.format, st.sampled_from(["without_suffix", "without_prefix"]), _text
    ),
    st.sampled_from(["set first_name = lower(first_name)", "set first_name = trim(first_name)"]),
)


@examples(150)
@given(CONDITIONS, st.lists(STEPS, min_size=1, max_size=2))
def test_p15_a_fix_that_is_said_to_repeat_does(condition: str, steps: list[str]) -> None:
    compiled = check(f"hygiene h of contact {{ fix when {condition} {{ {' '.join(steps)} }} }}")
    codes = [d.code for d in compiled.diagnostics]
    if compiled.program is None or "fix-repeats" not in codes:
        return
    (rule,) = compiled.program.hygiene["h"].rules
    assert rule.graph is not None
    found = [person for person in EVERYBODY if holds(rule.condition, person)]
    assert all(holds(rule.condition, fixed(rule.graph, person)) for person in found), (condition, steps)


def test_p15_a_fix_that_ends_is_not_said_to_repeat() -> None:
    """The other way round for one of each kind, as the test above says nothing of silence."""
    for condition, step in [("plan = free", "set plan = paid"), ('first_name ends with "x"', "clear first_name")]:
        assert not check(f"hygiene h of contact {{ fix when {condition} {{ {step} }} }}").diagnostics


def fixed(graph: Graph, person: Person) -> Person:
    """The record after the steps, each of which reads what stands there by then."""
    after = dict(person)
    at = graph.entry
    while isinstance(block := graph.blocks[at], Set | Clear):
        after[block.property] = _value(block.value, after) if isinstance(block, Set) else None
        at = block.next
    return after


def holds(condition: Condition, person: Person) -> bool:
    """Two-valued: what compares with nothing is false (X29)."""
    match condition:
        case All(parts):
            return all(holds(part, person) for part in parts)
        case AnyOf(parts):
            return any(holds(part, person) for part in parts)
        case Missing(left, negated):
            return (_value(left, person) is None) != negated
        case Compare(left, "=", right):
            return _value(left, person) is not None and _folded(_value(left, person)) == _folded(_value(right, person))
        case OneOf(left, options):
            return _value(left, person) in [option.value for option in options]
        case TextTest(left, op, right):
            text, wanted = _value(left, person), _folded(_value(right, person))
            if text is None:
                return False
            whole = str(_folded(text))
            tests = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}
            return bool(tests[op](whole, str(wanted)))
    raise AssertionError(condition)


def _value(value: Value, person: Person) -> object:
    match value:
        case Const(constant):
            return constant
        case Field(property=name):
            return person[name]
        case Call(function, (first, *rest)):
            text = _value(first, person)
            return None if text is None else _called(function, str(text), *(str(_value(one, person)) for one in rest))
    raise AssertionError(value)


def _called(function: str, text: str, affix: str = "") -> str:
    match function:
        case "lower":
            return text.lower()
        case "trim":
            return text.strip()
        case "without_suffix":
            return text[: -len(affix)] if str(_folded(text)).endswith(str(_folded(affix))) else text
    return text[len(affix) :] if str(_folded(text)).startswith(str(_folded(affix))) else text


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
