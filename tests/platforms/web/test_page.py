"""What may reach the page's routes, and what they answer to anything else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar

from bot.commands.command import Command, Context
from bot.messaging.blocks import Heading
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.service import ContentSnapshot, Service
from tests.chat import build_service_from
from tests.platforms.web.page_driver import run_web_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

LINE_REQUEST = {"action": "line", "inputs": {"line": "should I do a phd?"}, "place": "channel"}


def _show_user(request: Request, _context: Context) -> Reply:
    user = request.user
    return Reply((Heading(f"id {user.id}, admin {user.is_admin}, zone {user.timezone}"),), "who")


def _raise_error(_request: Request, _context: Context) -> Reply:
    raise RuntimeError("a defect")


@pytest_asyncio.fixture(loop_scope="session")
async def http_session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_the_page_loads_nothing_from_elsewhere(http_session: ClientSession, site_url: str) -> None:
    async with http_session.get(site_url) as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert "http" not in page
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "{{" not in page


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8080", "localhost.evil.test", "10.0.0.1", "[", ""])
@pytest.mark.parametrize("path", ["/", "/page/state", "/page/files/page.js", "/page/request"])
async def test_a_foreign_host_is_refused(
    http_session: ClientSession, site_url: str, host: str, path: str
) -> None:
    method = "POST" if path == "/page/request" else "GET"
    async with http_session.request(
        method, site_url + path, headers={"Host": host}, data=json.dumps(LINE_REQUEST)
    ) as answer:
        assert answer.status == 403
        assert "Is a PhD" not in await answer.text()


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1:1", "[::1]:8080"])
async def test_the_machines_own_names_are_welcome(
    http_session: ClientSession, site_url: str, host: str
) -> None:
    async with http_session.get(site_url, headers={"Host": host}) as answer:
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
    http_session: ClientSession, site_url: str, headers: dict[str, str]
) -> None:
    async with http_session.post(
        site_url + "/page/request", headers=headers, data=json.dumps(LINE_REQUEST)
    ) as answer:
        assert answer.status == 403
    async with http_session.post(
        site_url + "/page/request", headers={"Origin": site_url}, data=json.dumps(LINE_REQUEST)
    ) as answer:
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
    http_session: ClientSession, site_url: str, body: bytes, path: str
) -> None:
    async with http_session.post(site_url + path, data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith("The bot couldn't read")


@pytest.mark.parametrize("path", ["/page/request", "/page/suggest"])
async def test_two_mebibytes_are_too_many(http_session: ClientSession, site_url: str, path: str) -> None:
    async with http_session.post(site_url + path, data=BytesIO(b" " * (2 << 20))) as answer:
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
    http_session: ClientSession, site_url: str, line: str, action: str
) -> None:
    told = {"action": action, "inputs": {"line": line, "question": line}, "zone": line[:50]}
    async with http_session.post(site_url + "/page/request", data=json.dumps(told)) as answer:
        assert answer.status == 200
        (await answer.text()).encode()
        assert (await answer.json())["kind"] in ("reply", "form")
    async with http_session.post(site_url + "/page/suggest", data=json.dumps({"typed": line})) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("name", ["page.py", "..%2fpage.py", "x" * 5_000, "%00", "%ff.js", "page.html"])
async def test_only_the_pages_own_files_are_served(
    http_session: ClientSession, site_url: str, name: str
) -> None:
    async with http_session.get(f"{site_url}/page/files/{name}") as answer:
        assert answer.status in (400, 404)


async def test_a_visitor_is_known_by_a_cookie_and_by_nothing_else(
    snapshot: ContentSnapshot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = build_service_from(snapshot, tmp_path_factory.mktemp("who")).context.storage
    who = Command(name="help", handler=_show_user)
    seen = []
    async with run_web_server(Service(lambda: snapshot, (who,), "/career", home)) as address:
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
    snapshot: ContentSnapshot, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    home = build_service_from(snapshot, tmp_path_factory.mktemp("broken")).context.storage
    service = Service(lambda: snapshot, (Command(name="help", handler=_raise_error),), "/career", home)
    async with run_web_server(service) as address, ClientSession() as http:
        answer = await http.post(address + "/page/request", json={"action": "help"})
        html: str = (await answer.json())["html"]
    reference = html.partition("this reference: ")[2].partition(".")[0]
    assert reference
    assert reference in caplog.text
    home.close()
