"""The one HTTP server: serves the routes it is handed, and says whether the bot lives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.errors import SettingsError

log = logging.getLogger(__name__)

_MAX_BODY_BYTES = 1 << 20
_STANDBY_MESSAGE = "another process holds the connection; this one takes over when it ends"
_SHUTDOWN_GRACE = (
    4.0  # seconds for what is in flight when the bot stops, and as long again once it is cancelled
)


class HttpServer:
    """Routes on one port.

    Args:
        port: 0 for any free one.
        get_connections: returns whether each platform is connected, by its name; `/readyz` shows it.
        list_standbys: returns the platforms that another process holds and this one would take over.
        describe_tasks: returns the state of every supervised task, by its name; `/readyz` shows it.
    """

    def __init__(
        self,
        host: str,
        port: int,
        get_connections: Callable[[], Mapping[str, bool]] = dict,
        list_standbys: Callable[[], Sequence[str]] = tuple,
        describe_tasks: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._host = host
        self._port = port
        self._app = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[_handle_unexpected_error])
        self._get_connections = get_connections
        self._list_standbys = list_standbys
        self._describe_tasks = describe_tasks
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
                f"CAREER_BOT_PORT: cannot listen on {self._host}:{self._port} ({error.strerror})",
                "stop the other program or choose another port",
            ) from error
        host, port = self._runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def _serve_readyz(self, _request: web.Request) -> web.Response:
        """Return 200 while at least one platform is connected, 503 when all of them are lost.

        A standby is ready: a new process must start next to the old one that it will replace.
        """
        connections, standbys = self._get_connections(), self._list_standbys()
        is_ready = any(connections.values()) or bool(standbys) or not connections
        body: dict[str, object] = {"ready": is_ready, **connections}
        if standbys:
            body["standby"] = dict.fromkeys(standbys, _STANDBY_MESSAGE)
        if tasks := self._describe_tasks():
            body["tasks"] = dict(tasks)
        return web.json_response(body, status=200 if is_ready else 503)

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
