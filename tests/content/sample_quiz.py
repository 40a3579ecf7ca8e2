"""A small assessment for the small content."""

from __future__ import annotations

from textwrap import dedent

_HEAD = """\
# yaml-language-server: $schema=../schema/assessment.json
title: Up or out?
short: Up or out
about: Whether towers or gardens draw you.
minutes: 1
source: old-book
does_not_measure: Your knees.
near_tie: 10
dimensions:
  up: Going up
  out: Going out
results:
  tower:
    name: The tower
    leads: up
    says: You like stairs.
    cards: [tower, bridge]
    experiment: Climb one.
  garden:
    name: The garden
    leads: out
    says: You like flowers.
    cards: [garden, well]
    experiment: Plant one.
questions:
"""

_QUESTION = """\
  - id: q{slot}
    slot: {slot}
    ask: Where is {slot}?
    options:
      - id: high
        letter: a
        label: High
        weighs:
          up: 2
      - id: low
        letter: b
        label: Low
        weighs:
          out: 2
"""

QUIZ = dedent(_HEAD) + "".join(_QUESTION.format(slot=slot) for slot in "abcdef")
