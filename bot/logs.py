"""The log: level and form by setting, a time on every line, our own lines by default and libraries' from WARNING.

Nothing that people typed is ever logged, so slack_bolt's request logger stays at WARNING: below it prints bodies.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Literal

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = ("tenant", "request_ref", "task")
"""The fields a line may have in addition to its message, with `extra=`."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record with its time in UTC, its level, its logger and its fields."""
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{seconds}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str, form: Literal["text", "json"]) -> None:
    """Send the log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else _text_formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def _text_formatter() -> logging.Formatter:
    formatter = logging.Formatter(_TEXT)
    formatter.converter = time.gmtime
    formatter.default_msec_format = "%s.%03dZ"
    return formatter
