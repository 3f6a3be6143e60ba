"""Every command on the pages that lead somebody by the hand, typed as it stands there, in order, says what stands
below it.

The pages show stdout and stderr as a terminal does, in the order in which they come. Commands that the pages show
without an answer must merely succeed; a line `..` stands for others. What a page calls `rules/NAME.segue` is written
into the project, where `segue init` has made no such file."""

from __future__ import annotations

import asyncio
import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.project.loading import load_settings, open_store
from segue.main import main
from tui.app import SegueApp

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```([a-z]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(rules/\w+\.segue)`")


@dataclass(frozen=True)
class Typed:
    command: str
    said: str


@dataclass(frozen=True)
class Written:
    file: str
    text: str


def steps(page: str) -> Iterator[Typed | Written]:
    """What a reader types and writes, in order."""
    text, file = (ROOT / page).read_text("utf-8"), ""
    before = 0
    for block in _BLOCK.finditer(text):
        file = (_FILE.findall(text[before : block.start()]) or [file])[-1]
        before = block.end()
        if block[1] == "segue" and file:
            yield Written(file, block[2])
        if block[1] == "console":
            for part in re.split(r"^\$ ", block[2], flags=re.MULTILINE)[1:]:
                whole = re.sub(r"\\\n\s*", "", part)  # a command may go on
                yield Typed(*whole.partition("\n")[::2])


class Reader:
    """Somebody who follows a page in an empty folder."""

    def __init__(self, folder: Path, page: str, go: pytest.MonkeyPatch) -> None:
        self.folder, self.page, self.go = folder, page, go
        self.checks, self.own = 0, set[Path]()

    def follow(self) -> None:
        for step in steps(self.page):
            if isinstance(step, Written):
                self.write(Path(step.file), step.text)
            else:
                verb, *arguments = shlex.split(step.command, comments=True)
                self.type(verb, arguments, step)

    def write(self, file: Path, text: str) -> None:
        """A file of the page's own; what `init` made is only shown."""
        if file in self.own or (Path("segue.yaml").exists() and not file.exists()):
            file.parent.mkdir(exist_ok=True)
            with file.open("a", encoding="utf-8") as writing:
                writing.write(f"\n{text}" if file in self.own else text)
            self.own.add(file)

    def type(self, verb: str, arguments: list[str], step: Typed) -> None:
        if verb == "cd":
            self.go.chdir(arguments[0])
        elif verb == "cat":
            Path(arguments[0]).write_text(step.said)
        elif Path(verb).name == "segue" and arguments[0] == "tui":
            assert "Trial welcome" in asyncio.run(looked_at("2", "enter"))
        elif Path(verb).name == "segue":
            self.ask(arguments, step)

    def ask(self, arguments: list[str], step: Typed) -> None:
        if arguments == ["check"]:
            self.checks += 1
            arguments = [*arguments, "--format", "full"] if " error in " in step.said else arguments
            self.spoil(step.said)
        code, told = on_a_terminal(arguments)
        self.mend()
        assert code == (1 if " error in " in step.said else 0), (step.command, told)
        shown, really = lines(step.said, self.folder), lines(told, self.folder)
        if not shown or ".." in shown or self.page == "README.md":  # which leaves out remarks
            rest = iter(really)
            assert all(line == ".." or line in rest for line in shown), (step.command, told)
        else:
            assert shown == really, step.command

    def spoil(self, said: str) -> None:
        """Change what the page says to change before its next check."""
        trials, customers = Path("rules/trials.segue"), Path("rules/customers.segue")
        if "`tryal`" in said:
            trials.write_text(trials.read_text().replace("= trial", "= tryal", 1))
        if "no problems in 5" in said:
            customers.write_text(
                customers.read_text().replace("first_name }}", "first_name | default: 'dear customer' }}")
            )

    def mend(self) -> None:
        trials = Path("rules/trials.segue")
        if trials.exists():
            trials.write_text(trials.read_text().replace("tryal", "trial"))


async def looked_at(*keys: str) -> str:
    """What the app shows of the project in this folder after these keys."""
    settings = load_settings(Path())
    with open_store(settings) as store:
        app = SegueApp(store, settings.schema, settings.zone, "mia", settings=settings, live=False)
        async with app.run_test(size=(124, 36)) as pilot:
            for key in ("", *keys):
                if key:
                    await pilot.press(key)
                await pilot.pause()
                await app.workers.wait_for_complete()
                await pilot.pause()
            return app.export_screenshot().replace("&#160;", " ")


def on_a_terminal(arguments: list[str]) -> tuple[int, str]:
    """The exit code, and both streams in the order in which they are written."""
    both = io.StringIO()
    with redirect_stdout(both), redirect_stderr(both):
        code = main(arguments)
    return code, both.getvalue()


def lines(text: str, here: Path) -> list[str]:
    steady = re.sub(r" in [\d.]+ s;", " in 0.4 s;", text.replace(f"{here}/", "/tmp/"))
    return [line.rstrip() for line in steady.splitlines() if line.strip()]


PAGES = {
    "README.md": 2,
    "docs/tutorial.md": 4,
    "docs/guides/author.md": 1,
    "docs/guides/operator.md": 0,
    "docs/guides/ci.md": 0,
    "docs/guides/administrator.md": 0,
}


@pytest.mark.parametrize(("page", "checks"), PAGES.items())
@pytest.mark.usefixtures("segue")
def test_a_page_tells_the_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, checks: int) -> None:
    reader = Reader(tmp_path, page, monkeypatch)
    reader.follow()
    assert reader.checks == checks
