"""Runs outlive restarts, replicas, databases, keys and the quiz itself: all that counts is in the buttons."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.content.quiz_models import Quiz, QuizQuestion
from bot.messaging.action import Action
from bot.messaging.reply import ReplyOutcome
from bot.service import ContentSnapshot, Service
from bot.store.storage import Storage
from tests.chat import Chat

QUIZ = "research-or-engineering"
QuestionsEdit = Callable[[tuple[QuizQuestion, ...]], tuple[QuizQuestion, ...]]


def _play_half(service: Service) -> Chat:
    chat = Chat(service).send_line(f"quiz {QUIZ}").press("Start")
    return chat.press("Test an idea of my own").press("Into a paper I saved").press("Test whether it holds")


def _move_to_service(chat: Chat, service: Service) -> Chat:
    """The same message, its next press answered by another bot."""
    moved = Chat(service)
    moved.answer = chat.answer
    return moved


def _build_service_with_edit(service: Service, edit: Callable[[Quiz], Quiz]) -> Service:
    """The bot after an author changed the quiz."""
    library = service.context.content
    changed = {**library.quizzes, QUIZ: edit(library.quizzes[QUIZ])}
    edition = ContentSnapshot(replace(library, quizzes=changed), service.context.search)
    return Service(lambda: edition, COMMANDS, "/career", service.context.storage)


def _edit_questions(edit: QuestionsEdit) -> Callable[[Quiz], Quiz]:
    return lambda quiz: _copy_quiz(quiz, questions=edit(quiz.questions))


def _copy_quiz(quiz: Quiz, **fields: object) -> Quiz:
    return Quiz.model_construct(**{name: getattr(quiz, name) for name in Quiz.model_fields} | fields)


def _build_replica(service: Service, data: Path, *secrets: str) -> Service:
    """Another replica, or the same bot after a restart."""
    edition = ContentSnapshot(service.context.content, service.context.search)
    return Service(lambda: edition, COMMANDS, "/career", Storage(data, None, secrets))


def test_another_replica_goes_on_and_a_third_gives_the_same_page(service: Service, tmp_path: Path) -> None:
    first, second = (
        _build_replica(service, tmp_path / "a", "one"),
        _build_replica(service, tmp_path / "b", "one"),
    )
    chat = _play_half(first)
    there = _move_to_service(chat, second).press("The better structure for the code")
    assert "5 of about 9" in there.text
    assert there.reply == _move_to_service(chat, first).press("The better structure for the code").reply


def test_nothing_is_written_to_the_database(service: Service, tmp_path: Path) -> None:
    _play_half(_build_replica(service, tmp_path, "one"))
    assert list(tmp_path.iterdir()) == []


def test_a_lost_database_costs_nothing(service: Service, tmp_path: Path) -> None:
    chat = _play_half(_build_replica(service, tmp_path, "one"))
    shutil.rmtree(tmp_path)
    assert (
        "5 of about 9"
        in _move_to_service(chat, _build_replica(service, tmp_path, "one")).press("The better structure").text
    )


def test_a_kept_key_serves_where_no_secret_is_set(service: Service, tmp_path: Path) -> None:
    chat = _play_half(_build_replica(service, tmp_path))
    assert (
        "5 of about 9"
        in _move_to_service(chat, _build_replica(service, tmp_path)).press("The better structure").text
    )


def test_a_new_first_key_lets_begun_runs_end_and_a_lost_one_does_not(
    service: Service, tmp_path: Path
) -> None:
    chat = _play_half(_build_replica(service, tmp_path, "old"))
    assert (
        "5 of about 9"
        in _move_to_service(chat, _build_replica(service, tmp_path, "new", "old"))
        .press("The better structure")
        .text
    )
    lost = _move_to_service(chat, _build_replica(service, tmp_path, "new")).press("The better structure")
    assert lost.reply.outcome is ReplyOutcome.REFUSED
    assert "Start yours" in lost.text


def test_corrected_wording_keeps_the_run(service: Service) -> None:
    quiz = _build_service_with_edit(service, lambda quiz: _copy_quiz(quiz, title="Research, or engineering?"))
    after = _move_to_service(_play_half(service), quiz).press("The better structure for the code")
    assert "has changed" not in after.text
    assert "5 of about 9" in after.text


def test_a_removed_question_costs_its_answer_alone_and_says_so(service: Service) -> None:
    chat = _play_half(service)
    chat = _move_to_service(
        chat,
        _build_service_with_edit(service, _edit_questions(lambda asked: (*asked[1:], _build_question("m")))),
    )
    chat.press("The better structure for the code")
    assert "has changed since your last tap. 1 answer no longer fits" in chat.text
    assert "4 of about 9" in chat.text
    chat.press("Ship the plain one and move on")
    assert "has changed" not in chat.text, "said once"


def test_a_question_put_in_before_is_asked_next_and_the_later_answers_stay(service: Service) -> None:
    chat = _play_half(service)
    chat = _move_to_service(
        chat,
        _build_service_with_edit(
            service, _edit_questions(lambda asked: (asked[0], _build_question("m"), *asked[1:]))
        ),
    )
    chat.press("The better structure for the code")
    assert "Where is m?" in chat.text
    assert "Question 1, your answer: Test an idea of my own" in chat.text
    chat.press("Here")
    assert "A plain model does nearly" in chat.text, "what was answered is not asked again"
    assert "Question 5, your answer: The better structure for the code" in chat.text


def test_a_removed_option_makes_its_question_open_again(service: Service) -> None:
    def without_first(asked: tuple[QuizQuestion, ...]) -> tuple[QuizQuestion, ...]:
        return (asked[0].model_copy(update={"options": asked[0].options[1:]}), *asked[1:])

    chat = _move_to_service(
        _play_half(service), _build_service_with_edit(service, _edit_questions(without_first))
    )
    chat.press("The better structure for the code")
    assert "Your main project is stuck" in chat.text
    assert "Test an idea of my own" not in chat.labels


def test_a_quiz_that_is_gone_says_so(service: Service) -> None:
    library = service.context.content
    others = {name: quiz for name, quiz in library.quizzes.items() if name != QUIZ}
    edition = ContentSnapshot(replace(library, quizzes=others), service.context.search)
    bot = Service(lambda: edition, COMMANDS, "/career", service.context.storage)
    chat = _move_to_service(_play_half(service), bot).press("The better structure for the code")
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "Which quiz?" in chat.press("Take a quiz").text


def test_since_lists_answers_dropped_by_a_changed_quiz(service: Service) -> None:
    chat = _play_half(service)
    for answer in (
        "The better structure",
        "Ship the plain",
        "Whether it ran",
        "The maths",
        "It now runs",
        "When it has run",
    ):
        chat.press(answer)
    code = chat.text.partition("what changed: ")[2].split()[0]
    bot = _build_service_with_edit(service, _edit_questions(lambda asked: (*asked[1:], _build_question("m"))))
    chat = (
        Chat(bot)
        .send_line(f"quiz {QUIZ} since:{code}")
        .press("Start")
        .press("Into data")
        .press("Test whether it holds")
    )
    for answer in (
        "The better structure",
        "Ship the plain",
        "Whether it ran",
        "The maths",
        "It now runs",
        "When it has run",
        "Here",
    ):
        chat.press(answer)
    assert "1 earlier answer no longer counts: blocked: side." in chat.text
    chat.press("Which answers changed?")
    assert "Before: Into a paper I saved. Now: Into data I'm curious about." in chat.text
    assert "Where is m? Not answered before. Now: Here." in chat.text


@pytest.mark.parametrize("verb", ["answer", "stop"])
def test_a_press_says_nothing_of_the_run_to_the_log(
    service: Service, caplog: pytest.LogCaptureFixture, verb: str
) -> None:
    Chat(service).send_action(Action(f"quiz.{verb}", ("a", "b", "abababababab--", "", "c")))
    assert "abab" not in caplog.text


def _build_question(slot: str) -> QuizQuestion:
    return QuizQuestion.model_validate(
        {
            "id": f"extra-{slot}",
            "code": slot,
            "ask": f"Where is {slot}?",
            "options": (
                {"id": "here", "code": "a", "label": "Here", "scores": {"research": 1}},
                {"id": "there", "code": "b", "label": "There", "scores": {"engineering": 1}},
            ),
        }
    )
