"""Whether a typed answer can be judged in the way that its card asks for."""

from collections.abc import Iterator

from quizapp.core.deck.checks.desk import CardView, Finding
from quizapp.core.deck.text import shorten
from quizapp.core.learning.grading.dates import read_date
from quizapp.core.learning.grading.number import read_numbers
from quizapp.core.messages import say


def _is_readable(wording: str, match: str, language: str) -> bool:
    if match == "number":
        return bool(read_numbers(wording, language, one_reading=True))
    return bool(read_date(wording, language).dates)


def check_typed(view: CardView) -> Iterator[Finding]:
    """The rule ``unreadable-answer``: of the wordings at least one is the number or date that ``match`` speaks of."""
    card = view.card
    if card.type != "short" or card.match == "text":
        return
    if not any(_is_readable(wording, card.match, view.file.deck.language) for wording in view.answers):
        message = say(
            "`match: %(match)s`, and “%(answer)s” cannot be read as a %(match_2)s.",
            match=card.match,
            answer=shorten(card.answer),
            match_2=card.match,
        )
        fix = say("Write it in digits, or delete `match`: then it is compared as text.")
        yield Finding("unreadable-answer", message, fix, view.number, ("answer",))
