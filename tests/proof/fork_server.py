"""A warm process that forks others on demand: a child is at work in milliseconds, and can be killed for real.

It reads one line a wish and writes one line an answer; being the parent of all children, it alone kills and
awaits them, so a number that the system gave to another process meanwhile is never hit.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bot.service import ContentSnapshot
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from tests.chat import load_snapshot
from tests.proof.tips_database import SECRET
from tests.proof.tips_worker import WorkerJob, run_worker

REPOSITORY_ROOT = Path(__file__).parents[2]


class ForkServer:
    """The parent's end."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process

    def start(self, job: WorkerJob) -> int:
        """A new process, past its start and about to work."""
        return int(self._send_request("start", asdict(job)))

    def kill(self, pid: int) -> bool:
        """Signal 9; whether it was still at work."""
        return self._send_request("kill", pid) == "killed"

    def wait(self, pid: int) -> None:
        """Let it come to its end, which must be a good one."""
        ended = self._send_request("wait", pid)
        assert ended == "0", f"a process ended with {ended}"

    def _send_request(self, command: str, argument: Any) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer, "the nursery is gone"
        return answer


@contextmanager
def run_fork_server() -> Iterator[ForkServer]:
    """A nursery, from here to the end of the block; what it started ends with it."""
    command = [sys.executable, "-m", "tests.proof.fork_server"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=REPOSITORY_ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "warm\n"
        yield ForkServer(process)
        assert process.stdin is not None
        process.stdin.close()


def _serve_requests() -> None:
    edition = load_snapshot()
    with TemporaryDirectory() as folder:  # opened once here, so that no child pays for what that imports
        Store.open(Path(), f"sqlite:///{folder}/bot.db", build_key_ring((SECRET,))).close()
    assert psycopg.__version__
    gc.freeze()
    print("warm", flush=True)
    children: set[int] = set()
    for line in sys.stdin:
        match json.loads(line):
            case ["start", job]:
                children.add(pid := _fork_worker(WorkerJob(**job), edition))
                print(pid, flush=True)
            case ["kill", pid]:
                children.discard(pid)
                print("killed" if os.WIFSIGNALED(_kill_and_wait(pid)) else "ended", flush=True)
            case ["wait", pid]:
                children.discard(pid)
                print(os.waitpid(pid, 0)[1], flush=True)
    for pid in children:
        _kill_and_wait(pid)


def _fork_worker(job: WorkerJob, snapshot: ContentSnapshot) -> int:
    told, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        status = 1
        try:
            asyncio.run(run_worker(job, snapshot, lambda: os.close(tells)))
            status = 0
        finally:
            os._exit(status)
    os.close(tells)
    os.read(told, 1)  # its end: the child is ready, or dead
    os.close(told)
    return pid


def _kill_and_wait(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)  # ours and not awaited yet, so no other process has this number
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    _serve_requests()
