"""The two words that keep communities apart, on every row and in every question to the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Tenant:
    """One Slack workspace or Discord server (or a person's direct messages there)."""

    platform: str
    workspace: str

    @property
    def column_values(self) -> dict[str, str]:
        """What a row of this community holds."""
        return {"platform": self.platform, "workspace": self.workspace}
