"""How many rule tests a second `segue test` runs, whole process: 1,000 copies of one test, each played anew.

    python -m benchmarks.rule_tests [--copies 1000] [--definitions] [--jobs 2] [--json]

The test is that of the trial follow-up: a mail, a click, a call, ten business days. `--definitions` copies its
sequence, segment and templates too, so that no two tests share a stage.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = """\
name: many-tests
account: {time_zone: Asia/Tokyo, currency: JPY, calendar: tokyo}
calendars: {tokyo: {country: JP, working_days: mon-fri}}
users: {rep_1: {name: "Tanaka Taro", email: tanaka@unicorn.example, time_zone: Asia/Tokyo}}
limits: {quiet_hours: 21:00-08:00}
"""
SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      buying_role: {type: choice, options: [champion, decision_maker, end_user]}
      plan: {type: choice, options: [free, trial, paid]}
      trial_ends_on: {type: date}
topics: {sales_outreach: {label: "Sales outreach", kind: one_to_one}}
"""
RULES = '''\
sequence trial_follow_up%(n)s {
  when: in segment new_trials%(n)s
  sender: contact.owner
  zone: contact
  calendar: tokyo
  window: 09:00-17:00
  tasks_at: 08:00
  threading: true
  grace: 5 business days

  automated {
    send trial_intro%(n)s
    wait 3 business days
    send trial_case_study%(n)s
  }

  rep_led when clicked_email or opened_email at least 2 times {
    task call "Call {{ contact.first_name | default: 'them' }}" priority high
    if buying_role = decision_maker {
      task linkedin "Connect with {{ contact.full_name }}"
    } else {
      exit "not the buyer"
    }
  }
}

segment new_trials%(n)s of contact { plan = trial and created_at within 14 days }

template trial_intro%(n)s {
  topic: sales_outreach
  subject: "Your trial, {{ contact.first_name | default: 'and what next' }}"
  body: """
    Hello {{ contact.first_name | default: 'there' }},

    your trial runs until {{ contact.trial_ends_on | default: 'the end of the month' }}.
    [See what others did with it](https://unicorn.example/stories)
    """
}

template trial_case_study%(n)s { topic: sales_outreach  subject: "A case study"  body: """[Read](https://x.example)""" }
'''
TEST = """
test "a click hands the lead to the rep" of trial_follow_up%(n)s {
  clock 2026-03-02 10:00 in Asia/Tokyo
  given contact ann { email = "ann@example.com" plan = trial time_zone = "Asia/Tokyo" owner = rep_1 }
  expect ann receives trial_intro%(n)s at 2026-03-02 10:00
  after 1 day
  ann clicked_email(template = trial_intro%(n)s)
  expect task call for ann assigned to rep_1
  after 10 business days
  expect ann does not receive trial_case_study%(n)s
}
"""


def write_project(folder: Path, copies: int, definitions: bool) -> None:
    (folder / "segue.yaml").write_text(SETTINGS)
    (folder / "schema.yaml").write_text(SCHEMA)
    numbers = [f"_{n}" if definitions else "" for n in range(copies)]
    for number in dict.fromkeys(numbers):
        (folder / f"rules{number}.segue").write_text(RULES % {"n": number})
    for first in range(0, copies, 50):
        tests = "".join(TEST % {"n": number} for number in numbers[first : first + 50])
        (folder / f"tests_{first}.segue").write_text(tests)


def measure(folder: Path, jobs: int) -> tuple[float, float, int]:
    """(seconds, seconds of processor time, tests passed) of one whole process and its workers."""
    command = [sys.executable, "-m", "segue", "test", "--json", "--jobs", str(jobs), "--project", str(folder)]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(done.stderr + done.stdout[:2_000])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, used.ru_utime + used.ru_stime, json.loads(done.stdout)["passed"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=1_000)
    parser.add_argument("--definitions", action="store_true", help="copy the definitions too")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        write_project(Path(name), asked.copies, asked.definitions)
        seconds, processor, passed = measure(Path(name), asked.jobs)
    found = {"tests": passed, "seconds": round(seconds, 2), "per_second": round(passed / seconds, 1)}
    found["processor_seconds"] = round(processor, 2)  # what others do meanwhile on the machine is not in it
    found |= {"jobs": asked.jobs, "definitions": asked.copies if asked.definitions else 1}
    print(json.dumps(found) if asked.json else "\n".join(f"{key}: {value}" for key, value in found.items()))


if __name__ == "__main__":
    main()
