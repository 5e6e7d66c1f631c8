"""From the text of a deck file to the text that says something else, with everything unchanged left as it was.

Comments, the order of keys, quotation marks, blank lines and the ends of lines are the writer's own: a card that does
not change keeps its lines byte for byte, and so does every value of a card that changes. What is made is read again
and compared, and where it does not say what was wanted, the next coarser way is taken: a whole card anew, then, for
files whose cards are not written line by line, the whole deck.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yaml.nodes import MappingNode, Node

from quizapp.core.deck.edit.content import Content, read_content
from quizapp.core.deck.edit.nodes import NoPlace, Page, Splice, apply, is_block
from quizapp.core.deck.edit.values import revise_mapping
from quizapp.core.deck.schema import Card
from quizapp.core.deck.write import list_pairs, write_card, write_cards, write_content

_CARDS: Final = "cards"


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A card's lines, ``start`` to ``end``; the first of them may be comments, down to its ``dash``.

    Before them stand the ``gap``, blank lines, and ``above``, comments that a blank line sets apart from the card.
    """

    gap: str
    above: str
    start: int
    dash: int
    end: int


def _is_own_comment(page: Page, start: int, column: int) -> bool:
    line = page.text[start : page.line_end(start)]
    return line.strip().startswith("#") and len(line) - len(line.lstrip(" ")) > column


def _end_of_card(page: Page, item: Node, column: int) -> int:
    """Where the lines of a card end, with the comments behind it that are indented like its keys."""
    end = page.next_line(page.end_of(item))
    while end < len(page.text) and _is_own_comment(page, end, column):
        end = page.next_line(end)
    return end


def _split_gap(page: Page, start: int, end: int) -> tuple[str, str, int]:
    """What stands between two cards: blank lines, comments set apart, and where comments of the next card begin."""
    own = end
    while own > start and page.text[page.line_start(own - 1) : own].strip():
        own = page.line_start(own - 1)
    blank = start
    while blank < own and not page.text[blank : page.next_line(blank)].strip():
        blank = page.next_line(blank)
    return page.text[start:blank], page.text[blank:own], own


def _cut(page: Page, key: Node, node: Node) -> list[_Chunk]:
    """The cards of a block list, in their order. Raises NoPlace where two of them share a line."""
    chunks, column = list[_Chunk](), node.start_mark.column
    before = page.next_line(page.colon(key))
    for item in node.value:
        dash = page.line_start(page.dash(node, item))
        if dash < before:
            raise NoPlace
        gap, above, own = _split_gap(page, before, dash)
        before = _end_of_card(page, item, column)
        chunks.append(_Chunk(gap, above, own, dash, before))
    return chunks


def _revise_card(page: Page, item: Node, old: Card, new: Card, chunk: _Chunk, column: int) -> str:
    """The lines of a card that say something else, with the comments above it."""
    if old == new:
        return page.text[chunk.start : chunk.end]
    try:
        if not isinstance(item, MappingNode) or not is_block(item):
            raise NoPlace
        splices = list(revise_mapping(page, item, list_pairs(old), list_pairs(new)))
        return apply(page.text, splices, chunk.start, chunk.end)
    except NoPlace:
        return _write_anew(page, new, chunk, column)


def _write_anew(page: Page, card: Card, chunk: _Chunk, column: int) -> str:
    return page.text[chunk.start : chunk.dash] + write_card(card, column)


def _join(
    chunks: Mapping[str, _Chunk], bodies: Mapping[str, str], cards: Sequence[Card], column: int, usual: str
) -> str:
    """The lines of all cards in their order. Comments set apart from a card that goes stay where they were."""
    wanted = {card.id for card in cards}
    orphans, left = dict[str, str](), ""
    for card_id, chunk in chunks.items():
        left += chunk.above
        if card_id in wanted:
            orphans[card_id], left = left, ""
    lines = ""
    for number, card in enumerate(cards):
        body = bodies.get(card.id) or write_card(card, column)
        if number:
            lines += "" if lines.endswith(("\n", "\r")) else "\n"
            lines += chunks[card.id].gap or usual if card.id in chunks else usual
        lines += orphans.get(card.id, "") + body
    return lines + left


