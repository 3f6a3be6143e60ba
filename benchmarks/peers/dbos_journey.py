"""DBOS: a workflow per person, each step recorded by its system database (SQLite, with a write-ahead log, or
PostgreSQL). One person after the other, then all at once: the quicker way counts."""

import json
import sqlite3
import sys
import time

from dbos import DBOS, SetWorkflowID

STEPS = 6


@DBOS.step()
def enrol(person: int) -> int:
    return person


@DBOS.step()
def send(person: int, template: str) -> str:
    return template


@DBOS.step()
def branch(person: int) -> bool:
    return person % 2 == 0


@DBOS.step()
def end(person: int) -> int:
    return person


@DBOS.workflow()
def journey(person: int) -> None:
    enrol(person)
    send(person, "hello")
    DBOS.sleep(0.001)
    send(person, "good" if branch(person) else "bad")
    end(person)


def main(database: str, people: int) -> None:
    if database.startswith("sqlite:///"):
        sqlite3.connect(database.removeprefix("sqlite:///")).execute("PRAGMA journal_mode = WAL")
    DBOS(config={"name": "journey", "system_database_url": database, "log_level": "ERROR", "run_admin_server": False})
    DBOS.launch()
    seconds = min(in_turn(people), at_once(people))
    print(json.dumps({"steps": STEPS * people, "seconds": seconds}))
    sys.stdout.flush()
    DBOS.destroy()


def in_turn(people: int) -> float:
    began = time.perf_counter()
    for person in range(people):
        with SetWorkflowID(f"in-turn-{person}"):
            journey(person)
    return time.perf_counter() - began


def at_once(people: int) -> float:
    began = time.perf_counter()
    handles = []
    for person in range(people):
        with SetWorkflowID(f"at-once-{person}"):
            handles.append(DBOS.start_workflow(journey, person))
    for handle in handles:
        handle.get_result()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
