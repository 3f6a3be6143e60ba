"""What was kept of the last run never changes what is said, and no file stops a run but with a sentence."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from dsl.source import Source
from dsl.syntax import Parsed, parse
from runtime.checking import kept_findings, two_processes
from runtime.checking.rechecking import recheck
from runtime.errors import InvalidInput
from runtime.project import layout
from runtime.project.loading import compile_texts, read_texts

SCHEMA = "extends: standard\ntopics:\n  news: {kind: marketing}\n"
RULES = {
    "people.segue": "segment sleeping of contact { created_at older than 60 days and has not acted within 60 days }\n",
    "mails/hello.segue": 'template hello { topic: news subject: "Hi" body: "Hello" }\n',
    "mails/reach.segue": "sequence reach { when: in segment sleeping sender: mia send hello }\n",
    "wrong.segue": "segment wrong of contact { in segment sleping }\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_findings, "DOUBT", 0)
    root = tmp_path / "project"
    (root / "mails").mkdir(parents=True)
    (root / "segue.yaml").write_text("name: kept\nusers:\n  mia: {email: mia@example.com}\n")
    (root / "schema.yaml").write_text(SCHEMA)
    for name, text in RULES.items():
        (root / name).write_text(text)
    return root


def same(root: Path, fresh: bool) -> None:
    """Checks, and that it says what a run without anything kept says."""
    found = recheck(root)
    assert found.fresh is fresh
    anew = compile_texts(read_texts(root))
    assert found.diagnostics == anew.diagnostics
    assert {name: found.sources[name].text for name in found.files} == {n: s.text for n, s in anew.sources.items()}


def test_edits_of_every_kind(root: Path) -> None:
    same(root, fresh=True)
    same(root, fresh=False)
    (root / "people.segue").write_text(RULES["people.segue"].replace("sleeping", "sleping"))
    same(root, fresh=True)
    (root / "people.segue").write_text(RULES["people.segue"])
    same(root, fresh=True)
    (root / "new.segue").write_text("segment new of contact { plan = free }\n")
    same(root, fresh=True)
    (root / "schema.yaml").write_text(SCHEMA + "objects:\n  contact:\n    properties:\n      plan: {type: text}\n")
    same(root, fresh=True)
    (root / "mails/hello.segue").unlink()
    same(root, fresh=True)
    (root / "schema.yaml").unlink()
    same(root, fresh=True)
    (root / "wrong.segue").rename(root / "worse.segue")
    same(root, fresh=True)
    same(root, fresh=False)


def test_what_did_not_change_is_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def counting(source: Source, table: Path | None) -> Parsed:
        read.append(source.name)
        return parse(source, table)

    monkeypatch.setattr("dsl.rule_file.parse", counting)
    recheck(root)
    assert set(read) == set(RULES)
    read.clear()
    (root / "wrong.segue").write_text(RULES["wrong.segue"].replace("sleping", "slepung"))
    recheck(root)
    assert read == ["wrong.segue"]


def test_an_edit_that_leaves_size_and_time_as_they_were(root: Path) -> None:
    """A clock may be coarser than two writes: what is as young as the last run is looked into."""
    recheck(root)
    path = root / "wrong.segue"
    before = path.stat()
    path.write_text(RULES["wrong.segue"].replace("sleping", "slepung"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    same(root, fresh=True)


def test_a_file_touched_but_the_same_is_as_before(root: Path) -> None:
    recheck(root)
    (root / "wrong.segue").touch()
    same(root, fresh=False)


@pytest.mark.parametrize("name", ["last", "memory"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 64, None])
def test_what_is_spoilt_is_as_if_it_were_not_there(root: Path, name: str, content: bytes | None) -> None:
    recheck(root)
    folder = kept_findings.folder_of(root)
    assert folder is not None
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1] if content is None else content)
    (root / "people.segue").write_text(RULES["people.segue"].replace("60", "90"))
    same(root, fresh=True)
    same(root, fresh=False)


def test_a_folder_that_others_may_write_to_is_not_trusted(root: Path) -> None:
    recheck(root)
    folder = kept_findings.folder_of(root)
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert kept_findings.folder_of(root) is None
    same(root, fresh=True)


def test_what_was_kept_of_a_project_long_ago_goes_when_another_comes(root: Path, tmp_path: Path) -> None:
    recheck(root)
    old = kept_findings.folder_of(root)
    assert old is not None
    os.utime(old / "last", (0, 0))
    other = tmp_path / "other"
    other.mkdir()
    (other / "segue.yaml").write_text("name: other\n")
    recheck(other)
    assert not old.exists()


def test_two_processes_find_what_one_finds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = recheck(root).diagnostics
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "other"))
    monkeypatch.setattr(two_processes, "ENOUGH", 0)
    monkeypatch.setattr(two_processes, "_may_fork", lambda: True)
    assert recheck(root).diagnostics == alone
    same(root, fresh=False)


def test_a_second_process_that_dies_is_done_without(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes, "ENOUGH", 0)
    monkeypatch.setattr(two_processes, "_may_fork", lambda: True)
    monkeypatch.setattr(two_processes, "_work", lambda *_: os._exit(1))
    same(root, fresh=True)


# --- bad input --------------------------------------------------------------------------------


def refused(root: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        recheck(root)
    return caught.value.message


def test_a_folder_in_place_of_the_schema(root: Path) -> None:
    (root / "schema.yaml").unlink()
    (root / "schema.yaml").mkdir()
    assert refused(root) == "schema.yaml is a folder, not a file"


def test_a_folder_named_like_a_rule_file_is_a_folder(root: Path) -> None:
    (root / "old.segue").mkdir()
    (root / "old.segue" / "x.segue").write_text("segment x of contact { in segment wrong }\n")
    assert "old.segue/x.segue" in recheck(root).files


def test_a_link_that_leads_nowhere(root: Path) -> None:
    recheck(root)
    (root / "gone.segue").symlink_to("nowhere")
    assert refused(root) == "gone.segue cannot be read: No such file or directory"


def test_a_link_to_itself(root: Path) -> None:
    (root / "loop.segue").symlink_to("loop.segue")
    assert refused(root).startswith("loop.segue cannot be read: Too many levels")


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.segue")
    assert refused(root) == "pipe.segue is no regular file"


def test_a_device(root: Path) -> None:
    (root / "zero.segue").symlink_to("/dev/zero")
    assert refused(root) == "zero.segue is no regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(root: Path) -> None:
    (root / "wrong.segue").chmod(0)
    assert refused(root) == "wrong.segue cannot be read: Permission denied"


def test_a_file_too_large_to_be_one_of_rules(root: Path) -> None:
    with (root / "large.segue").open("wb") as file:
        file.truncate(layout.LARGEST + 1)
    assert refused(root).startswith("large.segue is too large")


def test_a_file_that_never_rests(root: Path) -> None:
    """Somebody writes to it all the time: the run ends, with the file as it was at one moment or with a sentence."""
    path, over = root / "busy.segue", threading.Event()

    def write() -> None:
        while not over.is_set():
            path.write_text("# more\n" * 2000)

    path.write_text("")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            try:
                content, _ = layout.read_whole(path, "busy.segue")
                assert content in (b"", b"# more\n" * 2000) or content.startswith(b"# more")
            except InvalidInput as error:
                assert error.message == "busy.segue changes while it is read"
    finally:
        over.set()
        writer.join()


def test_a_file_that_changes_between_its_check_and_its_showing(root: Path) -> None:
    recheck(root)
    found = recheck(root)
    (root / "wrong.segue").write_text("# another text\n")
    with pytest.raises(InvalidInput, match=r"wrong\.segue changed while it was checked"):
        found.sources["wrong.segue"]


def test_any_bytes(root: Path) -> None:
    (root / "bytes.segue").write_bytes(bytes(range(256)) * 4)
    same(root, fresh=True)
    same(root, fresh=False)
