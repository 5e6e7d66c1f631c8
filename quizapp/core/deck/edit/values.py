"""From one value of a deck file to another, told as splices: what both share is left as it is written."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final

from yaml.nodes import MappingNode, Node, SequenceNode

from quizapp.core.deck.edit.nodes import Entry, NoPlace, Page, Splice, is_block
from quizapp.core.deck.write import KEYS, Written, write_item

_ORDER: Final = {key: number for number, key in enumerate(KEYS)}


def _write(head: str, value: Written, column: int) -> str:
    """What stands behind a head, ``key:`` or ``-``, that stands in this column."""
    return "\n".join(write_item(head, value, column))[len(head) :]


def _replace(page: Page, start: int, end: int, written: str, column: int) -> Splice:
    """Put something else behind a head. A comment behind it goes to a line of its own where it would become text."""
    line_end = page.line_end(end)
    comment = page.text[end:line_end].strip()
    if comment and "\n" in written:
        return Splice(start, line_end, f"{written}\n{' ' * column}{comment}")
    return Splice(start, end, written)


def _find_parts(page: Page, node: Node, old: Written, new: Written) -> list[Splice] | None:
    """The splices within a list or mapping; None where it has to be written anew as a whole."""
    try:
        if isinstance(node, MappingNode) and is_block(node) and isinstance(old, Mapping) and isinstance(new, Mapping):
            return list(revise_mapping(page, node, old, new))
        if isinstance(node, SequenceNode) and is_block(node) and isinstance(old, list) and isinstance(new, list):
            return list(_revise_list(page, node, old, new))
    except NoPlace:
        pass
    return None


def _revise_value(page: Page, node: Node, old: Written, new: Written, head: tuple[str, int, int]) -> Iterator[Splice]:
    """``head`` is what stands before the value: its words, its column, and the place right behind it."""
    words, column, behind = head
    if old == new:
        return
    parts = _find_parts(page, node, old, new)
    if parts is None:
        yield _replace(page, behind, max(behind, page.end_of(node)), _write(words, new, column), column)
    else:
        yield from parts


def _insert(page: Page, at: int, lines: str) -> Splice:
    """Lines of their own, right behind the line of a place."""
    start = page.next_line(at)
    ends_line = start > 0 and page.text[start - 1] in "\r\n"
    return Splice(start, start, f"{lines}\n" if ends_line else f"\n{lines}")


def _remove_entry(page: Page, entries: Sequence[Entry], number: int) -> Splice:
    key, value = entries[number]
    start = key.start_mark.index
    if page.is_first_on_line(start):
        end = max(page.colon(key), page.end_of(value))
        return Splice(page.line_start(start), page.next_line(end), "")
    following = [next_key.start_mark.index for next_key, _ in entries[number + 1 :]]
    return Splice(start, min(following, default=max(page.colon(key), page.end_of(value))), "")


def _find_anchor(entries: Sequence[Entry], kept: set[str], name: str) -> Entry:
    """The entry behind which a new key belongs: the nearest before it in the order that people expect."""
    staying = [entry for entry in entries if entry[0].value in kept]
    if not staying:
        raise NoPlace
    rank = _ORDER.get(name, len(_ORDER))
    before = [entry for entry in staying if _ORDER.get(entry[0].value, len(_ORDER)) < rank]
    return max(before, key=lambda entry: _ORDER.get(entry[0].value, len(_ORDER)), default=staying[0])


def revise_mapping(
    page: Page, node: MappingNode, old: Mapping[str, Written], new: Mapping[str, Written]
) -> Iterator[Splice]:
    """The splices that make a block mapping say ``new`` instead of ``old``; keys that are in neither stay.

    Raises NoPlace where it is written in a way that does not allow it.
    """
    entries: Sequence[Entry] = node.value
    column = entries[0][0].start_mark.column
    present = {key.value for key, _ in entries}
    for number, (key, value) in enumerate(entries):
        name = key.value
        if name in new:
            head = (f"{name}:", column, page.colon(key))
            yield from _revise_value(page, value, old.get(name, ""), new[name], head)
        elif name in old:
            yield _remove_entry(page, entries, number)
    kept = {name for name in present if name in new or name not in old} - {"cards"}
    for name in new:
        if name not in present:
            key, value = _find_anchor(entries, kept, name)
            lines = f"{' ' * column}{name}:{_write(f'{name}:', new[name], column)}"
            yield _insert(page, max(page.colon(key), page.end_of(value)), lines)


def _count_shared(old: Sequence[Written], new: Sequence[Written]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _revise_list(page: Page, node: SequenceNode, old: list[Written], new: list[Written]) -> Iterator[Splice]:
    items, column = node.value, node.start_mark.column
    if len(items) != len(old) or not page.is_first_on_line(node.start_mark.index):
        raise NoPlace
    first = _count_shared(old, new)
    last = min(_count_shared(old[::-1], new[::-1]), len(old) - first, len(new) - first)
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    both = min(len(before), len(after))
    for number in range(both):
        item = items[first + number]
        head = ("-", column, page.dash(node, item) + 1)
        yield from _revise_value(page, item, before[number], after[number], head)
    for item in items[first + both : first + len(before)]:
        yield Splice(page.line_start(page.dash(node, item)), page.next_line(page.end_of(item)), "")
    lines = [f"{' ' * column}-{_write('-', value, column)}" for value in after[both:]]
    if lines and first + both:
        yield _insert(page, page.end_of(items[first + both - 1]), "\n".join(lines))
    elif lines:
        start = page.line_start(node.start_mark.index)
        yield Splice(start, start, "\n".join(lines) + "\n")
