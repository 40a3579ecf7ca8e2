"""Any characters typed at any command: an answer or a clear sentence, never a failure, never a hang."""

from __future__ import annotations

from random import Random
from time import perf_counter

from bot.commands import COMMANDS
from bot.messaging.reply import Audience, Reply, ReplyOutcome
from tests.chat import Chat, build_service
from tests.proof.proof_result import ProofResult

LINE_COUNT = 10_000
MAX_LENGTH = 40_000
MAX_SECONDS = 2.0  # seconds; an adapter gives up then
FRAGMENTS = (
    *("@everyone", "@here", "<!channel>", "<@U123>", "<#C1|x>", "<https://evil.test|click>"),
    *("[x](javascript:x)", "\u202e", "\u200b", "\u2066", "\0", "\x1b[31m", "\ud800", "\udfff"),
    *("👩🏽‍🔬", "עברית", "日本語", "ﷺ", "e\u0301" * 40),
    *("{n}", "{prefix}", "%s", "'; drop table cards; --", "*", "_", "`", "|", ":", "\r\n"),
    *("phd", "offer", "boss", "big-tech", "academia", "by", "data", "phd-or-not", "/career", "sectors"),
)


def build_line(random: Random) -> str:
    """One thing somebody might type, seldom in good faith."""
    words = [random.choice(FRAGMENTS) for _ in range(random.randint(0, 12))]
    words += [
        "".join(chr(random.choice((random.randrange(32, 127), random.randrange(0x110000)))) for _ in range(8))
        for _ in range(random.randint(0, 3))
    ]
    random.shuffle(words)
    if random.random() < 0.6:
        words.insert(0, random.choice([command.name for command in COMMANDS]))
    text = random.choice((" ", "")).join(words)
    return (text * (MAX_LENGTH // max(1, len(text)) + 1))[:MAX_LENGTH] if random.random() < 0.01 else text


def prove(seed: int, share: float) -> list[ProofResult]:
    """Type the lines."""
    random, chat = Random(seed), Chat(build_service())
    chat.send_line("should I do a phd?")  # opens the search model, which the bot does before anybody asks
    tried, faults, slowest, first = round(LINE_COUNT * share), 0, 0.0, ""
    for _ in range(tried):
        typed = build_line(random)
        begin = perf_counter()
        answer = chat.send_line(typed).answer
        took = perf_counter() - begin
        slowest = max(slowest, took)
        if isinstance(answer, Reply) and (
            answer.outcome is ReplyOutcome.FAILED
            or answer.audience is not Audience.ASKER
            or took > MAX_SECONDS
        ):
            faults += 1
            first = first or repr(typed[:80])
    return [ProofResult("typed lines", tried, faults, f"slowest {1_000 * slowest:.0f} ms {first}")]
