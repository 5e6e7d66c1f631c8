"""What the checks work on: each card with the texts that many rules need, made once, and what a rule has found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.deck.checks.words import get_primary, is_unspaced, list_words, pad, pick_telling
from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.schema import Card
from quizapp.core.markup import plain_text
from quizapp.core.source.document import Source
from quizapp.core.source.original import OriginalText

_ARTICLES = frozenset(
    ("the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "las")
)
_LONGEST_TERM = 4  # words: a longer answer of a flashcard is a sentence, and no term that a question could tell


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found in a deck: at the card of this number, or where ``card`` is None, in the deck itself.

    ``path`` leads from there to the value at fault.
    """

    code: str
    message: str
    fix: str
    card: int | None = None
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CardView:
    """A card of a deck, taken apart.

    ``number`` is its place in the deck, from 0. ``stem`` is what it asks, a cloze text without its blanks; ``padded``
    are the stem's words between spaces, ``telling`` those that carry meaning, ``numbers`` those that are or hold
    digits. ``answers`` are the texts a learner must not be told, ``wrong`` those of the wrong options, and ``terms``
    the answers that a learner must come up with, each as it is written and as padded words.
    """

    file: DeckFile
    number: int
    card: Card
    language: str
    stem: str
    padded: str
    telling: frozenset[str]
    numbers: frozenset[str]
    answers: Sequence[str]
    wrong: Sequence[str]
    terms: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Library:
    """The sources and originals by id, and the plain text of each paragraph."""

    sources: Mapping[str, Source]
    originals: Mapping[str, OriginalText]
    editions: Mapping[str, Sequence[str]]


def build_library(sources: Mapping[str, Source], originals: Mapping[str, OriginalText]) -> Library:
    """Read each paragraph of the sources as plain text, once."""
    editions = {name: [plain_text(block.text) for block in source.paragraphs] for name, source in sources.items()}
    return Library(sources, originals, editions)


def trim_article(words: Sequence[str]) -> Sequence[str]:
    """The words without an article before them."""
    return words[1:] if len(words) > 1 and words[0] in _ARTICLES else words


def _take_apart(card: Card) -> tuple[str, Sequence[str], Sequence[str]]:
    """What a card asks, its right answers, its wrong options. Cards tell their types by name: it is faster."""
    if card.type == "cloze":
        cloze = parse_cloze(card.text)
        return f"{card.prompt} {' … '.join(cloze.pieces)}", [wording for blank in cloze.blanks for wording in blank], ()
    if card.type == "choice":
        return card.prompt, (card.answer,), [option.text for option in card.wrong]
    if card.type == "multiple":
        return card.prompt, card.answers, [option.text for option in card.wrong]
    if card.type == "short":
        return card.prompt, (card.answer, *card.accept), ()
    if card.type == "order":
        return card.prompt, card.items, ()
    if card.type == "match":
        return card.prompt, [side for pair in card.pairs for side in pair], ()
    return card.prompt, (card.answer,) if card.type == "flashcard" else (), ()


def _list_terms(card: Card, answers: Sequence[str], language: str) -> list[tuple[str, str]]:
    terms: list[tuple[str, str]] = []
    for answer in answers if card.type not in ("order", "match") else ():
        words = trim_article(list_words(answer))
        is_term = card.type != "flashcard" or len(words) <= _LONGEST_TERM
        if is_term and any(len(word) > 1 for word in pick_telling(words, language)):
            terms.append((answer, pad(words)))
    return terms


def build_views(file: DeckFile) -> list[CardView]:
    """All cards of a deck, ready to be checked."""
    language = get_primary(file.deck.language)
    views = []
    for number, card in enumerate(file.deck.cards):
        stem, answers, wrong = _take_apart(card)
        words = list_words(stem)
        telling = frozenset(pick_telling(words, language))
        numbers = frozenset(word for word in words if not word.isalpha())
        terms = _list_terms(card, answers, language)
        views.append(CardView(file, number, card, language, stem, pad(words), telling, numbers, answers, wrong, terms))
    return views


def index_words(views: Iterable[CardView]) -> dict[str, list[CardView]]:
    """The cards by each telling word of their questions."""
    index: dict[str, list[CardView]] = defaultdict(list)
    for view in views:
        for word in view.telling:
            index[word].append(view)
    return index


def can_split(texts: Iterable[str]) -> bool:
    """Whether all texts are in scripts whose words can be told apart."""
    return not any(map(is_unspaced, texts))
