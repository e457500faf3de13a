"""A worker of procrastinate, eight jobs at once, or with `set-up` its tables."""

import asyncio
import os
import sys

import procrastinate

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))


@app.task(name="echo")
async def echo():
    pass


async def main():
    async with app.open_async():
        if "set-up" in sys.argv:
            await app.schema_manager.apply_schema_async()
        else:
            await app.run_worker_async(concurrency=8, install_signal_handlers=False)


asyncio.run(main())
