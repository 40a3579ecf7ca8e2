"""Discord: an interaction, mention or direct message becomes a `Request`, a `Reply` becomes Components V2."""
