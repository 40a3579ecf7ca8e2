"""What is remembered: one database, and the keys that sign. Every row is keyed by platform and workspace.

`home` opens both lazily, so that a command that needs neither imports and creates nothing.
"""
