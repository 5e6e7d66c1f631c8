"""Cards suggested for a text, by rules: dates and periods, names, and motives, each tied to its sentence and quote."""

from quizapp.core.deck.drafting.drafting import MOST_SUGGESTIONS, Drafted, draft_cards, read_passages
from quizapp.core.deck.drafting.finding import find_all
from quizapp.core.deck.drafting.model import KINDS, Finding, Kind, Located, Passage, Sentence, Suggestion
from quizapp.core.deck.drafting.sentences import make_passage, split_sentences
from quizapp.core.deck.drafting.writing import make_deck, write_draft

__all__ = [
    "KINDS",
    "MOST_SUGGESTIONS",
    "Drafted",
    "Finding",
    "Kind",
    "Located",
    "Passage",
    "Sentence",
    "Suggestion",
    "draft_cards",
    "find_all",
    "make_deck",
    "make_passage",
    "read_passages",
    "split_sentences",
    "write_draft",
]
