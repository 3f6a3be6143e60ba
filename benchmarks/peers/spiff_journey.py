"""SpiffWorkflow: loads a person's workflow, runs one task, writes its state back as JSON, committed; SQLite only."""

import json
import sqlite3
import sys
import time
from itertools import pairwise

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

STEPS = ("enrol", "send_hello", "wait", "branch", "send", "end_of_it")
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram() -> bytes:
    """Six tasks in a row, each done by somebody outside: what runs in between is one step."""
    nodes = ["start", *STEPS, "over"]
    flows = "".join(
        f'<sequenceFlow id="f{i}" sourceRef="{a}" targetRef="{b}"/>' for i, (a, b) in enumerate(pairwise(nodes))
    )
    tasks = "".join(f'<manualTask id="{name}" name="{name}"/>' for name in STEPS)
    inside = f'<startEvent id="start"/>{tasks}<endEvent id="over"/>{flows}'
    process = f'<process id="journey" isExecutable="true">{inside}</process>'
    return f'<definitions xmlns="{_MODEL}">{process}</definitions>'.encode()


def main(database: str, people: int) -> None:
    store = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE workflow (person INTEGER PRIMARY KEY, state TEXT)")
    parser = BpmnParser()
    parser.add_bpmn_str(diagram())
    spec, serializer = parser.get_spec("journey"), BpmnWorkflowSerializer()
    began = time.perf_counter()
    for person in range(people):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        store.execute("INSERT INTO workflow VALUES (?, ?)", (person, serializer.serialize_json(workflow)))
    steps = 0
    for _ in STEPS:
        for person in range(people):
            state = store.execute("SELECT state FROM workflow WHERE person = ?", (person,)).fetchone()[0]
            workflow = serializer.deserialize_json(state)
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
            steps += 1
            state = serializer.serialize_json(workflow)
            store.execute("UPDATE workflow SET state = ? WHERE person = ?", (state, person))
    seconds = time.perf_counter() - began
    assert workflow.completed
    print(json.dumps({"steps": steps, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
