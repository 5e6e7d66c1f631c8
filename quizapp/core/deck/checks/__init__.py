"""What makes a deck good, as far as a program can tell: see RULES for all that is looked for.

Precision comes first: a rule that cries wolf teaches people to look away.
"""

from quizapp.core.deck.checks.coverage import Coverage, list_coverage
from quizapp.core.deck.checks.decks import check_deck, check_decks
from quizapp.core.deck.checks.rules import READING_CODES, RULES, Rule
from quizapp.core.deck.checks.sources import check_source, find_repeated_sources

__all__ = [
    "READING_CODES",
    "RULES",
    "Coverage",
    "Rule",
    "check_deck",
    "check_decks",
    "check_source",
    "find_repeated_sources",
    "list_coverage",
]
