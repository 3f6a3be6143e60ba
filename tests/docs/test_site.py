"""`segue docs`: every page is reached, no link is dead, nothing comes from another host, the search finds."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import segue.site
from runtime.errors import InvalidInput
from segue.main import main
from segue.site.showing import show

from .pages import ROOT, text_of

# Not in the navigation: reached from a list of their own, which is.
LISTED = ("rules", "decisions")


class Page(HTMLParser):
    """The links of a built page, the anchors it has, and what it asks others for."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links, self.anchors, self.parts = set[str](), set[str](), set[str]()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.add(found["href"])
        if tag in ("link", "script", "img", "iframe", "source"):
            self.parts |= {found[name] for name in ("href", "src") if name in found}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    assert main(["docs", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def built(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_every_page_of_docs_is_on_the_site(built: dict[Path, Page], site: Path) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    there = {path.relative_to(site).with_suffix("") for path in built}
    assert {page.with_name("index") if page.name == "README" else page for page in written} == there


def test_no_link_is_dead_and_every_anchor_is_there(built: dict[Path, Page]) -> None:
    dead = []
    for path, page in built.items():
        for link in page.links | page.parts:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (anchor and target in built and anchor not in built[target].anchors):
                dead.append((path.name, link))
    assert dead == []


def test_nothing_is_asked_of_another_host(built: dict[Path, Page], site: Path) -> None:
    assert {part for page in built.values() for part in page.parts if re.match(r"([a-z]+:)?//", part)} == set()
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//", styles) == []


def test_programs_are_in_colour(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert re.search(r'language-segue.*?<span class="k\w*">sequence</span>', page, re.DOTALL)


def test_tables_and_lists_are_shown_as_such(site: Path) -> None:
    """A site takes them for words where no blank line stands above."""
    wrong = []
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        for words in re.findall(r"<p>(.*?)</p>", re.sub(r"<code>.*?</code>", "", text, flags=re.DOTALL), re.DOTALL):
            if re.search(r"^\||^[-*] \S|\*\*|```", words, re.MULTILINE):
                wrong.append((path.name, words[:80]))
    assert wrong == []


def test_the_search_finds_what_is_on_a_page(site: Path) -> None:
    found = json.loads((site / "search.json").read_text("utf-8"))["items"]
    told = {item["location"].partition("#")[0]: "" for item in found}
    for item in found:
        told[item["location"].partition("#")[0]] += item["text"]
    assert "quiet_hours" in told["project.html"] and "lifecycle_stage" in told["reference/schema.html"]


def test_every_page_stands_in_the_navigation() -> None:
    def pages(entry: Any) -> set[str]:
        if isinstance(entry, str):
            return {entry}
        return {page for one in (entry.values() if isinstance(entry, dict) else entry) for page in pages(one)}

    nav = pages(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"])
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    listed = {page for page in written if page.startswith(LISTED) and not page.endswith("README.md")}
    assert nav == written - listed


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "playbooks/README.md"])
def test_links_beside_the_site_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text_of(page)):
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        assert path.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, target


# --- bad input -----------------------------------------------------------------------------------


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert main(["docs", "--out", str(tmp_path)]) == 2
    assert "holds something else" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_installed_segue_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(segue.site, "ROOT", tmp_path)
    assert main(["docs", "--out", str(tmp_path / "site")]) == 2
    assert "clone Segue and run `./segue docs`" in capsys.readouterr().err


def test_a_dead_link_is_told_and_the_older_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n[gone](gone.md)\n")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "x"\n')
    monkeypatch.setattr(segue.site, "ROOT", tmp_path)
    monkeypatch.setattr("segue.reference.made_pages", dict)
    monkeypatch.setattr(segue.site, "_SOURCES", (ROOT / "src", ROOT))
    out = tmp_path / "site"
    out.mkdir()
    (out / "search.json").write_text("{}")
    assert main(["docs", "--out", str(out)]) == 2
    assert "page does not exist" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["search.json"]


def test_a_port_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="port 99999 cannot be used"):
        show(tmp_path, 99_999)
