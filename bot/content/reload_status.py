"""How fresh the content is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import ContentProblem


@dataclass(frozen=True, slots=True)
class ReloadStatus:
    """What a reload came to: when the current edition was read, and what is wrong with a newer one."""

    loaded_at: datetime
    problems: tuple[ContentProblem, ...] = ()
