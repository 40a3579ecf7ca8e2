"""The settings: environment variables and `.env`, each defined once, checked once at start.

pydantic-settings reads them, python-dotenv parses `.env`. An old name of a setting works for one release and
gives a warning; `docs/configuration.md` and `.env.example` are tested against the fields here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict
from pydantic_settings.sources import PydanticBaseSettingsSource
from rapidfuzz import fuzz, process

from bot.errors import SettingsError

PREFIXES = ("CAREER_BOT_", "SLACK_", "DISCORD_")
"""Variables with these prefixes are meant for the bot, so an unknown one is a typo."""
_LIKELY_TYPO = 70.0  # rapidfuzz ratio, 0 to 100


class SemanticSearch(StrEnum):
    """Which sentence model the search uses."""

    LARGE = "large"
    SMALL = "small"
    OFF = "off"
    """Keywords alone; finds less, needs less memory."""


class SlackSettings(BaseModel):
    """How to reach Slack.

    Attributes:
        app_token: Socket Mode when set; else HTTP, which needs `signing_secret`.
        api_url: the Web API's base, ends in a slash.
    """

    model_config = ConfigDict(frozen=True)

    bot_token: str = Field(repr=False)
    app_token: str | None = Field(repr=False)
    signing_secret: str | None = Field(repr=False)
    api_url: str


class DiscordSettings(BaseModel):
    """How to reach Discord.

    Attributes:
        api_url: the REST base, without a slash at its end; None for Discord's own.
        gateway_url: the gateway's address; None for Discord's own.
    """

    model_config = ConfigDict(frozen=True)

    token: str = Field(repr=False)
    api_url: str | None
    gateway_url: str | None


def _check_url(value: str | None, info: ValidationInfo) -> str | None:
    if value is None:
        return None
    schemes = ("ws", "wss") if info.field_name == "discord_gateway_url" else ("http", "https")
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise ValueError(
            f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}, got {value!r}"
        )
    return value


def _check_dir(value: Path | None) -> Path | None:
    if value is not None and not value.expanduser().is_dir():
        raise ValueError(f"must be a folder that exists, got {str(value)!r}")
    return value and value.expanduser()


def _check_slash_command(value: str) -> str:
    if not value.startswith("/") or len(value) > 32 or any(character.isspace() for character in value):
        raise ValueError(f"must be a slash and one word, at most 32 characters, like /career, got {value!r}")
    return value


def _split_keys(value: Any) -> Any:
    return tuple(filter(None, (key.strip() for key in value.split(",")))) if isinstance(value, str) else value


def _parse_semantic_search(value: Any) -> Any:
    """Read `on` and the other booleans as small and off, as before there were two models."""
    if not isinstance(value, str):
        return value
    word = value.casefold()
    if word in ("on", "true", "1", "yes"):
        return SemanticSearch.SMALL
    return SemanticSearch.OFF if word in ("false", "0", "no") else word


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _setting(name: str, help_text: str, default: Any, *old_names: str, secret: bool = False) -> Any:
    """Define one setting: its variable, what it does, its default, and the names it had before."""
    return Field(
        default,
        validation_alias=AliasChoices(name, *old_names),
        description=help_text,
        repr=not secret,
        json_schema_extra={"secret": secret},
    )


Url = Annotated[str | None, AfterValidator(_check_url)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(BaseSettings):
    """The machine's settings."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=True, hide_input_in_errors=True
    )

    slack_bot_token: str | None = _setting(
        "SLACK_BOT_TOKEN", "The bot token (xoxb-…); connects Slack.", None, secret=True
    )
    slack_app_token: str | None = _setting(
        "SLACK_APP_TOKEN", "The app token (xapp-…) for Socket Mode.", None, secret=True
    )
    slack_signing_secret: str | None = _setting(
        "SLACK_SIGNING_SECRET",
        "The signing secret, for events by HTTP in place of Socket Mode.",
        None,
        secret=True,
    )
    slack_api_url: Url = _setting(
        "SLACK_API_URL", "Another server that speaks Slack's Web API.", "https://slack.com/api/"
    )
    discord_token: str | None = _setting(
        "DISCORD_TOKEN", "The bot token; connects Discord.", None, secret=True
    )
    discord_api_url: Url = _setting("DISCORD_API_URL", "Another server that speaks Discord's REST API.", None)
    discord_gateway_url: Url = _setting(
        "DISCORD_GATEWAY_URL", "Another server that speaks Discord's gateway.", None
    )
    data_dir: Path = _setting(
        "CAREER_BOT_DATA_DIR", "Where the SQLite file and the key are.", Path("data"), "CAREER_BOT_DATA"
    )
    database_url: str | None = _setting(
        "DATABASE_URL", "Another database, such as postgresql://user:password@host/name.", None, secret=True
    )
    secret_keys: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_keys)] = _setting(
        "CAREER_BOT_SECRET_KEYS",
        "Keys that sign buttons, separated by commas: the first signs, all verify. Required with PostgreSQL.",
        (),
        "CAREER_BOT_SECRET",
        secret=True,
    )
    content_dir: Annotated[Path | None, AfterValidator(_check_dir)] = _setting(
        "CAREER_BOT_CONTENT_DIR",
        "Your own content folder in place of the shipped one.",
        None,
        "CAREER_BOT_CONTENT",
    )
    semantic_search: Annotated[SemanticSearch, BeforeValidator(_parse_semantic_search)] = _setting(
        "CAREER_BOT_SEMANTIC_SEARCH",
        "small, large (where it is installed) or off: which sentence model finds cards; off uses keywords alone.",
        SemanticSearch.SMALL,
        "CAREER_BOT_MODEL",
    )
    slash_command: Annotated[str, AfterValidator(_check_slash_command)] = _setting(
        "CAREER_BOT_SLASH_COMMAND",
        "The slash command on Slack, for when another app owns /career.",
        "/career",
        "CAREER_BOT_COMMAND",
    )
    host: str = _setting("CAREER_BOT_HOST", "The address that the HTTP server listens on.", "127.0.0.1")
    port: Annotated[int, Field(ge=0, le=65_535)] = _setting(
        "CAREER_BOT_PORT", "The port of the HTTP server; 0 for any free one.", 8080
    )
    web_ui: bool | None = _setting(
        "CAREER_BOT_WEB_UI",
        "Whether the local page is served; unset: only when no platform is connected.",
        None,
        "CAREER_BOT_PAGE",
    )
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = _setting(
        "CAREER_BOT_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", "INFO"
    )
    log_format: Literal["text", "json"] = _setting("CAREER_BOT_LOG_FORMAT", "text or json.", "text")

    _warnings: tuple[str, ...] = PrivateAttr(())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd and does not stop the bot: old names, unknown names, tokens of the wrong kind."""
        return self._warnings

    @property
    def slack(self) -> SlackSettings | None:
        """How to reach Slack; None when its token is not set."""
        if self.slack_bot_token is None:
            return None
        api_url = (self.slack_api_url or "").rstrip("/") + "/"
        return SlackSettings(
            bot_token=self.slack_bot_token,
            app_token=self.slack_app_token,
            signing_secret=self.slack_signing_secret,
            api_url=api_url,
        )

    @property
    def discord(self) -> DiscordSettings | None:
        """How to reach Discord; None when its token is not set."""
        if self.discord_token is None:
            return None
        api_url = self.discord_api_url and self.discord_api_url.rstrip("/")
        return DiscordSettings(
            token=self.discord_token, api_url=api_url, gateway_url=self.discord_gateway_url
        )

    @property
    def has_web_ui(self) -> bool:
        """Whether the local page is served: as the switch says, else when no platform is connected."""
        return not (self.slack or self.discord) if self.web_ui is None else self.web_ui

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: naming every variable that is wrong, one a line, and what it should look like.
        """
        values = {name: clean for name, value in environ.items() if (clean := _clean(value))}
        try:
            settings = _read(values)
        except ValidationError as error:
            raise SettingsError("\n".join(_describe(problem, values) for problem in error.errors())) from None
        if settings.slack_bot_token and not (settings.slack_app_token or settings.slack_signing_secret):
            raise SettingsError(
                "SLACK_BOT_TOKEN: is set alone",
                "set SLACK_APP_TOKEN too (Socket Mode), or SLACK_SIGNING_SECRET (HTTP)",
            )
        settings._warnings = (
            *_list_old_names(values),
            *_list_unknown_names(values),
            *_check_tokens(settings),
        )
        return settings