def _usual_gap(chunks: Sequence[_Chunk]) -> str:
    """What stands between most cards."""
    gaps = Counter(chunk.gap for chunk in chunks[1:])
    return gaps.most_common(1)[0][0] if gaps else "\n"


@dataclass(frozen=True, slots=True)
class _Parts:
    """A deck file taken apart: its head, and the key and the value of its cards, None where it has none."""

    page: Page
    root: MappingNode
    key: Node | None
    cards: Node | None


def _take_apart(text: str) -> _Parts:
    page = Page(text)
    root = page.compose()
    if not isinstance(root, MappingNode) or not is_block(root):
        raise NoPlace
    for key, value in root.value:
        if key.value == _CARDS:
            return _Parts(page, root, key, value)
    return _Parts(page, root, None, None)


_Reviser = Callable[[Page, Node, Card, Card, _Chunk, int], str]


def _write_anew_where_changed(page: Page, item: Node, old: Card, new: Card, chunk: _Chunk, column: int) -> str:
    same = page.text[chunk.start : chunk.end]
    return same if old == new else _write_anew(page, new, chunk, column)


def _splice_cards(parts: _Parts, before: Content, after: Content, revise_card: _Reviser) -> Splice:
    """One splice for all that is different about the cards."""
    page, key, node = parts.page, parts.key, parts.cards
    if key is None or node is None:
        end = len(page.text)
        fresh = "" if not end or page.text[-1] in "\r\n" else "\n"
        return Splice(end, end, fresh + write_cards(after.cards))
    if not after.cards or not before.cards:
        behind = page.colon(key)
        written = write_cards(after.cards).removeprefix(f"{_CARDS}:").removesuffix("\n")
        return Splice(behind, max(behind, page.end_of(node)), written)
    if not is_block(node):
        raise NoPlace
    cut = _cut(page, key, node)
    column, wanted = node.start_mark.column, {card.id: card for card in after.cards}
    chunks = {card.id: chunk for card, chunk in zip(before.cards, cut, strict=True)}
    bodies = {
        card.id: revise_card(page, item, card, wanted[card.id], chunks[card.id], column)
        for card, item in zip(before.cards, node.value, strict=True)
        if card.id in wanted
    }
    first = cut[0].start - len(cut[0].above)
    return Splice(first, cut[-1].end, _join(chunks, bodies, after.cards, column, _usual_gap(cut)))


def _splice(text: str, before: Content, after: Content, revise_card: _Reviser) -> str:
    parts = _take_apart(text)
    splices = list(revise_mapping(parts.page, parts.root, list_pairs(before.head), list_pairs(after.head)))
    if before.cards != after.cards:
        splices.append(_splice_cards(parts, before, after, revise_card))
    newline = parts.page.newline
    return apply(text, [Splice(one.start, one.end, _end_lines(one.text, newline)) for one in splices])


def _end_lines(text: str, newline: str) -> str:
    return text if newline == "\n" else text.replace("\r\n", "\n").replace("\n", newline)


def revise(text: str, before: Content, after: Content) -> str:
    """The text that says ``after``, made from one that says ``before``.

    Cards are known by their ids. Both contents must be sound, as the schema knows it: what cannot be written so that
    it reads back raises ValueError.
    """
    if before.says_the_same_as(after):
        return text
    for revise_card in (_revise_card, _write_anew_where_changed):
        try:
            made = _splice(text, before, after, revise_card)
        except NoPlace:
            continue
        if _says(made, after):
            return made
    made = write_content(after.head, after.cards)
    if not _says(made, after):
        raise ValueError("what the deck should say cannot be written")
    return made


def _says(text: str, wanted: Content) -> bool:
    found = read_content(text.encode(), "")
    return isinstance(found, Content) and found.says_the_same_as(wanted)
