"""Timings, each beside a peer measured in the same run: `make bench`. Nothing here can fail the suite."""
