"""A worker of procrastinate, awa or Celery, or with `set-up` its tables: CONCURRENCY jobs at once. A job does nothing; with SAYS it
says that it has begun, and with RAN it leaves its number in the table `ran`."""

import asyncio
import logging
import os
import sys
import time
from dataclasses import dataclass

SYSTEM = sys.argv[1]
IS_SET_UP = "set-up" in sys.argv
URL = os.environ["DATABASE_URL"]
CONCURRENCY = int(os.environ.get("CONCURRENCY", "1"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "32"))
SAYS = bool(os.environ.get("SAYS"))
RAN = bool(os.environ.get("RAN"))
INSERT = "insert into ran (n) values (%s)"
# As long as Trunkline's: after so many seconds without a sign of life a job is somebody else's.
LEASE = 20

logging.disable(logging.WARNING)


def say():
    if SAYS:
        os.write(1, b"begun\n")


# What a job leaves behind, however often PostgreSQL is restarted meanwhile.
async def leave(pool, n):
    while True:
        try:
            async with pool.connection() as connection:
                await connection.execute(INSERT, (n,))
            return
        except Exception:
            await asyncio.sleep(0.2)


async def new_pool():
    if not RAN:
        return None
    from psycopg_pool import AsyncConnectionPool

    pool = AsyncConnectionPool(URL, min_size=1, max_size=4, open=False, check=AsyncConnectionPool.check_connection)
    await pool.open()
    return pool


async def procrastinate():
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=URL, max_size=CONNECTIONS))
    pool = await new_pool()

    @app.task(name="echo")
    async def echo(n):
        say()
        if pool:
            await leave(pool, n)

    # What its manual says to do about the jobs of workers that have died.
    async def look_after():
        while RAN:
            await asyncio.sleep(5)
            try:
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LEASE):
                    await app.job_manager.retry_job(job)
            except Exception:
                pass

    async with app.open_async():
        if IS_SET_UP:
            await app.schema_manager.apply_schema_async()
            return
        looking = asyncio.create_task(look_after())
        heartbeat = {"update_heartbeat_interval": 5, "stalled_worker_timeout": LEASE}
        await app.run_worker_async(concurrency=CONCURRENCY, install_signal_handlers=False, **heartbeat)
        looking.cancel()


@dataclass
class Echo:
    n: int


# `set-up` is one start: a fresh installation switches to its newer storage then. What it queues in bulk goes by COPY, so it is asked
# for by lines on standard input, `FIRST LAST`, by a process of its own (`queue`).
async def awa():
    import awa

    if IS_SET_UP:
        await awa.AsyncClient(URL).migrate()
    client = awa.AsyncClient(URL, max_connections=CONNECTIONS)
    pool = await new_pool()

    if "queue" in sys.argv:
        while line := await asyncio.to_thread(sys.stdin.readline):
            first, last = map(int, line.split())
            if first == last:
                await client.insert(Echo(n=first), queue="echo")
            else:
                await client.enqueue_many_copy([Echo(n=n) for n in range(first, last + 1)], queue="echo")
            os.write(1, b"queued\n")
        return

    @client.task(Echo, kind="echo", queue="echo")
    async def echo(job):
        say()
        if pool:
            await leave(pool, job.args.n)

    heartbeat = {"heartbeat_interval_ms": 5000, "heartbeat_staleness_ms": LEASE * 1000, "heartbeat_rescue_interval_ms": 5000}
    await client.start([("echo", CONCURRENCY)], **heartbeat)
    await asyncio.sleep(2 if IS_SET_UP else 1e9)
    await client.shutdown()


# One process with threads, as the others are one process. Safe: a message goes when its job is done, and comes again after LEASE.
def celery():
    from celery import Celery

    is_safe = SYSTEM == "celery-safe"
    app = Celery("bench", broker=os.environ["REDIS"])
    app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True, task_acks_late=is_safe)
    if is_safe:
        app.conf.update(task_reject_on_worker_lost=True, broker_transport_options={"visibility_timeout": LEASE})
    pool = None
    if RAN:
        from psycopg_pool import ConnectionPool

        pool = ConnectionPool(URL, min_size=1, max_size=4, open=True)

    @app.task(name="echo")
    def echo(n):
        say()
        while pool:
            try:
                with pool.connection() as connection:
                    connection.execute(INSERT, (n,))
                return
            except Exception:
                time.sleep(0.2)

    if IS_SET_UP:
        echo.delay(0)
        return
    app.worker_main(["-q", "worker", "--pool=threads", f"--concurrency={CONCURRENCY}", "--loglevel=ERROR"])


if SYSTEM.startswith("celery"):
    celery()
else:
    asyncio.run({"procrastinate": procrastinate, "awa": awa}[SYSTEM]())
