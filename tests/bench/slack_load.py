"""Slack over HTTP beside a no-op app with bolt's defaults, on the same machine in the same run.

`peer` rows are the no-op's; every other row's ratio is against it. The clients share the machine with the
servers, so only the ratios mean something.
"""

from __future__ import annotations

import asyncio
import json
import os
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

from tests.bench.timing import BenchResult
from tests.platforms.slack import payloads
from tests.platforms.slack.fake_server import FakeSlack, run_fake_slack
from tests.ports import find_free_port

LINES = {"compare": "compare big-tech academia", "ask": "should I do a phd?"}
REQUESTS_BY_CONNECTIONS = {1: 300, 16: 2_400, 64: 2_400}  # requests by connections
NOOP_BASELINE = "no-op app with bolt's defaults"
IMPORTS_BASELINE = "bare imports of the libraries"

Payload = dict[str, Any]
LoadResult = tuple[float, float, float]  # requests a second, p50 and p99 in milliseconds


def measure() -> list[BenchResult]:
    """Rates and times by connections, clicks, start and memory."""
    return [*asyncio.run(_measure_http()), *_measure_process()]


async def _measure_http() -> list[BenchResult]:
    rows: list[BenchResult] = []
    async with run_fake_slack() as slack:
        with _run_noop_app(slack) as peer, _run_bot(slack) as ours:
            for connections, requests in REQUESTS_BY_CONNECTIONS.items():
                base = await _run_load(peer, connections, requests, "")
                rows += _build_rows(f"slack no-op, {connections} conn.", base, None)
                for name, line in LINES.items():
                    taken = await _run_load(ours, connections, requests, line)
                    rows += _build_rows(f"slack {name}, {connections} conn.", taken, base)
            rows += await _measure_clicks(ours, slack)
    return rows


def _build_rows(label: str, result: LoadResult, baseline: LoadResult | None) -> Iterator[BenchResult]:
    units = ("/s", "ms", "ms")
    for index, (name, unit) in enumerate(zip(("rate", "p50", "p99"), units, strict=True)):
        ratio = result[index] / baseline[index] if baseline else None
        yield BenchResult(f"{label}, {name}", result[index], unit, ratio, NOOP_BASELINE if baseline else "")


async def _run_load(url: str, connections: int, requests: int, command_text: str) -> LoadResult:
    """Send signed `/career <line>` over so many connections at once."""
    taken: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=connections)) as http:
        await _send_payload(
            http, url, payloads.build_slash_command(command_text, "")
        )  # whatever is made on the first request is no request's cost

        async def one() -> None:
            for _ in range(requests // connections):
                begin = time.perf_counter()
                await _send_payload(http, url, payloads.build_slash_command(command_text, ""))
                taken.append(1_000 * (time.perf_counter() - begin))

        begin = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(connections)))
        whole = time.perf_counter() - begin
    cuts = quantiles(taken, n=100)
    return len(taken) / whole, cuts[49], cuts[98]


async def _send_payload(http: ClientSession, url: str, payload: Payload) -> None:
    body, kind = payloads.encode_payload(payload)
    at = str(int(time.time()))
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": payloads.sign_body(body, at),
    }
    async with http.post(f"{url}/slack/events", data=body, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200, answer.status


async def _measure_clicks(url: str, slack: FakeSlack) -> list[BenchResult]:
    """From the click to the call of its response_url, one after the other."""
    taken: list[float] = []
    async with ClientSession() as http:
        for number in range(200):
            click = payloads.build_click("bot:help", slack.response_url, message_ts=f"17.{number}")
            begin = time.perf_counter()
            await _send_payload(http, url, click)
            await slack.wait_for_call("response_url", number + 1)
            taken.append(1_000 * (time.perf_counter() - begin))
    cuts = quantiles(taken, n=100)
    return [
        BenchResult("slack click to its answer, p50", cuts[49], "ms"),
        BenchResult("slack click to its answer, p99", cuts[98], "ms"),
    ]


@contextmanager
def _run_bot(slack: FakeSlack) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as data:
        port = find_free_port()
        environ = {
            "SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": payloads.SECRET,
            "SLACK_API_URL": f"{slack.url}/api/", "CAREER_BOT_PORT": str(port), "CAREER_BOT_DATA_DIR": data,
        }  # fmt: skip
        with _run_server([sys.executable, "-m", "bot", "run"], environ, port) as process:
            assert process.poll() is None
            yield f"http://127.0.0.1:{port}"


@contextmanager
def _run_noop_app(slack: FakeSlack) -> Iterator[str]:
    port = find_free_port()
    environ = {"NOOP_PORT": str(port), "NOOP_API": f"{slack.url}/api/", "NOOP_SECRET": payloads.SECRET}
    with _run_server([sys.executable, "-m", "tests.bench.noop_app"], environ, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _run_server(argv: list[str], environ: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of ours, from when it listens to the end of the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    process = subprocess.Popen(
        argv, env={**kept, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_listening(port, process)
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
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


def _measure_process() -> list[BenchResult]:
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
        taken, ours_kib = _measure_start()
        ours_ms = min(ours_ms, taken)
    return [
        BenchResult("run with both platforms, start", ours_ms, "ms", ours_ms / bare_ms, IMPORTS_BASELINE),
        BenchResult(
            "run with both platforms, memory", ours_kib / 1024, "MiB", ours_kib / bare_kib, IMPORTS_BASELINE
        ),
    ]


def _measure_start() -> tuple[float, float]:
    """Milliseconds until it listens, and KiB resident then."""
    port, nowhere = find_free_port(), "127.0.0.1:9"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        environ = {
            "SLACK_BOT_TOKEN": "t", "SLACK_APP_TOKEN": "t", "SLACK_API_URL": f"http://{nowhere}/api/",
            "DISCORD_TOKEN": "t", "DISCORD_API_URL": f"http://{nowhere}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://{nowhere}", "CAREER_BOT_PORT": str(port), "CAREER_BOT_DATA_DIR": data,
        }  # fmt: skip
        begin = time.perf_counter()
        with _run_server([sys.executable, "-m", "bot", "run"], environ, port) as process:
            taken = 1_000 * (time.perf_counter() - begin)
            status = Path(f"/proc/{process.pid}/status").read_text()
    return taken, float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
