"""A small text and a deck with one card of every type, for tests that need something to study."""

SOURCE = b"""\
---
id: herons
title: The grey heron
language: en
kind: article
---

## Looks

The grey heron is a **long-legged** bird that stands up to 100 cm tall.

## Food

It eats fish, frogs and voles. It waits "without moving" for its prey.

In winter many herons fly to the south.
"""

DECK = b"""\
format: 1
id: birds
title: Birds
description: What the text says of herons.
language: en
theme: nature
sources: [herons]
cards:
  - id: height
    type: choice
    prompt: How tall is a grey heron at most?
    answer: 100 cm
    wrong:
      - {text: 50 cm, why: That is a small egret.}
      - 200 cm
    explanation: The text says *up to* 100 cm.
    note: Measured standing upright.
    hint: Think of a table.
    difficulty: easy
    tags: [size]
    citations:
      - {source: herons, paragraph: 1, quote: stands up to 100 cm tall}
  - id: food
    type: multiple
    prompt: What does it eat?
    answers: [Fish, Frogs, Voles]
    wrong: [Bread, Grass]
    explanation: All three are named in one sentence.
    citations:
      - {source: herons, paragraph: 2, quote: "fish, frogs and voles"}
  - id: winter
    type: truefalse
    prompt: In winter many herons stay where they are.
    answer: false
    explanation: Many leave.
    citations:
      - {source: herons, paragraph: 3, quote: fly to the south}
  - id: legs
    type: short
    prompt: What are the legs of the bird like?
    answer: long
    accept: [very long]
    explanation: It is called long-legged.
    hint: The opposite of short.
    citations:
      - {source: herons, paragraph: 1, quote: long-legged bird}
  - id: waiting
    type: cloze
    prompt: Fill in the blanks.
    text: It waits {{without|with no}} moving for its {{prey}}.
    explanation: Patience is its way of hunting.
    citations:
      - {source: herons, paragraph: 2, quote: "\\"without moving\\" for its prey"}
  - id: sequence
    type: order
    prompt: Put the sections in the order of the text.
    items: [How it looks, What it eats, Where it goes]
    explanation: First the looks, then food, then the journey.
    citations:
      - {source: herons, paragraph: 3, quote: many herons}
  - id: seasons
    type: match
    prompt: What belongs together?
    pairs: [[Winter, the south], [Water, fish]]
    explanation: Both are in the text.
    citations:
      - {source: herons, paragraph: 3, quote: In winter}
  - id: name
    type: flashcard
    prompt: Which bird is the text about?
    answer: The grey heron
    explanation: See the title.
    citations:
      - {source: herons, paragraph: 1, quote: The grey heron}
"""

RIGHT = {
    "height": "100 cm",
    "food": ["Fish", "Frogs", "Voles"],
    "winter": False,
    "legs": "long",
    "waiting": ["without", "prey"],
    "sequence": ["How it looks", "What it eats", "Where it goes"],
    "seasons": {"Winter": "the south", "Water": "fish"},
    "name": None,
}
"""The right response to each card of the deck, as the API takes it."""

WRONG = {
    "height": "50 cm",
    "food": ["Bread", "Grass"],
    "winter": True,
    "legs": "blue",
    "waiting": ["under", "lunch"],
    "sequence": ["Where it goes", "What it eats", "How it looks"],
    "seasons": {"Winter": "fish", "Water": "the south"},
    "name": None,
}
"""A response to each card that is not right at all."""
