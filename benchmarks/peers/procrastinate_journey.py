"""Procrastinate: a job per step, each of which defers the next one; PostgreSQL only."""

import asyncio
import json
import sys
import time

import procrastinate

STEPS = ("enrol", "send hello", "wait", "branch", "send", "end")


def made(database: str) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=database, min_size=2, max_size=24))

    @app.task(name="step", queue="journey")
    async def step(person: int, number: int) -> None:
        if number + 1 < len(STEPS):
            await app.configure_task("step", queue="journey").defer_async(person=person, number=number + 1)

    return app


async def main(database: str, people: int) -> None:
    app = made(database)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        began = time.perf_counter()
        first = [{"person": person, "number": 0} for person in range(people)]
        await app.configure_task("step", queue="journey").batch_defer_async(*first)
        await app.run_worker_async(queues=["journey"], wait=False, concurrency=20, install_signal_handlers=False)
        seconds = time.perf_counter() - began
        print(json.dumps({"steps": len(STEPS) * people, "seconds": seconds}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
