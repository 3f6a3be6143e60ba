"""Writes a lint rule to fill in: its file, and its line in the list of its category."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from dsl.lint.rule import CATEGORIES
from dsl.lint.rules import RULES

TEXT = '''"""What is found, in one line, with the rule of the domain it keeps (S6)."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.Sequence) -> Iterator[Found]:
    yield Found(node.name.span, f"`{{node.name.text}}` ..", "..", help="..")


RULE = Rule(
    name="{name}",
    alias="SG{code}",
    category="{category}",
    severity=Severity.WARNING,
    title="..",
    why="...",
    domain=("..",),
    bad=(Example("""\\
"""),),
    good=(Example("""\\
"""),),
    on=(nodes.Sequence,),
    check=_check,
)
'''


def free_code(category: str) -> int:
    """The number after the last one given out."""
    first = next(number for name, number in CATEGORIES.items() if name == category)
    given = [int(rule.alias.removeprefix("SG")) for rule in RULES if rule.category == category]
    return max(given, default=first - 1) + 1


def listed(text: str, module: str) -> str:
    """The list of a category with one more rule, at the end."""
    names = [*re.findall(r"(\w+)\.RULE", text), module]
    head = text[: text.index("\n\n", text.index("from __future__"))]
    rules = "".join(f"    {name}.RULE,\n" for name in names)
    imports = "".join(f"    {name},\n" for name in sorted(names))
    return f"{head}\n\nfrom . import (\n{imports})\n\nRULES = (\n{rules})\n"


def main() -> int:
    root, *arguments = sys.argv[1:]
    if len(arguments) != 2 or arguments[0] not in CATEGORIES or not re.fullmatch(r"[a-z]+(-[a-z]+)*", arguments[1]):
        print(f"usage: .ci/new-rule CATEGORY name-of-the-rule\ncategories: {', '.join(CATEGORIES)}", file=sys.stderr)
        return 2
    category, name = arguments
    folder = Path(root) / "src/dsl/lint/rules" / category
    module = name.replace("-", "_")
    file = folder / f"{module}.py"
    if file.exists():
        print(f"there is a rule {name} already", file=sys.stderr)
        return 2
    file.write_text(TEXT.format(name=name, code=free_code(category), category=category), encoding="utf-8")
    init = folder / "__init__.py"
    init.write_text(listed(init.read_text(encoding="utf-8"), module), encoding="utf-8")
    print(f"{file.relative_to(root)}\nfill it in, then: ./test tests/dsl/lint -k {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
