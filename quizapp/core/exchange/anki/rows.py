"""The notes, cards and reviews of a deck of ours as rows of Anki's tables, the same in all its inner formats."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quizapp.core.deck.schema import Card, Deck
from quizapp.core.exchange.anki.fields import write_fields
from quizapp.core.exchange.anki.kinds import CARRY, KINDS, Kind
from quizapp.core.exchange.anki.ours import make_guid, pack_card, write_tag
from quizapp.core.exchange.anki.progress import Progress, find_progress
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table
from quizapp.core.exchange.model import PastReview

# When Anki began; ids of notes and cards are times in milliseconds there, and only have to differ.
_FIRST_ID = 1_160_000_000_000
FIRST_DAY: Final = 1_159_660_800 + 4 * 3_600
"""From when days are counted, in seconds since 1970: four in the morning, when Anki's days begin."""
_DAY = 86_400
_TAG = re.compile(r"<[^<>]*>")

_STATEMENTS: Final = {
    "col": "id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not "
    "null, dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null, "
    "decks text not null, dconf text not null, tags text not null",
    "notes": "id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not "
    "null, tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not "
    "null, data text not null",
    "cards": "id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer "
    "not null, usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer "
    "not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null, odue "
    "integer not null, odid integer not null, flags integer not null, data text not null",
    "revlog": "id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer "
    "not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not null",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """What of a package is the same in all inner formats. ``at`` is the time of writing in seconds since 1970."""

    deck_id: int
    at: int
    kinds: tuple[Kind, ...]
    notes: tuple[tuple[Cell, ...], ...]
    cards: tuple[tuple[Cell, ...], ...]
    reviews: tuple[tuple[Cell, ...], ...]

    def list_tables(self, col: tuple[Cell, ...]) -> list[Table]:
        """The tables that all inner formats have; ``col`` is the row that says what collection it is."""
        rows = {"col": (col,), "notes": self.notes, "cards": self.cards, "revlog": self.reviews}
        return [Table(name, f"CREATE TABLE {name} ({_STATEMENTS[name]})", rows[name]) for name in rows]


def name_deck(deck: Deck) -> str:
    """The name of a deck in Anki, where two colons would make it a deck within a deck."""
    return " ".join(re.sub(r":{2,}", ":", deck.title).split()).strip(":") or deck.id


def _number(text: str, most: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % most


def _sum(text: str) -> int:
    """By this number Anki finds notes with the same first field: of its text without tags, the start of its SHA-1."""
    return int(hashlib.sha1(_TAG.sub("", text).encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _write_note(deck: Deck, card: Card, place: int, note_id: int, at: int) -> tuple[Cell, ...]:
    kind = KINDS[card.type]
    written = {**write_fields(card), CARRY: pack_card(card, deck.id, place)}
    fields = [unicodedata.normalize("NFC", written[name]).replace("\x1f", " ") for name in kind.fields]
    tags = "".join(f" {write_tag(tag)}" for tag in card.tags)
    guid = make_guid(deck.id, card.id)
    return (
        *(note_id, guid, kind.id, at, -1, f"{tags} " if tags else "", "\x1f".join(fields)),
        *(_TAG.sub("", fields[0]), _sum(fields[0]), 0, ""),
    )


def _write_card(note_id: int, deck_id: int, place: int, at: int, progress: Progress | None) -> tuple[Cell, ...]:
    head = (note_id, note_id, deck_id, 0, at, -1)
    if progress is None or not progress.is_learned:
        return (*head, 0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
    day = (progress.due_ms // 1000 - FIRST_DAY) // _DAY
    return (*head, 2, 2, day, progress.interval, 2500, progress.reps, progress.lapses, 0, 0, 0, 0, progress.data)


def _write_log(ids: Mapping[str, int], progress: Mapping[str, Progress]) -> tuple[tuple[Cell, ...], ...]:
    """The review log. Its keys are times in milliseconds: of two at the same moment, one moves on."""
    lines: dict[int, tuple[Cell, ...]] = {}
    for card_id, told in progress.items():
        for line in told.log if card_id in ids else ():
            at = line.at_ms
            while at in lines:
                at += 1
            intervals = (line.interval, line.last_interval, line.factor)
            lines[at] = (at, ids[card_id], -1, line.rating, *intervals, line.duration_ms, line.kind)
    return tuple(lines[at] for at in sorted(lines))


def make_rows(deck: Deck, reviews: Sequence[PastReview], at: int) -> Rows:
    """The rows of a deck, written at a time in seconds since 1970."""
    progress = find_progress(reviews)
    first_id = _FIRST_ID + _number(deck.id, 400_000_000) * 1_000
    ids = {card.id: first_id + place for place, card in enumerate(deck.cards)}
    used = {card.type for card in deck.cards}
    placed = list(enumerate(deck.cards))
    return Rows(
        deck_id=first_id,
        at=at,
        kinds=tuple(kind for name, kind in KINDS.items() if name in used),
        notes=tuple(_write_note(deck, card, place, ids[card.id], at) for place, card in placed),
        cards=tuple(_write_card(ids[card.id], first_id, place, at, progress.get(card.id)) for place, card in placed),
        reviews=_write_log(ids, progress),
    )
