"""init, check and migrate."""

import json
import os
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from runtime.project.layout import is_rule_file
from segue.starter import _FILES  # the files `init` copies

from .conftest import Segue


def test_help_lists_every_verb(segue: Segue) -> None:
    from segue.verbs import VERBS

    told = segue("--help")
    assert told.code == 0 and told.err == ""
    assert all(f"  {verb} " in told.out for verb in VERBS)
    assert segue().out == segue("-h").out == told.out


def test_each_verb_has_help(segue: Segue) -> None:
    from segue.verbs import VERBS

    for verb in VERBS:
        told = segue(verb, "--help")
        assert told.code == 0 and told.out.startswith(f"Usage: segue {verb}"), verb
        assert "object at 0x" not in told.out
    assert segue("help", "run").out == segue("run", "--help").out


def test_a_help_is_no_wider_than_the_terminal(segue: Segue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor than a page of the docs; only an example stays whole."""
    widest = max(segue("report", "--help").out.splitlines(), key=len)
    assert 80 < len(widest) <= 88
    monkeypatch.setattr("segue.help.sys.stdout.isatty", lambda: True, raising=False)
    for columns in (80, 60):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert max(len(line) for line in segue("report", "--help").out.splitlines()) <= columns


def test_each_example_of_a_help_is_one_that_the_verb_takes(segue: Segue) -> None:
    """Parsed, not run: names and options are those that there are."""
    from segue.main import parser
    from segue.verbs import VERBS

    for verb, (module, _) in VERBS.items():
        commands = getattr(import_module(f"segue.verbs.{module}"), "COMMANDS", {})
        for words in [[verb, command] for command in commands] or [[verb]]:
            _, _, rest = segue(*words, "--help").out.partition("\nFor instance:\n")
            examples = [shlex.split(line) for line in rest.partition("\n\n")[0].splitlines()]
            assert examples and all(example[: 1 + len(words)] == ["segue", *words] for example in examples), words
            for example in examples:
                parser(verb).parse_args(example[2:], exit_on_error=False, print_error=False)


def test_version(segue: Segue) -> None:
    assert segue("--version").out.startswith("segue 0.")


def test_unknown_verb(segue: Segue) -> None:
    told = segue("chekc")
    assert told.code == 2 and told.out == ""
    assert told.err == "segue: there is no verb `chekc`\n  did you mean `segue check`?\n"


def test_unknown_option(segue: Segue) -> None:
    told = segue("check", "--fromat", "json")
    assert told.code == 2
    assert told.err == "segue: `segue check` has no option `--fromat`\n  did you mean `--format`?\n"
    assert "see `segue check --help`" in segue("check", "--zzz").err


def test_init_makes_a_clean_project(segue: Segue, tmp_path: Path) -> None:
    told = segue("init", "shop")
    assert told.code == 0 and told.out == ""
    made = {path.relative_to(tmp_path / "shop").as_posix() for path in (tmp_path / "shop").rglob("*") if path.is_file()}
    assert made == {
        f.relative_to(_FILES).as_posix().replace("gitignore", ".gitignore") for f in _FILES.rglob("*.*")
    } | {".gitignore"}
    assert "name: shop" in (tmp_path / "shop/segue.yaml").read_text()
    checked = segue("check", "--project", "shop")
    assert (checked.code, checked.out, checked.err) == (0, "", "no problems in 4 files\n")


def test_init_writes_over_nothing(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "schema.yaml").write_text("mine")
    told = segue("init")
    assert told.code == 2 and "schema.yaml" in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["schema.yaml"]


def test_no_project_here(segue: Segue) -> None:
    for verb in ("check", "migrate", "run", "plan", "segments", "status", "report", "tasks", "enrollments"):
        told = segue(verb)
        assert told.code == 2 and "segue init" in told.err, verb
        assert "Traceback" not in told.err


def test_the_project_is_found_from_below(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "rules")
    assert segue("check").code == 0
    assert segue("status").code == 0


BROKEN = "segment a of contact { plan = trail }\nsegment b of contact { nosuch = 1 }\n"


def test_check_tells_every_problem(segue: Segue, project: Path) -> None:
    (project / "rules/broken.segue").write_text(BROKEN)
    told = segue("check")
    assert told.code == 1 and "2 errors" in told.err
    assert [line.split(": ")[0] for line in told.lines] == ["rules/broken.segue:1:31", "rules/broken.segue:2:24"]
    assert all("error[" in line for line in told.lines)


def test_check_json_and_full(segue: Segue, project: Path) -> None:
    (project / "rules/broken.segue").write_text(BROKEN)
    found = segue("check", "--format", "json").json
    assert [(one["path"], one["line"]) for one in found] == [("rules/broken.segue", 1), ("rules/broken.segue", 2)]
    assert "  --> rules/broken.segue:1:31" in segue("check", "--format", "full").out


def test_check_some_paths(segue: Segue, project: Path) -> None:
    (project / "rules/broken.segue").write_text(BROKEN)
    assert segue("check", "rules/trials.segue").code == 0
    assert segue("check", "rules").code == 1
    assert segue("check", "rules/broken.segue").code == 1
    assert segue("check", "nowhere.segue").err == "segue: there is no nowhere.segue\n"


def test_check_a_file_without_a_project(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "a.segue").write_text("segment customers of contact { lifecycle_stage = customer }\n")
    told = segue("check", "a.segue")
    assert told.code == 0 and "standard CRM" in told.err


def test_check_of_warnings_alone(segue: Segue, project: Path) -> None:
    (project / "rules/later.segue").write_text('test "x" of trial_welcome { clock 2026-03-02 10:00 in Asia/Tokyo }\n')
    told = segue("check")
    assert (told.code, "test-expects-nothing" in told.out) == (1, True)
    assert segue("check", "--fail-level", "error").code == 0


@pytest.mark.parametrize("name", ["schema.yaml", "segue.yaml"])
def test_broken_yaml_has_a_place(segue: Segue, project: Path, name: str) -> None:
    (project / name).write_text((project / name).read_text() + "\nnonsense: [1\n")
    told = segue("check")
    assert told.code == 1 and f"\n{name}:" in f"\n{told.out}"
    status = segue("status")
    assert status.code == 2 and f"{name}:" in status.err and status.out == ""


def test_a_file_that_is_not_utf8(segue: Segue, project: Path) -> None:
    """It is told at its place, and everything else is checked all the same."""
    latin = "# für Kunden\nsegment kunden of contact { plan = gold }\n"
    (project / "rules/latin.segue").write_bytes(latin.encode("latin-1"))
    told = segue("check", "--format", "concise")
    assert told.code == 1 and told.out.count("latin.segue") == 2
    assert "latin.segue:1:4: error[not-utf8] this file is not UTF-8" in told.out
    assert "latin.segue:2:36: error[unknown-option]" in told.out


def test_migrate_says_what_it_does(segue: Segue, tmp_path: Path) -> None:
    segue("init")
    dry = segue("migrate", "--dry-run")
    assert dry.code == 0 and dry.out.startswith("would create the store") and not (tmp_path / "crm.db").exists()
    assert segue("migrate").out.startswith("create the store")
    assert segue("migrate").out == ""
    assert segue("migrate", "--json").json["changes"] == []


def test_migrate_follows_the_schema(segue: Segue, project: Path) -> None:
    schema = (project / "schema.yaml").read_text()
    (project / "schema.yaml").write_text(schema.replace("plan:", "nps: {type: number}\n      plan:"))
    refused = segue("segments")
    assert refused.code == 2 and "does not fit the schema" in refused.err and "segue migrate" in refused.err
    assert segue("run", "--until", "2026-04-01").code == 2
    assert "contact.nps" in segue("migrate").out
    assert segue("segments").code == 0


def test_no_store_yet(segue: Segue) -> None:
    segue("init")
    told = segue("run")
    assert told.code == 2 and "segue migrate" in told.err


def test_the_store_is_no_database(segue: Segue, tmp_path: Path) -> None:
    segue("init")
    (tmp_path / "crm.db").write_text("this is my diary, not a database" * 40)
    told = segue("migrate")
    assert told.code == 2 and "not a database" in told.err


def test_environment_in_the_stores_address(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = (project / "segue.yaml").read_text().replace("sqlite:///crm.db", "sqlite:///${SEGUE_STORE}.db")
    (project / "segue.yaml").write_text(settings)
    told = segue("status")
    assert told.code == 2 and "SEGUE_STORE is not set" in told.err
    monkeypatch.setenv("SEGUE_STORE", "crm")
    assert segue("status").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_is_read_only(segue: Segue, project: Path) -> None:
    (project / "crm.db").chmod(0o444)
    project.chmod(0o555)
    try:
        told = segue("run", "--until", "2026-04-01")
    finally:
        project.chmod(0o755)
    assert told.code == 2 and told.err.startswith("segue: ")


def test_json_of_check_is_all_of_stdout(segue: Segue, project: Path) -> None:
    assert json.loads(segue("check", "--format", "json").out) == []


def test_what_to_type_next_can_be_typed(segue: Segue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_CALLED", "./segue")
    assert "cd shop && ../segue check" in segue("init", "shop").err
    monkeypatch.setenv("SEGUE_CALLED", "/opt/segue/segue")
    assert "cd 'my shop' && /opt/segue/segue check" in segue("init", "my shop").err
    assert (
        "  /opt/segue/segue report --project 'a demo'" in segue("demo", "a demo", "--contacts", "8", "--days", "1").err
    )


def test_a_project_in_a_project_is_its_own(segue: Segue, project: Path) -> None:
    """`segue demo` is typed where one stands: the rules of its shop are none of this one."""
    before = segue("check").err + segue("fmt", "--check").err
    assert segue("demo", "--contacts", "20", "--days", "1").code == 0
    assert segue("init", "rules/inner", "--from", "trial-follow-up").code == 0
    assert segue("check").err + segue("fmt", "--check").err == before
    assert segue("check", "segue-demo").code == segue("check", "rules/inner/rules").code == 0
    root = project.resolve()
    assert is_rule_file(root, root / "rules/trials.segue") and is_rule_file(root, root / "new.segue")
    assert not is_rule_file(root, root / "segue-demo/rules/desk.segue")
    assert not is_rule_file(root, root / "rules/inner/rules/trial.segue")
