"""What people read is in content/strings.yaml; the code names its sentences and gives just their names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.content.string_keys import STRING_KEYS
from bot.content.utterances import NO_MATCH_PREFIX
from tests.chat import CONTENT

BOT = Path(__file__).parent.parent / "bot"
FILES = [file for file in sorted(BOT.rglob("*.py")) if "_content" not in file.parts]
OPERATOR_FILES = {
    "diagnostics.py",
    "manifest.py",
    "app_manifest.py",
    "random_players.py",  # what `check` says of a quiz
}  # what `doctor` and an installation say, in the program's English
MEMBER_FILES = [
    file
    for file in FILES
    if file.name not in OPERATOR_FILES
    and file.relative_to(BOT).parts[0] in ("commands", "domain", "platforms", "service.py", "delivery")
]
LOG_FUNCTIONS = {"explain_unreachable", "format_private_trace"}  # they return what is logged
PAGES = sorted(BOT.rglob("*.html"))
SCRIPTS = sorted(BOT.rglob("*.js"))
ENGLISH_PHRASE = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
IGNORED_TEXT = re.compile(r"noopener noreferrer|[A-Z]+_[A-Z_]+: .*")  # HTML; what mends a setting


def _parse_file(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _is_strings(node: ast.expr) -> bool:
    """Whether an expression is the fixed sentences: `texts`, `context.texts`."""
    return (isinstance(node, ast.Name) and node.id in ("texts", "strings")) or (
        isinstance(node, ast.Attribute) and node.attr in ("texts", "strings")
    )


def _is_string_call(call: ast.Call) -> bool:
    """Whether a call fills in a sentence: `texts(…)`, `context.texts.words(…)`."""
    func = call.func
    return _is_strings(func) or (
        isinstance(func, ast.Attribute) and func.attr == "words" and _is_strings(func.value)
    )


def _iter_string_calls(file: Path, function_name: str) -> Iterator[tuple[ast.Call, list[str]]]:
    """Calls that name a sentence, each with the keys that it may name."""
    for node in ast.walk(_parse_file(file)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if _is_string_call(node) if function_name == "texts" else name == function_name:
            first = node.args[0]
            keys = [part.value for part in ast.walk(first) if isinstance(part, ast.Constant)]
            if not isinstance(first, ast.JoinedStr):
                yield node, [key for key in keys if isinstance(key, str)]


def _list_placeholders(call: ast.Call) -> set[str] | None:
    """The names that a call fills in; None when they are not written out."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return {str(keyword.arg) for keyword in call.keywords}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_every_used_string_is_listed_with_its_placeholders(file: Path) -> None:
    for call, keys in _iter_string_calls(file, "texts"):
        given = _list_placeholders(call)
        for key in keys:
            assert key in STRING_KEYS, (
                f"{file.name}:{call.lineno} says {key!r}, which no room of phrases lists"
            )
            assert given is None or given == set(STRING_KEYS[key]), (
                f"{file.name}:{call.lineno} gives {key!r} {sorted(given)}, listed are {sorted(STRING_KEYS[key])}"
            )
    for call, keys in _iter_string_calls(file, "Refusal"):
        given = _list_placeholders(call)
        for key in keys:
            assert key in STRING_KEYS, f"{file.name}:{call.lineno} refuses with {key!r}, which is not listed"
            # respond() gives every refusal the prefix
            assert given is None or given | {"prefix"} == set(STRING_KEYS[key]) | {"prefix"}, (
                f"{file.name}:{call.lineno} gives {key!r} {sorted(given)}, listed are {sorted(STRING_KEYS[key])}"
            )


