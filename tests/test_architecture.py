"""Hold the rules of the code's structure: which part may import which, and where the SDKs are imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"

# What a part may import from bot. A new part is a new line here and in docs/architecture.md.
ALLOWED_IMPORTS: dict[str, set[str]] = {
    "errors": set(),
    "retry": set(),
    "timing": {"retry"},
    "supervisor": {"errors", "retry", "timing"},
    "settings": {"errors"},
    "logs": set(),
    "loop_watchdog": {"timing"},
    "daemon_thread": set(),
    "http_server": {"timing", "retry", "errors"},
    "messaging": {"timing", "retry", "errors"},
    "content": {"timing", "retry", "messaging", "errors"},
    "domain": {"timing", "retry", "content", "messaging.spans", "messaging.delivery", "errors"},
    "store": {"timing", "retry", "errors", "domain"},
    "commands": {"timing", "retry", "messaging", "errors", "content", "domain", "store"},
    "service": {"timing", "retry", "messaging", "errors", "content", "domain", "store", "commands"},
    "live_content": {"daemon_thread", "timing", "retry", "errors", "content", "domain", "service"},
    "delivery": {"timing", "retry", "messaging", "errors", "domain.outbox", "service"},
    "platforms": {"timing", "retry", "messaging", "errors", "domain.outbox", "service", "commands.command"},
    "cli": {
        "logs",
        "timing",
        "retry",
        "app",
        "setup_tools",
        "messaging",
        "errors",
        "content",
        "domain",
        "settings",
        "service",
        "commands",
        "platforms.terminal",
        "platforms.diagnostics",
    },
    "app": {""},
    "setup_tools": {""},
    "__main__": {"cli"},
}
SDKS = {
    "slack_bolt": "platforms/slack",
    "slack_sdk": "platforms/slack",
    "discord": "platforms/discord",
    "sqlalchemy": "store",
    "alembic": "store",
}
# Where whatever went wrong becomes a sentence and a line in the log, or must not stop what is beside it.
BROAD_EXCEPT_FILES = {
    "daemon_thread.py",  # the failure goes to who waits for the work
    "live_content.py",  # the status names the failure, then the supervisor gets it
    "service.py",
    "supervisor.py",  # a task that fails is logged and started again
    "http_server.py",
    "delivery/worker.py",
    "delivery/dispatcher.py",  # one message that fails holds up no other
    "platforms/deduplicator.py",  # a database that fails in any way leaves the decision to the process
    "platforms/slack/handler.py",
    "platforms/slack/events_endpoint.py",  # bolt's own failures on what Slack never sends
    "platforms/slack/listeners.py",
    "platforms/pipeline.py",
    "platforms/discord/slash_options.py",  # suggestions
    "platforms/web/page.py",
}


def _list_files() -> list[Path]:
    return sorted(file for file in BOT.rglob("*.py") if "_content" not in file.parts)


def _iter_imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _find_package(file: Path) -> str:
    parts = file.relative_to(BOT).with_suffix("").parts
    return parts[0] if parts != ("__init__",) else "errors"


@pytest.mark.parametrize("file", _list_files(), ids=lambda file: str(file.relative_to(BOT)))
def test_package_imports_only_allowed_packages(file: Path) -> None:
    part = _find_package(file)
    assert part in ALLOWED_IMPORTS, f"bot/{part} is not in the table"
    allowed = {f"bot.{name}" for name in ALLOWED_IMPORTS[part] | {part}}
    if part == "platforms":  # a platform knows its own folder and what all share, never another platform
        own = file.relative_to(BOT).parts[1].removesuffix(".py")
        shared = {path.stem for path in (BOT / "platforms").glob("*.py")} - {"__init__"}
        allowed = {name for name in allowed if name != "bot.platforms"}
        allowed |= {f"bot.platforms.{name}" for name in {own, *shared}}
    for name in _iter_imports(file):
        if name.split(".")[0] == "bot" and ALLOWED_IMPORTS[part] != {""}:
            assert any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed), f"{part} imports {name}"


@pytest.mark.parametrize("file", _list_files(), ids=lambda file: str(file.relative_to(BOT)))
def test_an_sdk_lives_only_in_its_folder(file: Path) -> None:
    here = file.relative_to(BOT).as_posix()
    for name in _iter_imports(file):
        home = SDKS.get(name.split(".")[0])
        assert home is None or here.startswith(home + "/"), (
            f"{name} is imported in {here}, it lives in {home}/"
        )


@pytest.mark.parametrize("file", _list_files(), ids=lambda file: str(file.relative_to(BOT)))
def test_only_the_named_places_catch_everything(file: Path) -> None:
    here = file.relative_to(BOT).as_posix()
    if here in BROAD_EXCEPT_FILES:
        return
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in ("everything", "Exception", "BaseException"), (
                f"{here}:{node.lineno} catches {caught}"
            )


def test_the_named_places_do_catch_everything() -> None:
    """A place that no longer does leaves the list, so that the list stays short."""
    for here in BROAD_EXCEPT_FILES:
        assert "except Exception" in (BOT / here).read_text(), here


ALLOWED_GLOBALS = {"migrate.py": "a lock for alembic, which keeps what it works on at its own module level"}


def test_nothing_is_kept_at_module_level() -> None:
    """Constants are fine; an empty dict, list or set, or a lock, waits to be filled."""
    for file in _list_files():
        if file.name in ALLOWED_GLOBALS:
            continue
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                kept = ast.unparse(node.value)
                assert kept not in ("{}", "[]"), f"{file.name}:{node.lineno} keeps state"
                assert kept.split("(")[0] not in ("dict", "list", "set", "Lock", "deque", "OrderedDict"), kept


# Where a task may be started: the supervisor owns what lives as long as the bot; the others start short work and
# wait for it or track it.
TASK_FILES = {
    "supervisor.py",
    "app.py",  # opening the store, awaited a few lines below
    "delivery/worker.py",  # one task a message in flight, tracked
    "delivery/batcher.py",  # one task a burst of writes, tracked
    "platforms/leader_election.py",  # run until the lock is lost, awaited
    "platforms/discord/handler.py",  # one task a request, awaited with a deadline
    "platforms/slack/background_tasks.py",  # what goes on after an ack, tracked
}


def test_tasks_are_started_only_where_somebody_waits_for_them() -> None:
    files = {
        file.relative_to(BOT).as_posix()
        for file in _list_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("create_task", "ensure_future", "run_coroutine_threadsafe")
    }
    assert files == TASK_FILES


@pytest.mark.parametrize("file", _list_files(), ids=lambda file: str(file.relative_to(BOT)))
def test_an_assert_only_narrows_a_type(file: Path) -> None:
    """`python -O` strips asserts, so none may do work or guard anything."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Assert):
            test = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
            is_isinstance = isinstance(test, ast.Call) and ast.unparse(test.func) == "isinstance"
            is_none_check = isinstance(test, ast.Compare) and ast.unparse(test.comparators[0]) == "None"
            calls = [part for part in ast.walk(node.test) if isinstance(part, ast.Call)]
            assert (is_isinstance and len(calls) == 1) or (is_none_check and not calls), (
                f"{file.name}:{node.lineno}: {ast.unparse(node)}"
            )


@pytest.mark.parametrize("listed", sorted({*BROAD_EXCEPT_FILES, *TASK_FILES}))
def test_every_listed_file_exists(listed: str) -> None:
    """A gate by path fails when the path moves, in place of checking nothing."""
    assert (BOT / listed).is_file()
