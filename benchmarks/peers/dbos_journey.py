"""DBOS: a workflow per person, each step recorded by its system database (SQLite or PostgreSQL)."""

import json
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
    DBOS(config={"name": "journey", "system_database_url": database, "log_level": "ERROR", "run_admin_server": False})
    DBOS.launch()
    began = time.perf_counter()
    handles = []
    for person in range(people):
        with SetWorkflowID(f"journey-{person}"):
            handles.append(DBOS.start_workflow(journey, person))
    for handle in handles:
        handle.get_result()
    seconds = time.perf_counter() - began
    print(json.dumps({"steps": STEPS * people, "seconds": seconds}))
    sys.stdout.flush()
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
