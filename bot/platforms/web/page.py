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

from bot.dialogue.gallery import gallery
from bot.dialogue.request import Request
from bot.errors import BadAction, Problem, Refusal
from bot.platforms.answering import Answering
from bot.platforms.web.guard import Guard, Handler, host_name, is_local
from bot.platforms.web.html import join
from bot.platforms.web.incoming import Body, NotUnderstood, Visitor, body_of, incoming, text_in
from bot.platforms.web.layout import page_html, problems_html
from bot.platforms.web.outgoing import Previews, message_html, outgoing
from bot.platforms.web.suggesting import suggestions
from bot.service import Service, reference_of

log = logging.getLogger(__name__)

_ASSETS = Path(__file__).parent / "assets"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_COOKIE = "career_bot_visitor"
_VISITOR = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


class Page:
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
        answering: Answering,
        *,
        host: str,
        now: Callable[[], datetime],
        problems: Callable[[], Sequence[Problem]],
        previews: Previews,
    ) -> None:
        self._service = service
        self._answering = answering
        self._now = now
        self._problems = problems
        self._previews = previews
        self._files = {file.name: file for file in _ASSETS.iterdir() if file.suffix in _TYPES}
        self._guard = Guard(host, lambda: self._sentence("page.refused"))

    def routes(self) -> Iterable[web.RouteDef]:
        """What the one server mounts."""
        return (
            web.get("/", self._guard(self._shown)),
            web.get("/gallery", self._guard(self._shown)),
            web.get("/page/files/{name}", self._guard(self._file)),
            web.get("/page/state", self._guard(self._state)),
            web.post("/page/suggest", self._guard(self._taking(self._suggest))),
            web.post("/page/request", self._guard(self._taking(self._requested))),
        )

    async def _shown(self, request: web.Request) -> web.Response:
        context = self._service.context
        shapes = gallery().values() if request.path == "/gallery" else ()
        messages = join(*(message_html(reply, context, self._previews) for reply in shapes))
        page = page_html(context, tuple(self._previews), messages)
        response = web.Response(text=page, content_type="text/html")
        if not _VISITOR.fullmatch(request.cookies.get(_COOKIE, "")):
            response.set_cookie(_COOKIE, token_hex(16), max_age=_YEAR, httponly=True, samesite="Strict")
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if file is None:
            return web.json_response({"error": self._sentence("page.no_file")}, status=404)
        return web.Response(body=file.read_bytes(), content_type=_TYPES[file.suffix], charset="utf-8")

    async def _state(self, _request: web.Request) -> web.Response:
        """Which content is served, and why newer content is not: the script asks every second."""
        context = self._service.context
        problems = problems_html(self._problems(), context)
        return web.json_response({"version": context.library.version, "problems": problems})

    def _taking(self, told: Callable[[web.Request, Body], Awaitable[dict[str, Any]]]) -> Handler:
        """A handler that takes a JSON object, and says so when something else came."""

        async def taken(request: web.Request) -> web.Response:
            try:
                return web.json_response(await told(request, body_of(await request.read())))
            except NotUnderstood:
                return web.json_response({"error": self._sentence("page.not_understood")}, status=400)
            except web.HTTPRequestEntityTooLarge:
                return web.json_response({"error": self._sentence("page.too_long")}, status=413)

        return taken

    async def _suggest(self, _request: web.Request, body: Body) -> dict[str, Any]:
        found = suggestions(text_in(body, "typed"), self._service.context, self._now())
        return {"suggestions": [asdict(suggestion) for suggestion in found]}

    async def _requested(self, request: web.Request, body: Body) -> dict[str, Any]:
        try:
            return await self.answer(incoming(body, self._visitor(request), self._now()))
        except BadAction:
            refused = self._service.refused(Refusal("service.bad_action"))
            return outgoing(refused, self._service.context, self._previews)

    async def answer(self, request: Request) -> dict[str, Any]:
        """The answer as the script takes it; always one, whatever goes wrong."""
        try:
            answer = await self._answering.answer(request)
            return outgoing(answer, self._service.context, self._previews)
        except Exception:
            reference = reference_of(request)
            log.exception("reference %s: %s could not be shown", reference, request.action.name)
            return outgoing(self._service.failure(reference), self._service.context, {})

    def _visitor(self, request: web.Request) -> Visitor:
        cookie = request.cookies.get(_COOKIE, "")
        known = cookie if _VISITOR.fullmatch(cookie) else token_hex(16)
        local = is_local(request.remote) and is_local(host_name(request.host))
        return Visitor(known, self._sentence("page.you"), local)

    def _sentence(self, phrase: str) -> str:
        return self._service.context.texts.words(phrase)
