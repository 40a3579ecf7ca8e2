"""A connection to PostgreSQL that gives up a server which says nothing; libpq would wait for ever."""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

TIMEOUT_SECONDS = 2  # seconds: connecting, a statement, a host that says nothing
_POLL_INTERVAL = 0.1  # seconds between two looks at the clock
_RESPONSE_TIMEOUT = (
    TIMEOUT_SECONDS + 1.0
)  # seconds; a server that is alive ends a statement by itself before that

Result = TypeVar("Result")

CONNECT_OPTIONS = {
    "connect_timeout": TIMEOUT_SECONDS,
    # A host that vanished is noticed in seconds, not in the system's hours.
    "keepalives_idle": TIMEOUT_SECONDS,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": TIMEOUT_SECONDS * 1_000,
}
"""What libpq itself is told."""


class PgConnection(psycopg.Connection[Any]):
    """A connection whose every answer comes in time, or it is closed.

    A frozen server keeps its connections alive; threads that wait for it would keep a process from ending.

    Attributes:
        limit: seconds that an answer may take.
    """

    response_timeout = _RESPONSE_TIMEOUT

    def wait(
        self, gen: PQGen[Result], interval: float = _POLL_INTERVAL, timeout: float | None = None
    ) -> Result:
        """What the server answers.

        Raises:
            psycopg.OperationalError: when it takes too long.
        """
        try:
            return super().wait(gen, interval, self.response_timeout if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # a late answer would be taken for that to the next question
            raise
