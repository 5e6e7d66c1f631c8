"""Anki's text files: notes, one a line, under a head of ``#`` lines.

Written are notes of the types Basic and Cloze, which every Anki has, with a guid of their own, so that a second import
there updates them. Read are notes of any type: the first field asks, the second answers, further ones explain.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.ankitext_head import Head, read_anki_head
from quizapp.core.exchange.ankitext_notes import Note, ReadCard, read_note, write_note
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.decoding import decode
from quizapp.core.exchange.gathering import Gathering, clean_line, make_slug
from quizapp.core.exchange.heads import write_head
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, PastReview
from quizapp.core.exchange.tables_rows import MOST_COLUMNS, Row, guess_separator, name_separator, read_rows
from quizapp.core.messages import join_said, say

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|&[a-zA-Z]{2,10};")
_MOST_DECKS: Final = 100
_FRONTS = ("front", "question", "text", "term", "word", "expression")
_BACKS = ("back", "answer", "back extra", "definition", "meaning")
_MOST_TAGS = 50


@dataclass(slots=True)
class _Reading:
    """One file on its way into decks, one for each deck that its notes name."""

    head: Head
    options: ImportOptions
    is_html: bool
    fields: tuple[int, ...]
    first: Gathering
    decks: dict[str, Gathering] = field(default_factory=dict)

    def deck(self, name: str) -> Gathering:
        if name not in self.decks and len(self.decks) >= _MOST_DECKS:
            name = next(iter(self.decks))
        if name not in self.decks:
            self.decks[name] = self.first if not self.decks else Gathering(self.options)
        return self.decks[name]

    def cell(self, row: Row, column: str) -> str:
        place = self.head.columns.get(column, -1)
        return row.cells[place].strip() if 0 <= place < len(row.cells) else ""


def _order_fields(head: Head, width: int) -> tuple[int, ...]:
    """The places of the fields: what asks first, what answers second, then the others."""
    places = [place for place in range(min(width, MOST_COLUMNS)) if place not in head.meta]
    labels = {place: head.labels[place].strip().lower() for place in places if place < len(head.labels)}
    fronts = [place for place in places if labels.get(place) in _FRONTS][:1]
    backs = [place for place in places if labels.get(place) in _BACKS and place not in fronts][:1]
    if not fronts or not backs:
        return tuple(places)
    return (*fronts, *backs, *(place for place in places if place not in (*fronts, *backs)))


def _find_tags(carried: Carried, said: Iterable[str]) -> list[str]:
    """The tags of a note; those that Quizapp wrote in Anki's spelling are known again."""
    own = carried.values.get("tags", [])
    kept = [str(tag) for tag in own] if isinstance(own, list) else []
    known = {_write_tag(tag) for tag in kept}
    more = dict.fromkeys(clean_line(tag) for tag in said if tag not in known)
    return [*kept, *more][:_MOST_TAGS]


def _add(gathering: Gathering, line: int, card: ReadCard, tags: Sequence[str], guid: str) -> None:
    values, carried = dict(card.values), card.carried
    if tags or "tags" in carried.values:
        shared = {**carried.values, "tags": _find_tags(carried, tags)}
        carried = replace(carried, values=shared)
    card_id = gathering.add(line, values, carried, f"{guid}{card.suffix}" if guid else "")
    if card.warning and card_id:
        message = say(
            "The card “%(name)s”: %(warning)s.", name=shorten(str(values.get("prompt", ""))), warning=card.warning
        )
        gathering.report(line, "changed-elsewhere", message, say("Change it here as well."), warning=True)


