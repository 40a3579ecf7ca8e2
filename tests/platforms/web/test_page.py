"""What may reach the page's routes, and what they answer to anything else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar

from bot.commands.command import Command, Context
from bot.dialogue.blocks import Heading
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.service import Edition, Service
from tests.chat import service_over
from tests.platforms.web.site import served

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED = {"action": "line", "inputs": {"line": "should I do a phd?"}, "place": "channel"}


def _who(request: Request, _context: Context) -> Reply:
    user = request.user
    return Reply((Heading(f"id {user.id}, admin {user.admin}, zone {user.zone}"),), "who")


def _breaks(_request: Request, _context: Context) -> Reply:
    raise RuntimeError("a defect")


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_the_page_loads_nothing_from_elsewhere(http: ClientSession, site: str) -> None:
    async with http.get(site) as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert "http" not in page
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "{{" not in page


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8080", "localhost.evil.test", "10.0.0.1", "[", ""])
@pytest.mark.parametrize("path", ["/", "/page/state", "/page/files/page.js", "/page/request"])
async def test_a_foreign_host_is_refused(http: ClientSession, site: str, host: str, path: str) -> None:
    method = "POST" if path == "/page/request" else "GET"
    async with http.request(method, site + path, headers={"Host": host}, data=json.dumps(ASKED)) as answer:
        assert answer.status == 403
        assert "doctorate" not in await answer.text()


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1:1", "[::1]:8080"])
async def test_the_machines_own_names_are_welcome(http: ClientSession, site: str, host: str) -> None:
    async with http.get(site, headers={"Host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_post_from_another_page_is_refused(
    http: ClientSession, site: str, headers: dict[str, str]
) -> None:
    async with http.post(site + "/page/request", headers=headers, data=json.dumps(ASKED)) as answer:
        assert answer.status == 403
    async with http.post(site + "/page/request", headers={"Origin": site}, data=json.dumps(ASKED)) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\xff\xfe",
        b"[" * 100_000,
        b"1" * 5_000,
        b"[]",
        b'{"action": 1}',
        b'{"action": "help", "showing": "help"}',
        b'{"action": "help", "showing": [1]}',
        b'{"action": "help", "inputs": []}',
        b'{"action": "help", "inputs": {"line": 1}}',
        b'{"action": "help", "inputs": {"1":"","2":"","3":"","4":"","5":"","6":""}}',
        b'{"action": "help", "place": "elsewhere"}',
        b'{"action": "help", "zone": {}}',
    ],
)
@pytest.mark.parametrize("path", ["/page/request"])
async def test_what_no_page_sends_is_answered_clearly(
    http: ClientSession, site: str, body: bytes, path: str
) -> None:
    async with http.post(site + path, data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith("The bot could not read")


@pytest.mark.parametrize("path", ["/page/request", "/page/suggest"])
async def test_two_mebibytes_are_too_many(http: ClientSession, site: str, path: str) -> None:
    async with http.post(site + path, data=BytesIO(b" " * (2 << 20))) as answer:
        assert answer.status == 413
        assert "fewer words" in (await answer.json())["error"]


@pytest.mark.parametrize(
    "line",
    [
        "x" * 40_000,
        "\ud800 phd",
        "\0",
        "\u202e" * 300,
        "@everyone <!channel> <@1>",
        "/career card \udfff",
        " ",
    ],
)
@pytest.mark.parametrize(
    "action", ["line", "ask", "nothing.here", "a:\0", "", "card.show:zzz", "compare.show:a:b"]
)
async def test_any_words_and_any_action_are_answered(
    http: ClientSession, site: str, line: str, action: str
) -> None:
    told = {"action": action, "inputs": {"line": line, "question": line}, "zone": line[:50]}
    async with http.post(site + "/page/request", data=json.dumps(told)) as answer:
        assert answer.status == 200
        (await answer.text()).encode()
        assert (await answer.json())["kind"] in ("reply", "form")
    async with http.post(site + "/page/suggest", data=json.dumps({"typed": line})) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("name", ["page.py", "..%2fpage.py", "x" * 5_000, "%00", "%ff.js", "page.html"])
async def test_only_the_pages_own_files_are_served(http: ClientSession, site: str, name: str) -> None:
    async with http.get(f"{site}/page/files/{name}") as answer:
        assert answer.status in (400, 404)


async def test_a_visitor_is_known_by_a_cookie_and_by_nothing_else(
    edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = service_over(edition, tmp_path_factory.mktemp("who")).context.home
    who = Command(name="help", answer=_who)
    seen = []
    async with served(Service(lambda: edition, (who,), "/career", home)) as address:
        for _ in range(2):
            async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:  # an address, no name
                await http.get(address)
                asked = {"action": "help", "zone": "Europe/London"}
                told = [
                    await (await http.post(address + "/page/request", json=asked)).json() for _ in range(2)
                ]
                assert told[0]["html"] == told[1]["html"]
                assert "admin True, zone Europe/London" in told[0]["html"]
                seen.append(told[0]["html"])
    assert seen[0] != seen[1]
    home.close()


async def test_a_defect_is_answered_with_a_reference(
    edition: Edition, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    home = service_over(edition, tmp_path_factory.mktemp("broken")).context.home
    service = Service(lambda: edition, (Command(name="help", answer=_breaks),), "/career", home)
    async with served(service) as address, ClientSession() as http:
        answer = await http.post(address + "/page/request", json={"action": "help"})
        html: str = (await answer.json())["html"]
    reference = html.partition("in the log under ")[2].partition(";")[0]
    assert reference
    assert reference in caplog.text
    home.close()
