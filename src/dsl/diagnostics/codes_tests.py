"""Codes of `test` declarations: SG5xx."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

TEST_CODES = (
    Code(
        "test-without-clock",
        "SG501",
        "A test that does not say what time it is",
        "What a rule does depends on the day and the hour; with a clock the test gives the same answer for ever.",
    ),
    Code(
        "clock-not-first",
        "SG502",
        "A clock that is not the first line, or a second one",
        "A test begins at one instant; from there time passes by `after`.",
    ),
    Code(
        "unknown-person",
        "SG503",
        "A name that the test has not given",
        "Only records given by the test are there: the store is empty before it.",
    ),
    Code(
        "person-twice",
        "SG504",
        "Two records of one name in a test",
        "Nobody could tell which of them is meant below.",
    ),
    Code(
        "given-too-late",
        "SG505",
        "Something given after the test has begun",
        "What is given was there at the clock; what comes later happens: an event, a `set`, an enrollment.",
    ),
    Code(
        "not-live",
        "SG506",
        "A definition that is not live in the test",
        "Only the definitions behind `of` are live, so that a test is about them alone.",
    ),
    Code(
        "unknown-definition",
        "SG507",
        "No definition of that name",
        "A test names what it is of.",
    ),
    Code(
        "not-a-plain-value",
        "SG508",
        "A value that is not known before the test runs",
        "A test says what is there and what is expected in plain values.",
    ),
    Code(
        "not-its-own",
        "SG509",
        "A property of another record",
        "A test says of each record what belongs to it, and links them with `linked to`.",
    ),
    Code(
        "not-said-plainly",
        "SG510",
        "An event of a test with something else than values",
        "It happens here, so each of its fields has one value: `field = value`.",
    ),
    Code(
        "missing-event-field",
        "SG511",
        "An event of a test without a field that every such event has",
        "No such event could reach the store.",
    ),
    Code(
        "not-an-act",
        "SG512",
        "An event that does not happen by itself",
        "`acted` and `created` follow from other events and from records.",
    ),
    Code(
        "no-such-link",
        "SG513",
        "Two records that are not linked, or in several ways",
        "The schema says which objects are linked.",
    ),
    Code(
        "after-nothing",
        "SG514",
        "No time passes",
        "`after` moves the clock of the test.",
    ),
    Code(
        "unknown-reason",
        "SG515",
        "A reason that nothing ends with",
        "The test would never pass.",
    ),
    Code(
        "row-length",
        "SG516",
        "A row with more or fewer values than names",
        "Each name of a `for each` has one value in each row.",
    ),
    Code(
        "not-a-name",
        "SG517",
        "A value in a row that stands where a name is due",
        "Templates, people and definitions are named by words.",
    ),
    Code(
        "test-expects-nothing",
        "SG518",
        "A test that cannot fail",
        "It expects nothing, so it would pass whatever the rules do.",
        Severity.WARNING,
    ),
    Code(
        "expectation-failed",
        "SG530",
        "An expectation of a test that does not hold",
        "The rules do something else than the test says; one of them is wrong.",
    ),
    Code(
        "test-not-run",
        "SG531",
        "A test that could not be run to its end",
        "Something stopped it before its expectations could be judged.",
    ),
)
