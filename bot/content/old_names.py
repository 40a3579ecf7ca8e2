"""Names of files, folders and keys from before, read for one more release with a warning."""

from __future__ import annotations

from collections.abc import Mapping

OLD_FILE_NAMES: Mapping[str, str] = {
    "utterances": "asks",
    "quizzes": "assessments",
    "strings.yaml": "texts.yaml",
    "quizzes.lock": "assessments.lock",
}
"""What a file or folder was called, by its name of today."""

OLD_KEYS: Mapping[str, Mapping[str, str]] = {
    "cards": {"views.*.says": "claim", "views.*.suits": "fits_if"},
    "quizzes": {
        "results.*.leads": "dimension",
        "results.*.between": "tie_between",
        "results.*.within": "tie_within",
        "questions.*.slot": "code",
        "questions.*.options.*.letter": "code",
        "questions.*.options.*.weighs": "scores",
    },
    "sources.yaml": {"*.by": "author", "*.kind": "caveat"},
    "words.yaml": {"same": "synonyms", "spelled": "corrections", "ignored": "stopwords"},
}
"""By file or folder: the path of an old key, `*` for any id or place in a list, and the key of today."""


def find_new_key(old_keys: Mapping[str, str], key_path: tuple[str | int, ...]) -> str | None:
    """The name of today of the key at the end of a path; None when it is no old key."""
    for pattern, new_key in old_keys.items():
        parts = pattern.split(".")
        if len(parts) == len(key_path) and all(map(_fits, parts, key_path)):
            return new_key
    return None


def _fits(part: str, step: str | int) -> bool:
    return part in ("*", step)
