"""Hold the names and the words of `bot/` to what engineers know; docs/architecture.md has the glossary."""

from __future__ import annotations

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
PACKAGES = sorted(
    path.stem for path in BOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
)
NOT_YET = frozenset(
    {
        *("app", "cli", "commands", "content", "delivery", "domain", "errors", "live_content"),
        *("logs", "messaging", "platforms", "service", "setup_tools", "store"),
    }
)
"""Packages whose language is still being worked on. Nothing is added to it; it goes when it is empty."""

# Names that say when a value came, not what it is.
VAGUE_VARIABLES = frozenset({"one", "told", "said", "found", "wanted", "had", "became", "here"})

# A module may have the name of another one when their folders are of one kind.
SAME_KIND = (
    {"platforms", "platforms/slack", "platforms/discord", "platforms/web"},
    {
        "messaging",
        "platforms/slack",
        "platforms/discord",
        "platforms/web",
    },  # a block, and how each renders it
    {"domain", "store"},  # a model, and the repository of its rows
    {"cli", "commands"},  # a command of the shell and a command of the chat
)

NOUNS_IN_ING = frozenset({"Heading", "Mapping", "Ring", "Setting", "String"})
"""Last words of class names that end like a gerund and name a thing."""

OLD_WORDS = re.compile(
    r"""
    \b(?:
        mend(?:s|ed|ing)? | told | tells | gladly | whoever
        | stands? | stood | standing\ by | besides? | in\ vain | for\ good | for\ ever
        | rooms? | houses? | doors? | hands?
        | (?:a|an|two|the|first|next|another|each|between|of) \ looks?
        | one\ press\ away | one\ file\ a\ verb
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
NO_VERBS = re.compile(
    r"(?:What|Whether|Which|Who|Whom|Whose|Whoever|Where|When|Why|How|That|Those|The|A|An|One|All|Each|Every|Some"
    r"|No|Nothing|Nobody|Something|Everything|Its?|They|Their|In|On|As|By|For|From|With|Without|Until|Not|Once|More)\b"
)

Hits = Iterator[tuple[int, str]]


def list_files(package: str) -> list[Path]:
    """Return the Python files of a package, or the one file of a module."""
    folder = BOT / package
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [BOT / f"{package}.py"]


def report(package: str, check: Callable[[Path], Hits]) -> list[str]:
    """Return each hit of a check in a package as `file:line: what`."""
    return [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in list_files(package)
        for line, what in check(file)
    ]


def iter_vague_variables(file: Path) -> Hits:
    """Yield what is assigned, looped over or taken as an argument under a vague name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in VAGUE_VARIABLES:
            yield node.lineno, f"variable {node.id}"
        elif isinstance(node, ast.arg) and node.arg in VAGUE_VARIABLES:
            yield node.lineno, f"argument {node.arg}"


def iter_gerund_classes(file: Path) -> Hits:
    """Yield classes that are named for what they do, as `Listening` is."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            last_word = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", node.name)[-1]
            if last_word.endswith("ing") and last_word not in NOUNS_IN_ING:
                yield node.lineno, f"class {node.name}"


def iter_old_words(file: Path) -> Hits:
    """Yield words of the project's old dialect in comments, docstrings, log lines, errors and help texts."""
    for line, text in iter_prose(file):
        for match in OLD_WORDS.finditer(text):
            yield line + text.count("\n", 0, match.start()), f"{match[0]!r} in {match.string.strip()[:60]!r}"


def iter_prose(file: Path) -> Hits:
    """Yield what a developer or host reads in a file: each piece with the line that it begins in."""
    with tokenize.open(file) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from _iter_strings(node.value)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _iter_strings(node.exc)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in (
                "log",
                "logger",
                "_log",
            ):
                yield from _iter_strings(node)
            for keyword in node.keywords:
                if keyword.arg in ("help", "description", "epilog"):
                    yield from _iter_strings(keyword.value)


def _iter_strings(tree: ast.AST) -> Hits:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def iter_docstrings_without_a_verb(file: Path) -> Hits:
    """Yield functions whose docstring opens as a clause or a noun; properties may, as what they return."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node) or ""
            is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
            if NO_VERBS.match(docstring) and not is_property:
                yield node.lineno, f"{node.name}: {docstring.splitlines()[0]}"


@pytest.mark.parametrize(
    "check", [iter_vague_variables, iter_gerund_classes, iter_old_words, iter_docstrings_without_a_verb]
)
def test_the_code_speaks_plain_english(check: Callable[[Path], Hits]) -> None:
    hits = [hit for package in PACKAGES if package not in NOT_YET for hit in report(package, check)]
    assert not hits, "\n".join([f"{len(hits)} hits of {check.__name__}", *hits])


def test_the_list_of_packages_to_come_names_packages() -> None:
    assert set(PACKAGES) >= NOT_YET


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{file.relative_to(ROOT)}:{node.lineno}")
    shared = {name: sorted(where) for name, where in places.items() if len(where) > 1}
    assert not shared, "\n".join(f"{name}: {', '.join(where)}" for name, where in sorted(shared.items()))


def test_modules_share_a_name_only_in_folders_of_one_kind() -> None:
    folders: dict[str, set[str]] = defaultdict(set)
    for file in BOT.rglob("*.py"):
        if file.stem not in ("__init__", "__main__") and "migrations" not in file.parts:
            folders[file.stem].add(file.parent.relative_to(BOT).as_posix())
    shared = {name: sorted(where) for name, where in folders.items() if not _are_of_one_kind(where)}
    assert not shared, "\n".join(f"{name}.py: {', '.join(where)}" for name, where in sorted(shared.items()))


def _are_of_one_kind(folders: set[str]) -> bool:
    """Return whether each pair of folders is of some kind."""
    return all(a == b or any({a, b} <= kind for kind in SAME_KIND) for a in folders for b in folders)


@pytest.mark.parametrize(
    ("check", "source", "hits"),
    [
        (iter_vague_variables, "for one in (said := []):\n    pass", ["variable one", "variable said"]),
        (iter_vague_variables, "def f(told): ...\n[had for had in ()]", ["argument told", "variable had"]),
        (iter_vague_variables, "for item in items:\n    use(one)", []),
        (iter_gerund_classes, "class Listening: ...\nclass KeyRing: ...", ["class Listening"]),
        (iter_old_words, "x = 1  # in vain", ["'in vain' in '# in vain'"]),
        (iter_old_words, '"""A\n\nIt stands."""', ["'stands' in 'A\\n\\nIt stands.'"]),
        (iter_old_words, 'log.error("told %s", one)', ["'told' in 'told %s'"]),
        (iter_old_words, 'raise ValueError(f"no room: {x}")', ["'room' in 'no room:'"]),
        (iter_old_words, '"""Handle the understood, standalone good, outlook: it looks up."""', []),
        (iter_docstrings_without_a_verb, 'def f():\n    """What is."""', ["f: What is."]),
        (iter_docstrings_without_a_verb, '@property\ndef f():\n    """The name."""', []),
        (iter_docstrings_without_a_verb, 'def f():\n    """Answer it."""', []),
    ],
)  # fmt: skip
def test_a_check_reports_what_it_is_for(
    check: Callable[[Path], Hits], source: str, hits: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "module.py"
    file.write_text(source)
    assert [what for _, what in check(file)] == hits
