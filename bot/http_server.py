"""The one HTTP server: serves the routes it is handed, and says whether the bot lives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.errors import SettingsError

log = logging.getLogger(__name__)

_MAX_BODY_BYTES = 1 << 20
_STANDBY_MESSAGE = "another process has the connection; this one takes it when that one goes"
_SHUTDOWN_GRACE = (
    4.0  # seconds for what is in flight when the bot stops, and as long again once it is cancelled
)


class HttpServer:
    """Routes on one port.

    Args:
        port: 0 for any free one.
        connected: whether each part that people reach the bot by is there, by its name; `/readyz` says so.
        standing_by: the names of those that another process has, and this one would take over.
    """

    def __init__(
        self,
        host: str,
        port: int,
        get_connections: Callable[[], Mapping[str, bool]] = dict,
        list_standbys: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._host = host
        self._port = port
        self._app = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[_handle_unexpected_error])
        self._get_connections = get_connections
        self._list_standbys = list_standbys
        self._app.router.add_get("/healthz", _serve_healthz)
        self._app.router.add_get("/readyz", self._serve_readyz)
        self._runner: web.AppRunner | None = None

    def add_routes(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Serve these routes too."""
        self._app.router.add_routes(routes)

    async def start(self) -> str:
        """Listen, and say where: `http://127.0.0.1:8080`.

        Raises:
            SettingsError: when the address cannot be listened on.
        """
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=_SHUTDOWN_GRACE)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError(
                f"CAREER_BOT_PORT: cannot listen on {self._host}:{self._port} ({error.strerror}); "
                "stop the other program or choose another port"
            ) from error
        host, port = self._runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def _serve_readyz(self, _request: web.Request) -> web.Response:
        """200 while people reach the bot by one way at least; 503 when all that were set up are lost.

        A process that stands by is well: a new one has to come up beside the old one that it is to replace.
        """
        parts, waiting = self._get_connections(), self._list_standbys()
        ready = any(parts.values()) or bool(waiting) or not parts
        said = {"standing by": dict.fromkeys(waiting, _STANDBY_MESSAGE)} if waiting else {}
        return web.json_response({"ready": ready, **parts, **said}, status=200 if ready else 503)

    async def stop(self) -> None:
        """Finish what is in flight, for some seconds at most."""
        if self._runner is not None:
            await self._runner.cleanup()


async def _serve_healthz(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


@web.middleware
async def _handle_unexpected_error(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever a route forgot becomes a plain 500 and a line in the log; nothing of the body is logged."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.rel_url.path)
        return web.json_response({"error": "failed; see the log"}, status=500)
