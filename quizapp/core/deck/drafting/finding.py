"""All that is to be found in a text: dates and periods, names, and motives, each in its sentence."""

from collections.abc import Sequence

from quizapp.core.deck.drafting.dates import find_dates
from quizapp.core.deck.drafting.model import Located, Passage
from quizapp.core.deck.drafting.motives import find_motives
from quizapp.core.deck.drafting.names import find_names


def find_all(passages: Sequence[Passage], language: str) -> list[Located]:
    """The findings of a text, sentence by sentence; a date may hold a name, and a motive both."""
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    return [
        Located(finding, sentence)
        for sentence, names in zip(sentences, find_names(sentences, language), strict=True)
        for finding in (*find_dates(sentence, language), *names, *find_motives(sentence, language))
    ]