def list_variables() -> Mapping[str, str]:
    """Return every setting's variable and help text, in the order of the class."""
    return {_aliases(name)[0]: str(field.description or "") for name, field in Settings.model_fields.items()}


def read_env_file(file: Path) -> dict[str, str]:
    """Read a `.env` file as Docker Compose does: quotes and inline comments are no part of a value.

    Raises:
        SettingsError: naming the line that is not NAME=value.
    """
    content = file.read_bytes()
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: must be saved as UTF-8") from error
    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            raise SettingsError(f"{file}:{binding.original.line}: must be NAME=value")
        if binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values


class _MappingSource(EnvSettingsSource):
    """Reads a given mapping in place of the process's environment, so that tests and `doctor` can choose it."""

    def __init__(self, settings_class: type[BaseSettings], values: Mapping[str, str]) -> None:
        self._values = values
        super().__init__(settings_class)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._values)


def _read(values: Mapping[str, str]) -> Settings:
    class FromMapping(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic-settings calls it with these names
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (_MappingSource(settings_cls, values),)

    # A plain `Settings`, so that two readings of one environment are equal.
    return Settings.model_construct(**dict(FromMapping()))


def _clean(value: str) -> str:
    """Strip blanks, newlines and one pair of quotes, which people paste along with a value."""
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1].strip()
    return value


