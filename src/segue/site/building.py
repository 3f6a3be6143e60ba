"""`python -m segue.site.building`: builds the site of the folder it is started in, with the language in colour."""

from __future__ import annotations

from pygments.lexers._mapping import LEXERS
from zensical.main import cli


def main() -> None:
    # In a clone nothing is installed, so the lexer is not found by its entry point.
    LEXERS["SegueLexer"] = ("segue.pygments_lexer", "Segue", ("segue",), ("*.segue",), ())
    cli(["build", "--strict", "--clean"])


if __name__ == "__main__":
    main()
