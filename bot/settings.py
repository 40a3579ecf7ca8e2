"""What differs per machine, from environment variables alone; `.env.example` lists them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack.

    Attributes:
        app_token: Socket Mode when set; else HTTP, which needs `signing_secret`.
        api_url: the Web API's base, ends in a slash.
    """

    bot_token: str = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    api_url: str


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How to reach Discord.

    Attributes:
        api_url: the REST base, without a slash at its end; None for Discord's own.
        gateway_url: the gateway's address; None for Discord's own.
    """

    token: str = field(repr=False)
    api_url: str | None
    gateway_url: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """The machine's settings, checked once at start.

    Attributes:
        content: the content folder; None for the one that came with the program.
        command: what people type before a command's name.
        host, port: where the one HTTP server listens.
        model: whether questions are also read by the search model, not by words alone.
        page: whether the local page is served; None when that depends on the platforms.
        data: where the SQLite file and the key lie.
        database_url: SQLAlchemy's address of the database; None for SQLite in `data`.
        secrets: the keys that sign what travels in buttons: the first signs, all verify; empty when unset.
        slack, discord: the platforms, None when their token is not set.
    """

    content_dir: Path | None
    slash_command: str
    host: str
    port: int
    web_ui: bool | None
    semantic_search: bool
    data_dir: Path
    database_url: str | None
    secret_keys: tuple[str, ...]
    slack: SlackSettings | None
    discord: DiscordSettings | None

    @property
    def has_web_ui(self) -> bool:
        """Whether the local page is served: as the switch says, else when no platform is connected."""
        return not (self.slack or self.discord) if self.web_ui is None else self.web_ui

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: naming the variable and what it should look like.
        """
        return cls(
            content_dir=_parse_dir(environ, "CAREER_BOT_CONTENT"),
            slash_command=_parse_slash_command(environ.get("CAREER_BOT_COMMAND") or "/career"),
            host=environ.get("CAREER_BOT_HOST") or "127.0.0.1",
            port=_parse_port(environ.get("CAREER_BOT_PORT") or "8080"),
            web_ui=_parse_optional_flag(environ, "CAREER_BOT_PAGE"),
            semantic_search=_parse_on_off(environ, "CAREER_BOT_MODEL"),
            data_dir=Path(environ.get("CAREER_BOT_DATA") or "data").expanduser(),
            database_url=environ.get("DATABASE_URL") or None,
            secret_keys=tuple(filter(None, environ.get("CAREER_BOT_SECRET", "").split(","))),
            slack=_parse_slack_settings(environ),
            discord=_parse_discord_settings(environ),
        )


def read_env_file(file: Path) -> dict[str, str]:
    """The variables of a `.env` file: NAME=value a line, quotes taken off, # begins a comment line.

    Raises:
        SettingsError: naming the line that is neither.
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise SettingsError(f"{file}:{number}: write NAME=value")
        found[name.strip()] = value.strip().strip("'\"")
    return found


def _parse_slack_settings(environ: Mapping[str, str]) -> SlackSettings | None:
    token = environ.get("SLACK_BOT_TOKEN")
    if not token:
        return None
    app_token = environ.get("SLACK_APP_TOKEN") or None
    signing_secret = environ.get("SLACK_SIGNING_SECRET") or None
    if app_token is None and signing_secret is None:
        raise SettingsError(
            "SLACK_BOT_TOKEN is set: set SLACK_APP_TOKEN too (Socket Mode), or SLACK_SIGNING_SECRET (HTTP)"
        )
    api_url = _parse_url(environ, "SLACK_API_URL", "http", "https") or "https://slack.com/api/"
    return SlackSettings(token, app_token, signing_secret, api_url.rstrip("/") + "/")


def _parse_discord_settings(environ: Mapping[str, str]) -> DiscordSettings | None:
    token = environ.get("DISCORD_TOKEN")
    if not token:
        return None
    api_url = _parse_url(environ, "DISCORD_API_URL", "http", "https")
    return DiscordSettings(
        token,
        api_url.rstrip("/") if api_url else None,
        _parse_url(environ, "DISCORD_GATEWAY_URL", "ws", "wss"),
    )


def _parse_url(environ: Mapping[str, str], name: str, *schemes: str) -> str | None:
    value = environ.get(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise SettingsError(f"{name}: an address that starts with {' or '.join(f'{s}://' for s in schemes)}")
    return value


def _parse_dir(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise SettingsError(f"{name}: there is no folder {folder}")
    return folder


def _parse_slash_command(value: str) -> str:
    if not value.startswith("/") or len(value) > 32 or any(c.isspace() for c in value):
        raise SettingsError("CAREER_BOT_COMMAND: a slash and one word, at most 32 characters, like /career")
    return value


def _parse_port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 <= int(value) <= 65_535:
        raise SettingsError("CAREER_BOT_PORT: a number from 0 (any free port) to 65535")
    return int(value)


def _parse_on_off(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name) or "on"
    if value not in ("on", "off"):
        raise SettingsError(f"{name}: on or off")
    return value == "on"


def _parse_optional_flag(environ: Mapping[str, str], name: str) -> bool | None:
    value = environ.get(name, "")
    if value not in ("", "0", "1"):
        raise SettingsError(f"{name}: 1 or 0")
    return value == "1" if value else None
