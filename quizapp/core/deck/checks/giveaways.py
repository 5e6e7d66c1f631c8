"""Whether a card tells what it asks: in its question, in its hint, or in the question of another card."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from quizapp.core.deck.checks.desk import CardView, Finding, trim_article
from quizapp.core.deck.checks.words import list_words, pad, pick_telling
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say

_MOST_OWNERS = 20
_MOST_HOLDERS = 500


def _find_told(view: CardView, padded: str) -> str | None:
    """The answer that a text tells; a text that names a wrong option as well gives nothing away."""
    for answer, term in view.terms:
        if term in padded:
            options = (pad(trim_article(list_words(option))) for option in view.wrong)
            return None if any(option in padded for option in options) else answer
    return None


def check_own_stem(view: CardView) -> Iterator[Finding]:
    """The rules ``answer-in-stem`` and ``answer-in-hint``."""
    if not view.terms:
        return
    if told := _find_told(view, view.padded):
        key = "text" if view.card.type == "cloze" else "prompt"
        message = say("The question holds the answer “%(told)s”.", told=shorten(told))
        yield Finding("answer-in-stem", message, say("Ask without these words."), view.number, (key,))
    if view.card.hint and (told := _find_told(view, pad(list_words(view.card.hint)))):
        message = say("The hint holds the answer “%(told)s”.", told=shorten(told))
        yield Finding("answer-in-hint", message, say("Point to it without these words."), view.number, ("hint",))


def _is_about_the_same(asked: CardView, other: CardView, term: str) -> bool:
    """Whether the other question speaks of what is asked: at least two telling words, and half of them."""
    asked_words = asked.telling.difference(term.split())
    shared = len(asked_words & other.telling)
    return shared >= 2 and 2 * shared >= len(asked_words)


def _find_holders(term: str, language: str, index: Mapping[str, Sequence[CardView]]) -> list[CardView]:
    """The cards whose question holds the term, looked for among those with the rarest of its words."""
    words = pick_telling(term.split(), language)
    rarest = min((index.get(word, ()) for word in words), key=len)
    return [view for view in rarest if term in view.padded] if len(rarest) <= _MOST_HOLDERS else []


def find_told_elsewhere(
    views: Sequence[CardView], index: Mapping[str, Sequence[CardView]]
) -> Iterator[tuple[CardView, CardView, str]]:
    """Cards whose answer another card's question tells: the card, the other, the answer.

    An answer that stands in many questions (over three, and over one in twenty) is a name of the subject and tells
    nothing; nor does one that is the answer of over twenty cards. ``index`` gives the cards by each telling word of
    their questions.
    """
    owners: dict[str, list[tuple[CardView, str]]] = defaultdict(list)
    for view in views:
        for answer, term in view.terms:
            owners[term].append((view, answer))
    for term, owning in owners.items():
        holders = _find_holders(term, owning[0][0].language, index) if len(owning) <= _MOST_OWNERS else []
        if len(holders) > max(3, len(views) // 20):
            continue
        for view, answer in owning:
            for other in holders:
                if other is not view and _is_about_the_same(view, other, term):
                    yield view, other, answer