def _aliases(field_name: str) -> list[str]:
    choices = Settings.model_fields[field_name].validation_alias
    assert isinstance(choices, AliasChoices)  # narrowing: every field is made by `_setting`
    return [str(choice) for choice in choices.choices]


def _describe(problem: Any, values: Mapping[str, str]) -> str:
    """Say what is wrong with one variable; the value is shown unless it is a secret."""
    location = str(problem["loc"][0])
    field_name = next(name for name in Settings.model_fields if location in (name, *_aliases(name)))
    variable = next((name for name in _aliases(field_name) if name in values), location)
    field = Settings.model_fields[field_name]
    if problem["type"] == "value_error":
        return f"{variable}: {problem['ctx']['error']}"
    hint = {
        "port": "must be a number from 0 (any free port) to 65535",
        "web_ui": "must be true or false",
    }.get(field_name, f"must be {field.description}".rstrip("."))
    extra = field.json_schema_extra
    is_secret = isinstance(extra, dict) and bool(extra.get("secret"))
    return f"{variable}: {hint}" + ("" if is_secret else f", got {values.get(variable, '')!r}")


def _list_old_names(values: Mapping[str, str]) -> list[str]:
    warnings = []
    for field_name in Settings.model_fields:
        name, *old_names = _aliases(field_name)
        for old_name in old_names:
            if old_name in values:
                ignored = f"; it is ignored, since {name} is set too" if name in values else ""
                warnings.append(
                    f"{old_name}: renamed to {name}, the old name works for one more release{ignored}"
                )
    return warnings


def _list_unknown_names(values: Mapping[str, str]) -> list[str]:
    known = [alias for field_name in Settings.model_fields for alias in _aliases(field_name)]
    warnings = []
    for name in sorted(values):
        if name.startswith(PREFIXES) and name not in known:
            match = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=_LIKELY_TYPO)
            hint = f"; did you mean {match[0]}?" if match else ""
            warnings.append(f"{name}: there is no such setting{hint}")
    return warnings


def _check_tokens(settings: Settings) -> list[str]:
    """Warn of tokens of the wrong kind; another server's tokens may look like anything."""
    warnings = []
    if (
        settings.slack is not None
        and settings.slack_api_url == Settings.model_fields["slack_api_url"].default
    ):
        for name, token, prefix in (
            ("SLACK_BOT_TOKEN", settings.slack_bot_token, "xoxb-"),
            ("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-"),
        ):
            if token and not token.startswith(prefix):
                warnings.append(f"{name}: usually starts with {prefix}")
    return warnings