def _take_row(row: Row, reading: _Reading) -> None:
    gathering = reading.deck(reading.cell(row, "deck") or reading.head.deck)
    if row.trouble or len(row.cells) > MOST_COLUMNS:
        why = row.trouble or say(
            "it has %(count)s columns; at most %(most)s are read", count=f"{len(row.cells):,}", most=MOST_COLUMNS
        )
        gathering.report(
            row.line, "bad-row", say("This note is left out: %(why)s.", why=why), say("Close or remove the mark.")
        )
        return
    fields = [row.cells[place] for place in reading.fields if place < len(row.cells)]
    front, back = fields[0] if fields else "", fields[1] if len(fields) > 1 else ""
    is_cloze = "{{c" in front
    if "image-occlusion:" in front:
        message, fix = say("Pictures with covered parts cannot be taken."), say("Make cards of them by hand.")
        gathering.report(row.line, "anki-occlusion", message, fix)
        return
    if not front.strip() or not (back.strip() or is_cloze):
        if row.cells[0].startswith("#"):  # a comment, to Anki too
            return
        missing = say("its first field, which asks, is empty") if not front.strip() else say("it has no answer")
        gathering.report(
            row.line,
            "bad-row",
            say("This note is left out: %(why)s.", why=missing),
            say("Fill it in, in Anki."),
        )
        return
    note = Note(reading.cell(row, "notetype") or reading.head.notetype, front, back)
    tags = (*reading.head.tags, *reading.cell(row, "tags").split())
    guid = reading.cell(row, "guid")
    for card in read_note(note, fields[2:], is_html=reading.is_html):
        _add(gathering, row.line, card, tags, guid)


def _prepare(text: str, head: Head, separator: str, gathering: Gathering) -> _Reading:
    sample = list(islice(read_rows(text, separator, head.start, head.lines + 1), 20))
    width = max([len(head.labels), *(len(row.cells) for row in sample)])
    guessed = any(_TAG.search(cell[:5_000]) for row in sample for cell in row.cells[:MOST_COLUMNS])
    is_html = guessed if head.is_html is None else head.is_html
    return _Reading(head, gathering.options, is_html, _order_fields(head, width), gathering)


def _finish(reading: _Reading, note: str) -> Imported:
    decks, problems = list[Deck](), list(reading.first.problems)
    several = len(reading.decks) > 1
    for name, gathering in reading.decks.items():
        title = " – ".join(part for part in name.split("::") if part.strip())
        if several:
            wanted = make_slug("-".join([reading.options.deck_id, name]) if reading.options.deck_id else name)
            gathering.options = replace(reading.options, deck_id=wanted, title="")
        else:
            gathering.head = dict(reading.head.own)
        if gathering.cards:
            decks += gathering.finish(title).decks
        problems += gathering.problems if gathering is not reading.first else []
    if not decks:
        return reading.first.finish(note=note)
    return Imported(tuple(decks), tuple(sorted(problems, key=lambda problem: problem.line)), note=note)


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read a text file of Anki. Never raises on what the bytes hold."""
    decoded = decode(data, options.file, encoding=options.encoding)
    gathering = Gathering(options, problems=list(decoded.problems))
    if decoded.text is None:
        return gathering.finish()
    text, head = decoded.text, read_anki_head(decoded.text)
    separator = options.separator[:1] or head.separator or guess_separator(text, head.start)
    if separator in '"\r\n':
        separator = "\t"
    reading = _prepare(text, head, separator, gathering)
    plain = reading.deck(head.deck) if reading.fields == (0, 1) and not (head.meta or head.tags) else None
    is_short = plain is not None and not reading.is_html and "type in" not in head.notetype.lower()
    take = plain.add_unmarked if is_short and plain else None
    for row in read_rows(text, separator, head.start, head.lines + 1, take):
        if not (is_short and plain and len(row.cells) == 2 and plain.add_plain(*row.cells)):
            _take_row(row, reading)
        if gathering.is_full:
            break
    kind = say("HTML") if reading.is_html else say("plain text")
    note = join_said((say("separated by %(separator)s", separator=name_separator(separator)), kind, decoded.note))
    return _finish(reading, note)


def _write_tag(tag: str) -> str:
    return "_".join(tag.split())


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck as a text file for Anki. Pictures and sounds stay behind: such a file holds only their names."""
    written = io.StringIO()
    name = " ".join(deck.title.replace("::", ":").split())
    head = ("separator:tab", "html:true", "guid column:1", "notetype column:2", "deck column:3", "tags column:6")
    lines = [*head, f"columns:{chr(9).join(('guid', 'notetype', 'deck', 'Front', 'Back', 'tags'))}"]
    written.write("".join(f"#{line}\n" for line in [*lines, f"quizapp:{write_head(deck)}"]))
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    for card in deck.cards:
        note = write_note(card)
        tags = " ".join(map(_write_tag, card.tags))
        writer.writerow([f"quizapp:{deck.id}/{card.id}", note.type, name, note.front, note.back, tags])
    return Exported(written.getvalue().encode("utf-8", "replace"), f"{deck.id}.txt", "text/plain; charset=utf-8", ())
