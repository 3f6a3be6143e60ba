"""The journey of `benchmarks.journey` on other engines: enrol, send, wait, branch, send, end, with empty steps.

Each script is a process of its own: `python benchmarks/peers/NAME.py DATABASE PEOPLE` prints how many steps it took and
the seconds it took for them, as JSON. They need the dependency group `bench`.
"""
