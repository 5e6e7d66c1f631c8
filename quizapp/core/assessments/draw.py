"""Drawing the questions of an attempt: the same pool and seed give the same questions in the same order."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.assessments.plan import Draw, Plan
from quizapp.core.errors import Conflict
from quizapp.core.messages import say


@dataclass(frozen=True, slots=True)
class PoolCard:
    """A card that could be asked. ``tags`` are its own and its deck's; ``passages`` are (source, paragraph)."""

    card_id: int
    revision_id: int
    ref: str
    type: str
    theme: str
    tags: frozenset[str] = frozenset()
    difficulty: str = ""
    passages: frozenset[tuple[str, int]] = frozenset()

    @property
    def deck(self) -> str:
        """The deck's slug."""
        return self.ref.partition("/")[0]


class PoolTooSmall(Conflict):
    """A draw asks for more cards than there are."""


def fits(card: PoolCard, draw: Draw) -> bool:
    """Whether a card is in the pool of a draw. Flashcards are rated by the learner, so no test asks them."""
    sources = {source for source, _ in card.passages}
    return (
        card.type != "flashcard"
        and (not draw.decks or card.deck in draw.decks)
        and (not draw.themes or card.theme in draw.themes)
        and (not draw.tags or not card.tags.isdisjoint(draw.tags))
        and (not draw.difficulties or card.difficulty in draw.difficulties)
        and (not draw.source or draw.source in sources)
        and (not draw.paragraphs or any((draw.source, number) in card.passages for number in draw.paragraphs))
    )


def find_pool(plan: Plan, cards: Sequence[PoolCard]) -> tuple[PoolCard, ...]:
    """All cards that the test may ask, in the order given."""
    fixed = set(plan.cards)
    return tuple(card for card in cards if card.ref in fixed or any(fits(card, draw) for draw in plan.draws))


def _rank(cards: Sequence[PoolCard], seed: bytes, purpose: str) -> list[PoolCard]:
    return sorted(cards, key=lambda card: hmac.digest(seed, f"{purpose} {card.ref}".encode(), "sha256"))


def _find_fixed(plan: Plan, cards: Sequence[PoolCard]) -> list[PoolCard]:
    by_ref = {card.ref: card for card in cards}
    missing = [ref for ref in plan.cards if ref not in by_ref]
    if missing:
        raise PoolTooSmall(
            say("The card %(ref)s is no longer in its deck. Choose another for the test.", ref=missing[0])
        )
    return [by_ref[ref] for ref in plan.cards]


def _find_place(
    slot: int, wanted: Sequence[Sequence[PoolCard]], taken: dict[int, int], seen: set[int]
) -> list[tuple[int, int]] | None:
    """An augmenting path (Kuhn's algorithm): who moves where so that the slot has a card; None where nobody can."""
    stack: list[tuple[int, int]] = [(slot, 0)]
    path: list[tuple[int, int]] = []
    while stack:
        current, start = stack.pop()
        for number in range(start, len(wanted[current])):
            card = wanted[current][number].card_id
            if card in seen:
                continue
            seen.add(card)
            if card not in taken:
                return [*path, (current, card)]
            stack.append((current, number + 1))
            path.append((current, card))
            stack.append((taken[card], 0))
            break
        else:
            if path:
                path.pop()
    return None


def _fill_draws(plan: Plan, cards: Sequence[PoolCard], seed: bytes) -> list[PoolCard]:
    """A card for each place of each draw, none twice: where two want the same one, the draw with others gives way."""
    fixed = set(plan.cards)
    pools = [
        _rank([card for card in cards if card.ref not in fixed and fits(card, draw)], seed, f"draw {row}")
        for row, draw in enumerate(plan.draws)
    ]
    rows = [row for row, draw in enumerate(plan.draws) for _ in range(draw.count)]
    wanted = [pools[row] for row in rows]
    taken: dict[int, int] = {}
    for slot, row in enumerate(rows):
        path = _find_place(slot, wanted, taken, set())
        if path is None:
            raise PoolTooSmall(
                say(
                    "Draw %(row)s asks for %(count)s cards; %(found)s are left for it.",
                    row=row + 1,
                    count=plan.draws[row].count,
                    found=rows[:slot].count(row),
                )
            )
        taken.update({card: holder for holder, card in path})
    by_slot = {holder: card for card, holder in taken.items()}
    by_id = {card.card_id: card for card in cards}
    return [by_id[by_slot[slot]] for slot in range(len(rows))]


def draw_questions(plan: Plan, cards: Sequence[PoolCard], seed: bytes) -> tuple[PoolCard, ...]:
    """The questions of an attempt: the fixed cards in their order, then the draws in theirs, or all shuffled.

    ``cards`` are all cards in use. Raises PoolTooSmall, naming the draw or the card that is missing.
    """
    drawn = [*_find_fixed(plan, cards), *_fill_draws(plan, cards, seed)]
    return tuple(_rank(drawn, seed, "order") if plan.shuffle_questions else drawn)
