"""Anki's new inner format (since 2.1.50): note types, decks and settings as messages in tables of their own."""

import json
from collections.abc import Iterator
from typing import Final

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki.kinds import CHANGED_AT, CSS, TEMPLATE, Kind
from quizapp.core.exchange.anki.ours import write_deck_head
from quizapp.core.exchange.anki.protobuf import write_message
from quizapp.core.exchange.anki.rows import FIRST_DAY, Rows, name_deck
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table, write_database

_VERSION = 18
_ANY = 1
# Column by column as Anki has them, but for the keys of tables without row ids: nothing looks for rows by these.
_STATEMENTS: Final = {
    "graves": "oid integer not null, type integer not null, usn integer not null",
    "deck_config": "id integer primary key not null, name text not null collate unicase, mtime_secs integer not null, "
    "usn integer not null, config blob not null",
    "config": "KEY text not null, usn integer not null, mtime_secs integer not null, val blob not null",
    "fields": "ntid integer not null, ord integer not null, name text not null collate unicase, config blob not null",
    "templates": "ntid integer not null, ord integer not null, name text not null collate unicase, mtime_secs integer "
    "not null, usn integer not null, config blob not null",
    "notetypes": "id integer not null primary key, name text not null collate unicase, mtime_secs integer not null, "
    "usn integer not null, config blob not null",
    "decks": "id integer primary key not null, name text not null collate unicase, mtime_secs integer not null, "
    "usn integer not null, common blob not null, kind blob not null",
    "tags": "tag text not null collate unicase, usn integer not null, collapsed boolean not null, config blob null",
}
_WITH_KEYS: Final = frozenset(("deck_config", "notetypes", "decks"))
_CONF: Final = {"schedVer": 2, "sched2021": True, "curDeck": 1, "activeDecks": [1], "nextPos": 1}


def _write_type(kind: Kind) -> bytes:
    needed = write_message([(2, _ANY), (3, bytes(range(len(kind.own_fields))))])
    return write_message([(1, int(kind.is_cloze)), (3, CSS), (8, needed)])


def _write_fields(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    config = write_message([(3, "Arial"), (4, 20)])
    yield from ((kind.id, at, name, config) for at, name in enumerate(kind.fields))


def _write_template(kind: Kind) -> tuple[Cell, ...]:
    config = write_message([(1, kind.question_template), (2, kind.answer_template)])
    return (kind.id, 0, TEMPLATE, CHANGED_AT, -1, config)


def _write_deck(deck_id: int, name: str, at: int, description: str) -> tuple[Cell, ...]:
    normal = write_message([(1, 1), (4, description)])
    return (deck_id, name, at, -1, b"", write_message([(1, normal)]))


def write_new_collection(deck: Deck, rows: Rows) -> bytes:
    """The database of a deck in the new inner format."""
    now = rows.at * 1_000
    kinds = sorted(rows.kinds, key=lambda kind: kind.id)
    own: dict[str, list[tuple[Cell, ...]]] = {
        "graves": [],
        "deck_config": [(1, "Default", 0, 0, b"")],
        "config": [(key, 0, 0, json.dumps(value).encode()) for key, value in _CONF.items()],
        "fields": [row for kind in kinds for row in _write_fields(kind)],
        "templates": [_write_template(kind) for kind in kinds],
        "notetypes": [(kind.id, kind.name, CHANGED_AT, -1, _write_type(kind)) for kind in kinds],
        "decks": [
            _write_deck(1, "Default", 0, ""),
            _write_deck(rows.deck_id, name_deck(deck), rows.at, write_deck_head(deck)),
        ],
        "tags": [],
    }
    tables = rows.list_tables((1, FIRST_DAY, now, now, _VERSION, 0, 0, 0, "", "", "", "", ""))
    for name, columns in _STATEMENTS.items():
        tables.append(Table(name, f"CREATE TABLE {name} ({columns})", own[name], has_key=name in _WITH_KEYS))
    return write_database(tables)
