"""Suggested cards for a text: what was found, as cards of the deck format, as many as a teacher can look through."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quizapp.core.deck.drafting.finding import find_all
from quizapp.core.deck.drafting.making_dates import make_date_card
from quizapp.core.deck.drafting.making_motives import make_motive_card
from quizapp.core.deck.drafting.making_names import ask_who, make_name_card
from quizapp.core.deck.drafting.model import KINDS, Kind, Located, Passage, Suggestion
from quizapp.core.deck.drafting.sentences import make_passage
from quizapp.core.deck.drafting.workshop import Workshop, build_workshop, make_key
from quizapp.core.deck.schema import Card
from quizapp.core.markup import plain_text
from quizapp.core.source.document import Source

MOST_SUGGESTIONS: Final = 600
_MOST_A_NAME = 2
_MOST_NAMES_A_SENTENCE = 2
_CODE = ("```", "~~~", "    ", "\t")
_MAKERS: Final[Mapping[Kind, Callable[[Workshop, Located], Card | None]]] = {
    "date": make_date_card,
    "name": make_name_card,
    "motive": make_motive_card,
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """The suggestions for a text, in its order; ``left_out`` are findings for which there was no room."""

    suggestions: tuple[Suggestion, ...]
    left_out: int


def read_passages(source: Source) -> tuple[Passage, ...]:
    """The paragraphs of a source as plain text, but for blocks of code."""
    blocks = (block for block in source.paragraphs if not block.text.startswith(_CODE))
    return tuple(make_passage(block.number or 0, plain_text(block.text), source.language) for block in blocks)


def _pick_names(names: Sequence[Located]) -> list[Located]:
    """For each name its best sentences: those that can be asked about first, then the earlier ones."""
    seen: Counter[str] = Counter()
    inside: Counter[tuple[int, int]] = Counter()
    picked = []
    ranked = sorted(enumerate(names), key=lambda pair: (ask_who(pair[1]) is None, pair[0]))
    for number, located in ranked:
        place = (located.sentence.paragraph, located.sentence.start)
        thing = located.finding.thing
        fresh = seen[thing] == 0
        if seen[thing] >= _MOST_A_NAME or (inside[place] >= _MOST_NAMES_A_SENTENCE and not fresh):
            continue
        seen[thing] += 1
        inside[place] += 1
        picked.append((number, located))
    return [located for _, located in sorted(picked, key=lambda pair: pair[0])]


def _spread(located: Sequence[Located], most: int) -> list[Located]:
    """At most so many, evenly over the text."""
    if len(located) <= most:
        return list(located)
    return [located[number * len(located) // most] for number in range(most)]


def _make(shop: Workshop, located: Located, ids: set[str], keys: set[str]) -> Suggestion | None:
    card, key = _MAKERS[located.finding.kind](shop, located), make_key(located)
    if card is None or key in keys:
        return None
    keys.add(key)
    name, number = card.id, 2
    while name in ids:
        name, number = f"{card.id}-{number}", number + 1
    ids.add(name)
    finding, sentence = located.finding, located.sentence
    card = card.model_copy(update={"id": name})
    return Suggestion(
        key=key,
        kind=finding.kind,
        sort=finding.sort,
        paragraph=sentence.paragraph,
        start=located.start,
        end=located.end,
        sentence=sentence.text,
        at=finding.start,
        card=card,
    )


def _choose(found: Sequence[Located]) -> dict[Kind, list[Located]]:
    """The findings worth a card each, by kind."""
    by_kind: dict[Kind, list[Located]] = defaultdict(list)
    for located in found:
        by_kind[located.finding.kind].append(located)
    by_kind["name"] = _pick_names(by_kind["name"])
    return by_kind


def draft_cards(source: Source, seed: int = 0) -> Drafted:
    """Suggest cards for a source: see ``docs/drafting.md`` for what is found, and how well.

    The same source and seed give the same cards. In a long text the suggestions, 600 at most, are spread evenly over
    it, the same number for each kind.
    """
    passages = read_passages(source)
    found = find_all(passages, source.language)
    is_edition = source.kind == "study-edition"
    shop = build_workshop(source.id, source.language, seed, is_edition, passages, found)
    worth = _choose(found)
    chosen = [located for kind in KINDS for located in _spread(worth[kind], MOST_SUGGESTIONS // len(KINDS))]
    left_out = sum(map(len, worth.values())) - len(chosen)
    ids: set[str] = set()
    keys: set[str] = set()
    made = [made for located in chosen if (made := _make(shop, located, ids, keys))]
    return Drafted(tuple(sorted(made, key=lambda one: (one.paragraph, one.start, one.end))), left_out)
