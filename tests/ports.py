"""Ports for processes that are told theirs before they start."""

from __future__ import annotations

import os
import socket
from itertools import count

# Below what an operating system gives to those who ask for any port: there, another test's server or connection
# could get the port before the process listens on it. Each test worker begins somewhere else.
_LOWEST, _PORTS = 15_000, 15_000
_offsets = count(os.getpid() * 131)


def find_free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    for _ in range(_PORTS):
        port = _LOWEST + next(_offsets) % _PORTS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError(f"no free port from {_LOWEST} to {_LOWEST + _PORTS - 1}")
