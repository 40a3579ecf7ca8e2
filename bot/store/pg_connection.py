"""A connection to PostgreSQL with a timeout for every answer; libpq alone would wait without end."""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

from bot import timing

TIMEOUT_SECONDS = timing.POSTGRESQL_TIMEOUT
_POLL_INTERVAL = 0.1  # seconds between two checks of the timeout
_RESPONSE_TIMEOUT = TIMEOUT_SECONDS + 1.0  # seconds; a healthy server ends a statement before that

Result = TypeVar("Result")

CONNECT_OPTIONS = {
    "connect_timeout": TIMEOUT_SECONDS,
    # A host that vanished is noticed in seconds, not in the system's hours.
    "keepalives_idle": TIMEOUT_SECONDS,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": TIMEOUT_SECONDS * 1_000,
}
"""Options of libpq."""


class PgConnection(psycopg.Connection[Any]):
    """A connection that is closed when an answer does not come in time.

    A frozen server keeps its connections alive; threads that wait for it would keep a process from ending.

    Attributes:
        response_timeout: seconds that an answer may take.
    """

    response_timeout = _RESPONSE_TIMEOUT

    def wait(
        self, gen: PQGen[Result], interval: float = _POLL_INTERVAL, timeout: float | None = None
    ) -> Result:
        """Return what the server answers.

        Raises:
            psycopg.OperationalError: when it takes too long.
        """
        try:
            return super().wait(gen, interval, self.response_timeout if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # a late answer would be taken for the answer to the next statement
            raise
