"""From the bytes of an ``.apkg`` or ``.colpkg`` to the collection in it, in each of Anki's three inner formats.

``collection.anki2`` and ``collection.anki21`` are databases with note types and decks as JSON in the table ``col``;
``collection.anki21b`` is a database packed with zstd that keeps them in tables, as messages of Protocol Buffers. Newer
packages hold an older one as well, with one note that asks to update Anki: the newest inner format counts. Learned from
the files that Anki 26.9 makes and from the field numbers in its published ``proto`` files.
"""

import json
from collections.abc import Iterator, Mapping

from quizapp.core.exchange.anki.model import AnkiCard, AnkiDeck, AnkiReview, Collection, Note, NoteType, Template
from quizapp.core.exchange.anki.protobuf import BadMessage, get_bytes, get_number, get_text, read_message
from quizapp.core.exchange.anki.sqlitefile import BadDatabase, Row, SqliteFile
from quizapp.core.exchange.archives import MEGABYTE, Archive, ArchiveRefused
from quizapp.core.messages import say

_NEW, _OLDER = "collection.anki21b", ("collection.anki21", "collection.anki2")
_LARGEST_MAP = 4 * MEGABYTE
# A package may hold a whole life of learning; more rows than this no class has, and reading takes its time.
_MOST_ROWS = {"notes": 100_000, "cards": 400_000, "revlog": 1_000_000}
_MOST_TYPES = 10_000
_OCCLUSION = 6
_SECOND_SCHEDULER = 2
_SUSPENDED = -1
_FLAGS = 7


