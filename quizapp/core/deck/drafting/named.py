"""What the readers of names share: a name among tokens, and the form in which two names count as the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.deck.drafting.gazetteer import Known
from quizapp.core.deck.drafting.model import Sentence
from quizapp.core.deck.drafting.tokens import Token, follows_closely, get_token
from quizapp.core.deck.drafting.wordlists import NO_ACRONYMS

_FEWEST_LETTERS, _MOST_LETTERS = 2, 6


@dataclass(frozen=True, slots=True)
class Named:
    """Tokens ``first`` up to ``last`` as a name."""

    first: int
    last: int
    sort: str
    thing: str


@dataclass(slots=True)
class Reader:
    """A text that is read for names: what its language knows, and what the text itself has told so far.

    ``small`` are the words that the text has in small letters, too; ``actors`` single words that act like somebody.
    """

    language: str
    gazetteer: Mapping[str, Sequence[Known]]
    small: frozenset[str]
    acronyms: dict[str, str]


def fold_name(text: str) -> str:
    """The form in which two names count as the same."""
    return " ".join(text.replace("-", " ").replace("’", "'").split()).casefold()


def slice_text(tokens: Sequence[Token], first: int, last: int, sentence: Sentence) -> str:
    """The text of the tokens from ``first`` up to ``last``."""
    return sentence.text[tokens[first].start : tokens[last - 1].end]


def match_known(reader: Reader, tokens: Sequence[Token], at: int) -> tuple[Known, int] | None:
    """The longest known name that begins here, and the token behind it."""
    head = tokens[at].text
    for known in reader.gazetteer.get("the" if head == "The" else head, ()):
        last, is_there = at, True
        for word in known.words[1:]:
            last += 1
            if get_token(tokens, last) == "-" and "-" not in known.words:
                last += 1
            is_there = is_there and get_token(tokens, last) == word
        ends_name = not (known.words[0] == "the" and follows_closely(tokens, last) and tokens[last + 1].is_capital)
        if is_there and ends_name:
            return known, last + 1
    return None


def is_acronym(text: str) -> bool:
    """Whether these are letters that may stand for an organisation."""
    letters = text.replace(".", "")
    is_short = _FEWEST_LETTERS <= len(letters) <= _MOST_LETTERS
    return is_short and letters.isupper() and text not in NO_ACRONYMS and letters.isascii()
