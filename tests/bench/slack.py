"""Slack over HTTP beside a no-op app with bolt's defaults, on the same machine in the same run.

`peer` rows are the no-op's; every other row's ratio is against it. The clients share the machine with the
servers, so only the ratios mean something.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from aiohttp import ClientSession, TCPConnector

from tests.bench.measure import Row
from tests.platforms.slack import payloads
from tests.platforms.slack.stand_in import StandIn, stand_in

LINES = {"compare": "compare big-tech academia", "ask": "should I do a phd?"}
LOADS = {1: 300, 16: 2_400, 64: 2_400}  # requests by connections
NOOP = "no-op app with bolt's defaults"
IMPORTS = "bare imports of the libraries"

Payload = dict[str, Any]
Taken = tuple[float, float, float]  # requests a second, p50 and p99 in milliseconds


def measure() -> list[Row]:
    """Rates and times by connections, clicks, start and memory."""
    return [*asyncio.run(_served()), *_whole()]


async def _served() -> list[Row]:
    rows: list[Row] = []
    async with stand_in() as slack:
        with _noop(slack) as peer, _bot(slack) as ours:
            for connections, requests in LOADS.items():
                base = await _load(peer, connections, requests, "")
                rows += _rows(f"slack no-op, {connections} conn.", base, None)
                for name, line in LINES.items():
                    taken = await _load(ours, connections, requests, line)
                    rows += _rows(f"slack {name}, {connections} conn.", taken, base)
            rows += await _clicks(ours, slack)
    return rows


def _rows(what: str, taken: Taken, base: Taken | None) -> Iterator[Row]:
    units = ("/s", "ms", "ms")
    for index, (name, unit) in enumerate(zip(("rate", "p50", "p99"), units, strict=True)):
        ratio = taken[index] / base[index] if base else None
        yield Row(f"{what}, {name}", taken[index], unit, ratio, NOOP if base else "")


async def _load(url: str, connections: int, requests: int, line: str) -> Taken:
    """Send signed `/career <line>` over so many connections at once."""
    taken: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=connections)) as http:
        await _send(
            http, url, payloads.command(line, "")
        )  # whatever is made on the first request is no request's cost

        async def one() -> None:
            for _ in range(requests // connections):
                begin = time.perf_counter()
                await _send(http, url, payloads.command(line, ""))
                taken.append(1_000 * (time.perf_counter() - begin))

        begin = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(connections)))
        whole = time.perf_counter() - begin
    cuts = quantiles(taken, n=100)
    return len(taken) / whole, cuts[49], cuts[98]


async def _send(http: ClientSession, url: str, payload: Payload) -> None:
    body, kind = payloads.on_wire(payload)
    at = str(int(time.time()))
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": payloads.signature(body, at),
    }
    async with http.post(f"{url}/slack/events", data=body, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200, answer.status


async def _clicks(url: str, slack: StandIn) -> list[Row]:
    """From the click to the call of its response_url, one after the other."""
    taken: list[float] = []
    async with ClientSession() as http:
        for number in range(200):
            click = payloads.click("bot:help", slack.response_url, message=f"17.{number}")
            begin = time.perf_counter()
            await _send(http, url, click)
            await slack.next("response_url", number + 1)
            taken.append(1_000 * (time.perf_counter() - begin))
    cuts = quantiles(taken, n=100)
    return [
        Row("slack click to its answer, p50", cuts[49], "ms"),
        Row("slack click to its answer, p99", cuts[98], "ms"),
    ]


@contextmanager
def _bot(slack: StandIn) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as data:
        port = _free_port()
        environ = {
            "SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": payloads.SECRET,
            "SLACK_API_URL": f"{slack.url}/api/", "CAREER_BOT_PORT": str(port), "CAREER_BOT_DATA": data,
        }  # fmt: skip
        with _process([sys.executable, "-m", "bot", "run"], environ, port) as process:
            assert process.poll() is None
            yield f"http://127.0.0.1:{port}"


@contextmanager
def _noop(slack: StandIn) -> Iterator[str]:
    port = _free_port()
    environ = {"NOOP_PORT": str(port), "NOOP_API": f"{slack.url}/api/", "NOOP_SECRET": payloads.SECRET}
    with _process([sys.executable, "-m", "tests.bench.noop"], environ, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _process(line: list[str], environ: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of ours, from when it listens to the end of the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    process = subprocess.Popen(
        line, env={**kept, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_listening(port, process)
        yield process
    finally:
        process.terminate()
        process.wait()


def _until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except URLError as error:
            if not isinstance(error.reason, OSError):  # it listens and knows no such address
                return
            time.sleep(0.005)
    raise AssertionError("the server did not start")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _whole() -> list[Row]:
    """Start and memory of the whole bot with both platforms, beside importing what it stands on."""
    libraries = (
        "slack_bolt.async_app, slack_bolt.adapter.socket_mode.aiohttp, discord, sqlalchemy, aiohttp.web"
    )
    script = (
        f"import {libraries}, yaml, pydantic, rapidfuzz, json;"
        "print(json.dumps([l for l in open('/proc/self/status') if l.startswith('VmRSS')][0].split()[1]))"
    )
    bare_ms, bare_kib = float("inf"), 0.0
    for _ in range(5):
        begin = time.perf_counter()
        said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout
        bare_ms, bare_kib = min(bare_ms, 1_000 * (time.perf_counter() - begin)), float(json.loads(said))
    ours_ms, ours_kib = float("inf"), 0.0
    for _ in range(5):
        taken, ours_kib = _started()
        ours_ms = min(ours_ms, taken)
    return [
        Row("run with both platforms, start", ours_ms, "ms", ours_ms / bare_ms, IMPORTS),
        Row("run with both platforms, memory", ours_kib / 1024, "MiB", ours_kib / bare_kib, IMPORTS),
    ]


def _started() -> tuple[float, float]:
    """Milliseconds until it listens, and KiB resident then."""
    port, nowhere = _free_port(), "127.0.0.1:9"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        environ = {
            "SLACK_BOT_TOKEN": "t", "SLACK_APP_TOKEN": "t", "SLACK_API_URL": f"http://{nowhere}/api/",
            "DISCORD_TOKEN": "t", "DISCORD_API_URL": f"http://{nowhere}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://{nowhere}", "CAREER_BOT_PORT": str(port), "CAREER_BOT_DATA": data,
        }  # fmt: skip
        begin = time.perf_counter()
        with _process([sys.executable, "-m", "bot", "run"], environ, port) as process:
            taken = 1_000 * (time.perf_counter() - begin)
            status = Path(f"/proc/{process.pid}/status").read_text()
    return taken, float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