def _collect_strings() -> set[str]:
    """Every string of the code, and every word of the pages and scripts, which name their sentences too."""
    found = {word for file in (*PAGES, *SCRIPTS) for word in re.findall(r"[\w.]+", file.read_text("utf-8"))}
    for file in FILES:
        if file.parent.name != "phrases":
            found |= {
                node.value
                for node in ast.walk(_parse_file(file))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


def _iter_key_patterns() -> Iterator[re.Pattern[str]]:
    """The f-strings that may name a sentence; `f"{channel}.{ts}"` would name them all, unless it is said."""
    for file in FILES:
        tree = _parse_file(file)
        said = {
            part
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _is_string_call(node)
            for part in node.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
                if node in said or ("." in fixed and fixed != "."):
                    yield re.compile(
                        "".join(
                            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)"
                            for part in node.values
                        )
                    )


def test_every_command_has_its_sentences() -> None:
    strings = _collect_strings()
    for command in COMMANDS:
        assert STRING_KEYS[f"{command.name}.usage"] == ("prefix",)
        assert STRING_KEYS[f"{command.name}.about"] == ()
        assert all(STRING_KEYS[f"{command.name}.{one.name}.about"] == () for one in command.subcommands)
        label = f"{command.name}.label"  # the words of its button in the menu
        assert (label in STRING_KEYS) == (command.is_on_menu or label in strings), label


def test_every_listed_string_is_used() -> None:
    """A key that no string in the code is, nor an f-string could become, is a sentence nobody reads.

    What fills an f-string is itself a string of the code, or a class of questions that no card answers.
    """
    strings, patterns = _collect_strings(), list(_iter_key_patterns())
    outside = {
        file.stem.removeprefix(NO_MATCH_PREFIX)
        for file in (CONTENT / "utterances").glob(f"{NO_MATCH_PREFIX}*.txt")
    }
    fills = strings | outside
    silent = [
        key
        for key in STRING_KEYS
        if key not in strings
        and not any((found := one.fullmatch(key)) and fills.issuperset(found.groups()) for one in patterns)
    ]
    assert not silent, f"nothing says {silent}: take them out of bot/content/phrases and strings.yaml"


def _collect_ignored_nodes(tree: ast.Module) -> set[ast.AST]:
    """Strings that no member reads: docstrings, what is logged, raised for the log, or asserted."""
    passed: set[ast.AST] = set()
    raised = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in LOG_FUNCTIONS:
            passed.update(ast.walk(node))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in node.body:  # an attribute's docstring stands below it
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    passed.add(statement.value)
        told = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"problem", *raised}
        if told or isinstance(node, ast.Assert | ast.Raise):
            passed.update(ast.walk(node))
        if isinstance(node, ast.Call):
            func = node.func
            logged = isinstance(func, ast.Attribute) and ast.unparse(func.value) in ("log", "logging", "re")
            built = isinstance(func, ast.Name) and func.id.endswith(
                ("Error", "Action", "DeliveryUnknown", "DeliveryRetry")
            )
            if logged or built:
                passed.update(ast.walk(node))
    return passed


@pytest.mark.parametrize("file", MEMBER_FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_code_contains_no_member_facing_english(file: Path) -> None:
    tree = _parse_file(file)
    passed = _collect_ignored_nodes(tree)
    for node in ast.walk(tree):
        if node not in passed and isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert IGNORED_TEXT.fullmatch(node.value) or not ENGLISH_PHRASE.search(node.value), (
                f"{file.relative_to(BOT)}:{node.lineno} says {node.value!r}: put it into strings.yaml"
            )


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_pages_contain_no_member_facing_english(file: Path) -> None:
    read = re.sub(
        r"<(style|script).*?</\1>|<!--.*?-->|<[^>]*>", "\n", file.read_text("utf-8"), flags=re.DOTALL
    )
    for line in read.splitlines():
        assert not ENGLISH_PHRASE.search(line), f"{file.name} says {line.strip()!r}: put it into strings.yaml"


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_contain_no_member_facing_english(file: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(^|\s)//[^\n]*", "\n", file.read_text("utf-8"), flags=re.DOTALL)
    for quoted in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", code):
        assert not re.search(r"[A-Z][a-z]+ [a-z]{2,}", quoted), (
            f"{file.name} says {quoted}: put it into strings.yaml"
        )
