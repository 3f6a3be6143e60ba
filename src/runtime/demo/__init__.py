"""The demo: a project, a store full of made-up people and a model of how they behave, for `segue demo`.

project/      segue.yaml, schema.yaml and rules, copied for the user
make          the project's folder
people        who is in the store when the demo begins, and who joins it later
behaviour     what people do when mail comes; it knows no engine and feeds the inbox alone
run           both together, from the first morning to the last
"""

from .make import make_project
from .people import fill
from .result import DemoResult
from .run import run_demo

__all__ = ["DemoResult", "fill", "make_project", "run_demo"]
