"""A small assessment for the small content."""

from __future__ import annotations

from textwrap import dedent

_HEAD = """\
# yaml-language-server: $schema=../schema/quiz.json
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
    dimension: up
    says: You like stairs.
    cards: [tower, bridge]
    experiment: Climb one.
  garden:
    name: The garden
    dimension: out
    says: You like flowers.
    cards: [garden, well]
    experiment: Plant one.
questions:
"""

_QUESTION = """\
  - id: q{code}
    code: {code}
    ask: Where is {code}?
    options:
      - id: high
        code: a
        label: High
        scores:
          up: 2
      - id: low
        code: b
        label: Low
        scores:
          out: 2
"""

QUIZ = dedent(_HEAD) + "".join(_QUESTION.format(code=code) for code in "abcdef")
