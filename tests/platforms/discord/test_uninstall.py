"""A server that sends the bot away is forgotten, and only it."""

from __future__ import annotations

from pathlib import Path

from bot.domain.tenant import Tenant
from tests.platforms.discord.discord_harness import press_control, read_text, run_harness


async def test_vote_is_kept_until_the_server_uninstalls(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career card", card="phd-or-not")
        await press_control(here.ann, shown.response, "Helpful")
        await here.ann.send_dm("card phd-or-not")
        await press_control(here.ann.user, here.ann.user.dm_channel.last_message, "Helpful")
        here.service.context.storage.flush()
        kept = await here.ann.slash(here.channel, "career export")
        assert "phd-or-not" in read_text(kept.response)

        server = here.env.bot.get_guild(here.guild.id)
        assert server is not None
        await server.leave()
        await here.env.settle()

        votes = here.service.context.open_store().votes
        assert votes.count_votes(Tenant("discord", str(here.guild.id))) == ()
        assert len(votes.count_votes(Tenant("discord", "direct"))) == 1
