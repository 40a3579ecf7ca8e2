"""Long numbers: `make proof` runs each proof at full length, prints a table and its seed.

A proof is a module with `prove(seed, share) -> list[Finding]`; `share` is the part of its length that is run,
so that the suite runs a random tenth of the same code.
"""
