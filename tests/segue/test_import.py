"""import: counts, rejects, and when facts will hold."""

from pathlib import Path

from .conftest import Segue


def test_twice_changes_nothing(segue: Segue, project: Path) -> None:
    told = segue("import", "people.csv", "--map", "people.map.yaml", "--live")
    assert (told.code, told.out) == (0, "0 loaded, 5 unchanged\n")


def test_it_says_when_facts_hold(segue: Segue, project: Path) -> None:
    told = segue("import", "people.csv", "--map", "people.map.yaml", "--live")
    assert "5 facts wait in the inbox, of 2026-03-02 10:00 to 2026-03-09 10:00" in told.err
    assert "no worker runs now" in told.err and "--live" not in told.err


def test_past_rows_start_nothing(segue: Segue, tmp_path: Path) -> None:
    segue("init")
    segue("migrate")
    assert "--live" in segue("import", "people.csv", "--map", "people.map.yaml").err


def test_bad_rows_are_set_aside(segue: Segue, project: Path) -> None:
    rows = (
        "id,email,first_name,last_name,plan,signed_up\n7,no address,A,B,trial,2026-03-01\n8,c@d.example,C,D,nope,soon\n"
    )
    (project / "more.csv").write_text(rows + "9,e@f.example,E,F,paid,2026-03-05\n")
    told = segue("import", "more.csv", "--map", "people.map.yaml")
    assert (told.code, told.out) == (1, "1 loaded, 2 set aside\n")
    assert "more.csv:2: email:" in told.err and "more.csv:3: " in told.err and "more.csv.rejects.csv" in told.err
    assert len((project / "more.csv.rejects.csv").read_text().splitlines()) == 3


def test_json(segue: Segue, project: Path) -> None:
    found = segue("import", "people.csv", "--map", "people.map.yaml", "--json").json
    assert found["result"]["unchanged"] == 5 and found["waiting"] == 5


def test_what_cannot_be_imported(segue: Segue, project: Path) -> None:
    for file, map_, words in (
        ("nowhere.csv", "people.map.yaml", "nowhere.csv"),
        ("people.csv", "nowhere.yaml", "nowhere.yaml cannot be read"),
        (".", "people.map.yaml", ""),
        ("people.csv", "schema.yaml", "schema.yaml:"),
    ):
        told = segue("import", file, "--map", map_)
        assert told.code == 2 and told.out == "" and words in told.err and "Traceback" not in told.err, (file, map_)


def test_a_map_with_a_wrong_column(segue: Segue, project: Path) -> None:
    (project / "m.yaml").write_text("rows:\n  - record: contact\n    id: nr\n    set: {email: mail}\n")
    told = segue("import", "people.csv", "--map", "m.yaml")
    assert told.code == 2 and "there is no column" in told.err and "m.yaml" in told.err


def test_a_map_with_a_wrong_property(segue: Segue, project: Path) -> None:
    (project / "m.yaml").write_text("rows:\n  - record: contact\n    id: id\n    set: {emial: email}\n")
    told = segue("import", "people.csv", "--map", "m.yaml")
    assert told.code == 2 and "m.yaml:4:" in told.err and "emial" in told.err


def test_a_broken_map_is_not_the_project(segue: Segue, project: Path) -> None:
    path = project / "people.map.yaml"
    path.write_text(path.read_text().replace("record: contact", "record: contakt"))
    told = segue("import", "people.csv", "--map", "people.map.yaml")
    assert told.code == 2 and "the map cannot be used as it is: 1 error" in told.err and "segue check" not in told.err


OPENS = """rows:
  - event: opened_email
    id: nr
    of: who
    at: when
    mail: message
"""


def test_l13_an_open_belongs_to_its_mail(segue: Segue, ran: Path) -> None:
    """By the Message-ID that came back (L13); so it stands in the sequence's rate."""
    message = next(
        line.split()[1]
        for path in sorted((ran / "outbox/new").iterdir())
        if "ann@example.net" in (text := path.read_text())
        for line in text.splitlines()
        if line.startswith("Message-ID:")
    )
    rows = f"nr,who,when,message\n1,1,2026-04-01 09:00,{message}\n2,1,2026-04-01 09:01,\n"
    rows += f"3,2,2026-04-01 09:00,{message}\n4,1,2026-04-01 09:00,<0.1.2.3@example.com>\n5,1,2026-04-01 09:00,no\n"
    (ran / "opens.csv").write_text(rows)
    (ran / "opens.yaml").write_text(OPENS)
    told = segue("import", "opens.csv", "--map", "opens.yaml", "--live")
    assert (told.code, told.out) == (1, "2 loaded, 3 set aside\n")
    assert "opens.csv:4: message: that mail went to somebody else" in told.err
    assert "`<0.1.2.3@example.com>` is no Message-ID of a mail of this store" in told.err
    segue("run", "--until", "+2 days")
    [sequence] = segue("report", "--json").json["sequences"]
    assert sequence["opened"]["count"] == 1


def test_what_belongs_to_no_mail(segue: Segue, ran: Path) -> None:
    (ran / "opens.yaml").write_text(OPENS.replace("opened_email", "attended\n    set: {event: who}"))
    (ran / "opens.csv").write_text("nr,who,when,message\n")
    told = segue("import", "opens.csv", "--map", "opens.yaml")
    assert told.code == 2 and "`attended` belongs to no mail" in told.err


def test_what_lies_ahead_and_what_is_dated_too_early_is_said(segue: Segue, ran: Path) -> None:
    """Facts after the store's clock and events from before their contact are kept, and counted in the last words."""
    (ran / "views.csv").write_text("nr,who,when\na,1,2020-01-01\nb,1,2026-05-01\nc,1,2026-05-02\nd,1,2026-03-20\n")
    (ran / "views.yaml").write_text("rows: [{event: viewed_page, id: nr, of: {id: who}, at: when, set: {path: nr}}]\n")
    told = segue("import", "views.csv", "--map", "views.yaml", "--live")
    assert told.out == "4 loaded\n"
    assert "2 facts that wait lie ahead of the clock: kept until it has come there" in told.err
    assert "1 event that waits is dated before the record existed: kept, and marked on its timeline" in told.err
    found = segue("import", "views.csv", "--map", "views.yaml", "--json").json
    assert (found["waiting"], found["ahead"], found["early"]) == (4, 2, 1)
