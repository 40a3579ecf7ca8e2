"""A server that sends the bot away is forgotten, and only it."""

from __future__ import annotations

from pathlib import Path

from bot.store.community import Community
from tests.platforms.discord.world import press, text, world


async def test_a_vote_is_kept_until_the_server_sends_the_bot_away(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        shown = await here.ann.slash(here.hall, "career card", card="phd-or-not")
        await press(here.ann, shown.response, "Helpful")
        await here.ann.send_dm("card phd-or-not")
        await press(here.ann.user, here.ann.user.dm_channel.last_message, "Helpful")
        here.service.context.home.wait()
        kept = await here.ann.slash(here.hall, "career export")
        assert "phd-or-not" in text(kept.response)

        server = here.env.bot.get_guild(here.guild.id)
        assert server is not None
        await server.leave()
        await here.env.settle()

        votes = here.service.context.store.votes
        assert votes.tallies(Community("discord", str(here.guild.id))) == ()
        assert len(votes.tallies(Community("discord", "direct"))) == 1
