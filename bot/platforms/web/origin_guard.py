"""Who may talk to the page: this machine's browser, from the page itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class OriginGuard:
    """Refuses a foreign Host (a name that was made to point here) and a POST from another page.

    Args:
        host: the address that is listened on; its name is welcome beside localhost.
        refused: gives the sentence that a refused caller reads.
    """

    def __init__(self, host: str, format_refusal: Callable[[], str]) -> None:
        self._host = host
        self._format_refusal = format_refusal

    def __call__(self, handler: Handler) -> Handler:
        """The handler behind the guard; every answer carries the page's security headers."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if self._is_allowed(request):
                response = await handler(request)
            else:
                response = web.json_response({"error": self._format_refusal()}, status=403)
            response.headers.update(_SECURITY_HEADERS)
            return response

        return guarded

    def _is_allowed(self, request: web.Request) -> bool:
        name = parse_host_name(request.host)
        if name is None or not (is_loopback(name) or name == self._host):
            return False
        if request.method != "POST":
            return True
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        return origin in (None, f"{request.scheme}://{request.host}") and site in ("same-origin", "none")


def parse_host_name(host: str) -> str | None:
    """The name in a Host header, without its port; None when it is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def is_loopback(name: str | None) -> bool:
    """Whether a host name or address is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ip_address(name or "").is_loopback
    except ValueError:
        return False
