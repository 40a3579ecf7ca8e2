"""The two ids that keep tenants apart, on every row and in every query of the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Tenant:
    """One Slack workspace or Discord server (or a person's direct messages there)."""

    platform: str
    workspace: str

    @property
    def column_values(self) -> dict[str, str]:
        """The values of the columns that every row of this tenant has."""
        return {"platform": self.platform, "workspace": self.workspace}