class PackageRefused(Exception):
    """What lies in the archive is no collection of Anki, or one that is not taken."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


def _damaged(why: str) -> PackageRefused:
    fix = say("In Anki, use Tools › Check Database, and export the deck again.")
    return PackageRefused("anki-damaged", say("The collection in the file is damaged: %(why)s.", why=why), fix)


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bytes) else str(value)


def _columns(row: Row, count: int) -> Row:
    return row if len(row) >= count else (*row, *(None,) * (count - len(row)))


def _read_json(text: object) -> Mapping[str, object]:
    """An object of JSON; empty where there is something else."""
    if not isinstance(text, str | bytes):
        return {}
    if len(text) > _LARGEST_MAP:
        raise _damaged(say("its list of note types, decks or files is too long"))
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        raise _damaged(say("its list of note types, decks or files cannot be read")) from None
    return found if isinstance(found, dict) else {}


def _objects(value: object) -> list[Mapping[str, object]]:
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [entry for entry in entries if isinstance(entry, dict)]


def _list_objects(text: object) -> list[Mapping[str, object]]:
    found = _read_json(text)
    if len(found) > _MOST_TYPES:
        raise _damaged(say("it has more note types and decks than anybody can use"))
    return _objects(found)


def _read_old_types(text: object) -> Iterator[NoteType]:
    for model in _list_objects(text):
        templates = enumerate(_objects(model.get("tmpls")))
        yield NoteType(
            id=_number(model.get("id")),
            name=_text(model.get("name")),
            fields=tuple(_text(field.get("name")) for field in _objects(model.get("flds"))),
            templates={
                ord_: Template(_text(one.get("name")), _text(one.get("qfmt")), _text(one.get("afmt")))
                for ord_, one in templates
            },
            is_cloze=_number(model.get("type")) == 1,
            is_occlusion=_number(model.get("originalStockKind")) == _OCCLUSION,
        )


def _number(value: object) -> int:
    """An id of JSON, where old versions wrote some of them as text."""
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
        return int(value)
    return int(value) if isinstance(value, int | float) and abs(value) < 1 << 63 else 0


def _read_old_decks(text: object) -> Iterator[AnkiDeck]:
    for deck in _list_objects(text):
        yield AnkiDeck(_number(deck.get("id")), tuple(_text(deck.get("name")).split("::")), _text(deck.get("desc")))


def _group(rows: Iterator[Row]) -> dict[int, list[Row]]:
    """The rows of fields or templates by note type, in the order of their numbers."""
    grouped: dict[int, list[Row]] = {}
    for row in sorted((_columns(row, 6) for row in rows), key=lambda row: _integer(row[1])):
        grouped.setdefault(_integer(row[0]), []).append(row)
    return grouped


def _read_template(row: Row) -> Template:
    config = read_message(row[5]) if isinstance(row[5], bytes) else {}
    return Template(_text(row[2]), get_text(config, 1), get_text(config, 2))


def _read_new_types(database: SqliteFile) -> Iterator[NoteType]:
    fields, templates = _group(database.rows("fields")), _group(database.rows("templates"))
    for row in database.rows("notetypes"):
        type_id, name, _, _, config, *_ = _columns(row, 5)
        said = read_message(config) if isinstance(config, bytes) else {}
        yield NoteType(
            id=_integer(type_id),
            name=_text(name),
            fields=tuple(_text(field[2]) for field in fields.get(_integer(type_id), ())),
            templates={_integer(one[1]): _read_template(one) for one in templates.get(_integer(type_id), ())},
            is_cloze=get_number(said, 1) == 1,
            is_occlusion=get_number(said, 9) == _OCCLUSION,
        )


def _read_new_decks(database: SqliteFile) -> Iterator[AnkiDeck]:
    for row in database.rows("decks"):
        deck_id, name, _, _, _, kind, *_ = _columns(row, 6)
        normal = read_message(get_bytes(read_message(kind), 1)) if isinstance(kind, bytes) else {}
        yield AnkiDeck(_integer(deck_id), tuple(_text(name).split("\x1f")), get_text(normal, 4))


def _read_notes(database: SqliteFile) -> Iterator[Note]:
    for row in database.rows("notes"):
        note_id, guid, type_id, _, _, tags, fields, *_ = _columns(row, 7)
        split = tuple(_text(fields).split("\x1f"))
        yield Note(_integer(note_id), _text(guid), _integer(type_id), tuple(_text(tags).split()), split)


def _read_cards(database: SqliteFile) -> Iterator[AnkiCard]:
    for row in database.rows("cards"):
        numbers = [_integer(value) for value in _columns(row, 17)]
        # A card in a filtered deck is there for a while only: it belongs to the deck it came from.
        home = numbers[15] or numbers[2]
        yield AnkiCard(numbers[0], numbers[1], home, numbers[3], numbers[16] & _FLAGS, numbers[7] == _SUSPENDED)


def _read_reviews(database: SqliteFile) -> Iterator[AnkiReview]:
    for row in database.rows("revlog"):
        at_ms, card_id, _, ease, _, _, factor, duration, kind, *_ = map(_integer, _columns(row, 9))
        yield AnkiReview(at_ms, card_id, ease, factor, duration, kind)


def _read_media(archive: Archive, is_new: bool) -> dict[str, str]:
    """The names of the files that travel with the deck, and those they bear in the archive."""
    if "media" not in archive:
        return {}
    data = archive.read("media", _LARGEST_MAP, zstd=is_new)
    if not is_new:
        return {_text(name): key for key, name in _read_json(data).items() if key in archive}
    entries = read_message(data).get(1, [])
    names = [get_text(read_message(entry), 1) if isinstance(entry, bytes) else "" for entry in entries]
    return {name: str(at) for at, name in enumerate(names) if str(at) in archive}


def _check_size(database: SqliteFile) -> None:
    for table, most in _MOST_ROWS.items():
        if (count := database.count(table)) > most:
            message = say(
                "The file holds %(count)s %(table)s; at most %(most)s are taken.",
                count=f"{count:,}",
                table=table,
                most=f"{most:,}",
            )
            raise PackageRefused("too-many", message, say("Export one deck at a time."))
    if sum(map(database.count, ("fields", "templates", "notetypes", "decks"))) > _MOST_TYPES * 4:
        raise _damaged(say("it has more note types and decks than anybody can use"))


def _open_database(archive: Archive) -> tuple[SqliteFile, bool]:
    name = next((name for name in (_NEW, *_OLDER) if name in archive), None)
    if name is None:
        fix = say("In Anki, choose File › Export and “Anki Deck Package (.apkg)”.")
        raise PackageRefused("not-anki", say("There is no collection of Anki in the archive."), fix)
    return SqliteFile(archive.read(name, zstd=name == _NEW)), name == _NEW


def read_package(archive: Archive) -> Collection:
    """The collection in a package. Raises ArchiveRefused or PackageRefused where it is not taken."""
    try:
        return _read_collection(archive)
    except BadDatabase as error:
        raise _damaged(error.args[0]) from None
    except BadMessage as error:
        raise _damaged(say("in one of its lists %(error)s", error=error.args[0])) from None


def _read_collection(archive: Archive) -> Collection:
    database, is_new = _open_database(archive)
    _check_size(database)
    if "notes" not in database or "cards" not in database:
        raise _damaged(say("it has no notes or no cards"))
    has_first_scheduler = False
    if "notetypes" in database:
        types, decks = _read_new_types(database), _read_new_decks(database)
    else:
        col = _columns(next(database.rows("col"), ()), 11)
        types, decks = _read_old_types(col[9]), _read_old_decks(col[10])
        has_first_scheduler = _number(_read_json(col[8]).get("schedVer")) < _SECOND_SCHEDULER
    return Collection(
        note_types={one.id: one for one in types},
        decks={one.id: one for one in decks},
        notes=tuple(_read_notes(database)),
        cards=tuple(_read_cards(database)),
        reviews=tuple(_read_reviews(database)),
        media=_read_media(archive, is_new),
        is_new=is_new,
        has_first_scheduler=has_first_scheduler,
    )


__all__ = ["ArchiveRefused", "PackageRefused", "read_package"]
