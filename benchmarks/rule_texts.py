"""The rules of `rule_files` written out as Segue, YAML and Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.rule_files import Rule, Step, Test


def as_segue(rule: Rule) -> str:
    """One declaration."""
    of = "" if rule.kind in ("sequence", "template") else " of contact"
    lines = [f"# {line}" for line in rule.remark]
    lines.append(f'{rule.kind} {rule.name} "{rule.label}"{of} {{')
    if rule.kind == "segment":
        lines += _chain("  ", "", rule.tests)
    elif rule.tests:
        lines += _chain("  ", "when: ", rule.tests)
    lines += [f"  {name}: {value}" for name, value in rule.settings]
    if rule.text:
        lines += ['  body: """', *(f"    {line}".rstrip() for line in rule.text.split("\n")), '    """']
    for step in rule.steps:
        lines += _step("  ", step)
    return "\n".join([*lines, "}", "", ""])


def _chain(margin: str, before: str, tests: tuple[Test, ...]) -> Iterator[str]:
    yield f"{margin}{before}{tests[0].segue}"
    for test in tests[1:]:
        yield f"{margin}  and {test.segue}"


def _step(margin: str, step: Step) -> Iterator[str]:
    if step.what != "if":
        yield f"{margin}{step.what} {step.value}"
        return
    condition = " and ".join(test.segue for test in step.tests)
    yield f"{margin}if {condition} {{"
    for inner in step.then:
        yield from _step(margin + "  ", inner)
    if step.otherwise:
        yield f"{margin}}} else {{"
        for inner in step.otherwise:
            yield from _step(margin + "  ", inner)
    yield f"{margin}}}"


def as_yaml(rule: Rule) -> str:
    """One item of a list, in plain block style."""
    lines = [
        *(f"# {line}" for line in rule.remark),
        f"- kind: {rule.kind}",
        f"  name: {rule.name}",
        f"  label: {rule.label}",
    ]
    if rule.tests:
        lines += ["  when:", *_yaml_tests("  ", rule.tests)]
    lines += [f"  {name}: {_scalar(value)}" for name, value in rule.settings]
    if rule.text:
        lines += ["  body: |", *(f"    {line}".rstrip() for line in rule.text.split("\n"))]
    if rule.steps:
        lines += ["  steps:", *_yaml_steps("  ", rule.steps)]
    return "\n".join([*lines, ""])


def _yaml_tests(margin: str, tests: tuple[Test, ...]) -> Iterator[str]:
    for test in tests:
        first = "- "
        for name, value in test.parts:
            shown = f"[{', '.join(value)}]" if isinstance(value, tuple) else _scalar(value)
            yield f"{margin}{first}{name}: {shown}"
            first = "  "


def _yaml_steps(margin: str, steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if step.what != "if":
            yield f"{margin}- {step.what}: {_scalar(step.value)}"
            continue
        yield f"{margin}- if:"
        yield from _yaml_tests(margin + "  ", step.tests)
        yield f"{margin}  then:"
        yield from _yaml_steps(margin + "  ", step.then)
        if step.otherwise:
            yield f"{margin}  else:"
            yield from _yaml_steps(margin + "  ", step.otherwise)


def _scalar(value: object) -> str:
    text = str(value)
    plain = isinstance(value, int) or text.replace(" ", "").replace("_", "").replace("-", "").isalnum()
    return text if plain else "'" + text.replace("'", "''") + "'"


def as_python(rule: Rule) -> str:
    """A class with the same content as calls and comparisons, without a finding of E, F, W."""
    lines = [f"# {line}" for line in rule.remark]
    lines += [
        f"class {rule.name.title().replace('_', '')}:",
        f'    """{rule.label}."""',
        "",
        f"    kind = {rule.kind!r}",
    ]
    lines += [f"    {name} = {value!r}" for name, value in rule.settings]
    if rule.text:
        lines += ["    body = (", *(f"        {line!r}" for line in rule.text.split("\n")), "    )"]
    if rule.tests:
        lines += ["", "    def when(self, contact, events):", "        return ("]
        lines += [f"            {'and ' if i else ''}{_call(test)}" for i, test in enumerate(rule.tests)] + [
            "        )"
        ]
    if rule.steps:
        lines += ["", "    def run(self, contact, events, act):"]
        for step in rule.steps:
            lines += _python_step("        ", step)
    return "\n".join([*lines, "", "", ""])


def _call(test: Test) -> str:
    match dict(test.parts):
        case {"property": str(name), "op": str(op), "value": value} if op != "in":
            return f"contact.{name} {'==' if op == '=' else op} {value!r}"
        case {"property": str(name), "op": "in", "value": value}:
            return f"contact.{name} in {value!r}"
        case {"property": str(name), **rest}:
            return f"contact.{name}.passes({', '.join(f'{k}={v!r}' for k, v in rest.items())})"
        case {"event": event, **rest}:
            return f"events.has({event!r}, {', '.join(f'{k}={v!r}' for k, v in rest.items())})"
    raise AssertionError(test)


def _python_step(margin: str, step: Step) -> Iterator[str]:
    if step.what != "if":
        words = ", ".join(repr(word) for word in step.value.split(" ", 2))
        yield f"{margin}act.{step.what}({words})"
        return
    yield f"{margin}if ("
    for i, test in enumerate(step.tests):
        yield f"{margin}    {'and ' if i else ''}{_call(test)}"
    yield f"{margin}):"
    for inner in step.then:
        yield from _python_step(margin + "    ", inner)
    if step.otherwise:
        yield f"{margin}else:"
        for inner in step.otherwise:
            yield from _python_step(margin + "    ", inner)
