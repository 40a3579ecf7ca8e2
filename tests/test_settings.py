"""The settings: what is read, what is refused and how, and what only gives a warning."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.logs import JsonFormatter
from bot.settings import SemanticSearch, Settings, list_variables, read_env_file

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
DISCORD = {"DISCORD_TOKEN": "token"}
EXAMPLE = Path(__file__).parent.parent / ".env.example"


@pytest.mark.parametrize(
    ("environ", "is_web_ui_served"),
    [
        ({}, True),
        (SLACK, False),
        (DISCORD, False),
        ({**SLACK, "CAREER_BOT_WEB_UI": "1"}, True),
        ({**DISCORD, "CAREER_BOT_WEB_UI": "yes"}, True),
        ({"CAREER_BOT_WEB_UI": "off"}, False),
        ({"CAREER_BOT_WEB_UI": ""}, True),
    ],
)
def test_the_page_is_served_when_nothing_else_is_or_when_asked_for(
    environ: dict[str, str], is_web_ui_served: bool
) -> None:
    assert Settings.from_env(environ).has_web_ui is is_web_ui_served


@pytest.mark.parametrize("word", ["true", "TRUE", "1", "on", "yes", " 'true' ", "true\n"])
def test_one_grammar_for_booleans(word: str) -> None:
    assert Settings.from_env({"CAREER_BOT_WEB_UI": word}).web_ui is True
    assert Settings.from_env({"CAREER_BOT_SEMANTIC_SEARCH": word}).semantic_search is SemanticSearch.SMALL


def test_a_value_is_stripped_of_blanks_newlines_and_quotes() -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": ' "a token"\n'})
    assert settings.discord_token == "a token"


def test_old_names_work_and_give_a_warning(tmp_path: Path) -> None:
    old = {"CAREER_BOT_DATA": str(tmp_path), "CAREER_BOT_SECRET": "one, two", "CAREER_BOT_MODEL": "off"}
    settings = Settings.from_env(old)
    assert (settings.data_dir, settings.secret_keys) == (tmp_path, ("one", "two"))
    assert settings.semantic_search is SemanticSearch.OFF
    assert [warning.split(":")[0] for warning in settings.warnings] == list(old)
    both = Settings.from_env({"CAREER_BOT_DATA": "/old", "CAREER_BOT_DATA_DIR": str(tmp_path)})
    assert both.data_dir == tmp_path
    assert "is ignored" in both.warnings[0]


def test_an_unknown_name_gives_a_warning_with_the_likely_one() -> None:
    settings = Settings.from_env({"SLACK_TOKEN": "xoxb-1", "CAREER_BOT_PROT": "1", "PATH": "/bin"})
    assert settings.warnings == (
        "CAREER_BOT_PROT: there is no such setting; did you mean CAREER_BOT_PORT?",
        "SLACK_TOKEN: there is no such setting; did you mean SLACK_BOT_TOKEN?",
    )


def test_a_token_of_the_wrong_kind_gives_a_warning_only_for_slack_itself() -> None:
    wrong = {**SLACK, "SLACK_BOT_TOKEN": "xoxp-1"}
    assert "xoxb-" in Settings.from_env(wrong).warnings[0]
    assert not Settings.from_env({**wrong, "SLACK_API_URL": "http://127.0.0.1:4390/api/"}).warnings


def test_every_fault_is_named_at_once_with_its_value_and_never_a_secret() -> None:
    environ = {
        "CAREER_BOT_PORT": "99999",
        "CAREER_BOT_PAGE": "maybe",
        "CAREER_BOT_CONTENT": "/nope",
        "DISCORD_GATEWAY_URL": "http://127.0.0.1",
        "CAREER_BOT_SLASH_COMMAND": "career",
        "CAREER_BOT_LOG_LEVEL": "loud",
        "DISCORD_TOKEN": "s3cret",
    }
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    lines = str(caught.value).splitlines()
    assert sorted(line.split(":")[0] for line in lines) == sorted(set(environ) - {"DISCORD_TOKEN"})
    assert "CAREER_BOT_PORT: must be a number from 0 (any free port) to 65535, got '99999'" in lines
    assert "s3cret" not in str(caught.value)


def test_a_half_set_slack_is_refused() -> None:
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        Settings.from_env({"SLACK_BOT_TOKEN": "xoxb-1"})


def test_no_secret_is_in_the_text_of_settings() -> None:
    settings = Settings.from_env(
        {**SLACK, "DATABASE_URL": "postgresql://u:pa55@h/d", "CAREER_BOT_SECRET_KEYS": "k3y"}
    )
    assert not re.search("xoxb|xapp|pa55|k3y", repr(settings) + repr(settings.slack))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_env_file_is_read_as_docker_reads_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        "A=xoxb-1   # the token\r\nexport B=\"two words\" # here\r\n# note\r\n\r\nC='#3'\r\nD=a#b\r\n".encode(
            encoding
        )
    )
    assert read_env_file(file) == {"A": "xoxb-1", "B": "two words", "C": "#3", "D": "a#b"}


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nB\n")
    with pytest.raises(SettingsError, match=r"\.env:2: must be NAME=value"):
        read_env_file(file)


def test_the_example_lists_every_setting_with_its_default() -> None:
    listed = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE))
    assert list(listed) == list(list_variables())
    example = Settings.from_env({name: listed[name] for name in listed if name.startswith("CAREER_BOT")})
    assert example.model_copy(update={"data_dir": Path("data")}) == Settings.from_env({})


def test_a_json_line_has_time_level_and_fields() -> None:
    record = logging.LogRecord(
        "bot.x", logging.INFO, __file__, 1, "content reloaded: version %s", ("v1",), None
    )
    record.tenant = "slack/T1"
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "content reloaded: version v1"
    assert (line["level"], line["tenant"]) == ("INFO", "slack/T1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
