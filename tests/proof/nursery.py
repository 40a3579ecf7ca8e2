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

from bot.service import Edition
from bot.store.keys import ring_of
from bot.store.store import Store
from tests.chat import edition_of
from tests.proof.tips_process import Job, work
from tests.proof.tips_rows import SECRET

HERE = Path(__file__).parents[2]


class Nursery:
    """The parent's end."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process

    def start(self, job: Job) -> int:
        """A new process, past its start and about to work."""
        return int(self._ask("start", asdict(job)))

    def kill(self, pid: int) -> bool:
        """Signal 9; whether it was still at work."""
        return self._ask("kill", pid) == "killed"

    def wait(self, pid: int) -> None:
        """Let it come to its end, which must be a good one."""
        ended = self._ask("wait", pid)
        assert ended == "0", f"a process ended with {ended}"

    def _ask(self, what: str, about: Any) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, about]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer, "the nursery is gone"
        return answer


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery, from here to the end of the block; what it started ends with it."""
    command = [sys.executable, "-m", "tests.proof.nursery"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=HERE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "warm\n"
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def _main() -> None:
    edition = edition_of()
    with TemporaryDirectory() as folder:  # opened once here, so that no child pays for what that imports
        Store.open(Path(), f"sqlite:///{folder}/bot.db", ring_of((SECRET,))).close()
    assert psycopg.__version__
    gc.freeze()
    print("warm", flush=True)
    children: set[int] = set()
    for line in sys.stdin:
        match json.loads(line):
            case ["start", job]:
                children.add(pid := _forked(Job(**job), edition))
                print(pid, flush=True)
            case ["kill", pid]:
                children.discard(pid)
                print("killed" if os.WIFSIGNALED(_killed(pid)) else "ended", flush=True)
            case ["wait", pid]:
                children.discard(pid)
                print(os.waitpid(pid, 0)[1], flush=True)
    for pid in children:
        _killed(pid)


def _forked(job: Job, edition: Edition) -> int:
    told, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        status = 1
        try:
            asyncio.run(work(job, edition, lambda: os.close(tells)))
            status = 0
        finally:
            os._exit(status)
    os.close(tells)
    os.read(told, 1)  # its end: the child is ready, or dead
    os.close(told)
    return pid


def _killed(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)  # ours and not awaited yet, so no other process has this number
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    _main()
