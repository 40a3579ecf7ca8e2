"""The page's routes: the page itself, its files, and what its script asks."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from aiohttp import web

from bot.errors import ContentProblem, InvalidActionError, UserFacingError
from bot.messaging.request import Request
from bot.messaging.samples import build_sample_replies
from bot.platforms.request_runner import RequestRunner
from bot.platforms.web.html import join_html
from bot.platforms.web.origin_guard import Handler, OriginGuard, is_loopback, parse_host_name
from bot.platforms.web.page_template import render_page, render_problems
from bot.platforms.web.request_parser import (
    InvalidBody,
    JsonBody,
    Visitor,
    get_text,
    parse_body,
    parse_request,
)
from bot.platforms.web.response import PreviewRenderers, build_response, render_message
from bot.platforms.web.suggestions import list_suggestions
from bot.service import Service, compute_request_ref

log = logging.getLogger(__name__)

_ASSETS_DIR = Path(__file__).parent / "assets"
_CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_COOKIE_NAME = "career_bot_visitor"
_VISITOR_ID = re.compile(r"[0-9a-f]{32}")
_COOKIE_MAX_AGE = 365 * 24 * 3600


class ChatPage:
    """The chat page.

    Args:
        host: the address that is listened on.
        now: the clock, aware, UTC.
        problems: what is wrong with content that was refused; empty when the newest is served.
        previews: how the platforms would be sent a reply, for authors.
    """

    def __init__(
        self,
        service: Service,
        request_runner: RequestRunner,
        *,
        host: str,
        now: Callable[[], datetime],
        get_problems: Callable[[], Sequence[ContentProblem]],
        previews: PreviewRenderers,
    ) -> None:
        self._service = service
        self._request_runner = request_runner
        self._now = now
        self._get_problems = get_problems
        self._previews = previews
        self._files = {file.name: file for file in _ASSETS_DIR.iterdir() if file.suffix in _CONTENT_TYPES}
        self._guard = OriginGuard(host, lambda: self._get_text("page.refused"))

    def routes(self) -> Iterable[web.RouteDef]:
        """What the one server mounts."""
        return (
            web.get("/", self._guard(self._serve_page)),
            web.get("/gallery", self._guard(self._serve_page)),
            web.get("/page/files/{name}", self._guard(self._serve_asset)),
            web.get("/page/state", self._guard(self._serve_state)),
            web.post("/page/suggest", self._guard(self._handle_json(self._handle_suggest))),
            web.post("/page/request", self._guard(self._handle_json(self._handle_request))),
        )

    async def _serve_page(self, request: web.Request) -> web.Response:
        context = self._service.context
        shapes = build_sample_replies().values() if request.path == "/gallery" else ()
        messages = join_html(*(render_message(reply, context, self._previews) for reply in shapes))
        page = render_page(context, tuple(self._previews), messages)
        response = web.Response(text=page, content_type="text/html")
        if not _VISITOR_ID.fullmatch(request.cookies.get(_COOKIE_NAME, "")):
            response.set_cookie(
                _COOKIE_NAME, token_hex(16), max_age=_COOKIE_MAX_AGE, httponly=True, samesite="Strict"
            )
        return response

    async def _serve_asset(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if file is None:
            return web.json_response({"error": self._get_text("page.no_file")}, status=404)
        return web.Response(body=file.read_bytes(), content_type=_CONTENT_TYPES[file.suffix], charset="utf-8")

    async def _serve_state(self, _request: web.Request) -> web.Response:
        """Which content is served, and why newer content is not: the script asks every second."""
        context = self._service.context
        problems = render_problems(self._get_problems(), context)
        return web.json_response({"version": context.content.version, "problems": problems})

    def _handle_json(self, handler: Callable[[web.Request, JsonBody], Awaitable[dict[str, Any]]]) -> Handler:
        """A handler that takes a JSON object, and says so when something else came."""

        async def taken(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request, parse_body(await request.read())))
            except InvalidBody:
                return web.json_response({"error": self._get_text("page.not_understood")}, status=400)
            except web.HTTPRequestEntityTooLarge:
                return web.json_response({"error": self._get_text("page.too_long")}, status=413)

        return taken

    async def _handle_suggest(self, _request: web.Request, body: JsonBody) -> dict[str, Any]:
        found = list_suggestions(get_text(body, "typed"), self._service.context, self._now())
        return {"suggestions": [asdict(suggestion) for suggestion in found]}

    async def _handle_request(self, request: web.Request, body: JsonBody) -> dict[str, Any]:
        try:
            return await self.respond(parse_request(body, self._get_visitor(request), self._now()))
        except InvalidActionError:
            refused = self._service.build_error_reply(UserFacingError("service.bad_action"))
            return build_response(refused, self._service.context, self._previews)

    async def respond(self, request: Request) -> dict[str, Any]:
        """The answer as the script takes it; always one, whatever goes wrong."""
        try:
            answer = await self._request_runner.respond(request)
            return build_response(answer, self._service.context, self._previews)
        except Exception:
            reference = compute_request_ref(request)
            log.exception("reference %s: %s could not be shown", reference, request.action.name)
            return build_response(self._service.build_failure_reply(reference), self._service.context, {})

    def _get_visitor(self, request: web.Request) -> Visitor:
        cookie = request.cookies.get(_COOKIE_NAME, "")
        known = cookie if _VISITOR_ID.fullmatch(cookie) else token_hex(16)
        local = is_loopback(request.remote) and is_loopback(parse_host_name(request.host))
        return Visitor(known, self._get_text("page.you"), local)

    def _get_text(self, string_key: str) -> str:
        return self._service.context.strings.get_text(string_key)
