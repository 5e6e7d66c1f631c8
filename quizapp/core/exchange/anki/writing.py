"""A deck of ours as an ``.apkg``: the inner format that every Anki reads, and programs that read Anki's files."""

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from quizapp.core.deck.schema import Card, Deck
from quizapp.core.exchange.anki.fields import write_fields
from quizapp.core.exchange.anki.kinds import CARRY, CHANGED_AT, CSS, KINDS, TEMPLATE, Kind
from quizapp.core.exchange.anki.ours import make_guid, pack_card, write_deck_head, write_tag
from quizapp.core.exchange.anki.progress import Progress, find_progress
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table, write_database
from quizapp.core.exchange.model import Exported, PastReview

MEDIA_TYPE: Final = "application/vnd.anki"
# When Anki began; ids of notes and cards are times in milliseconds there, and only have to differ.
_FIRST_ID = 1_160_000_000_000
_NO_TIME = 1_700_000_000
# The day from which days are counted: it begins at four in the morning, as Anki's do.
_FIRST_DAY = 1_159_660_800 + 4 * 3_600
_DAY = 86_400
_TAG = re.compile(r"<[^<>]*>")
# The time of archives has no zone and no years before 1980; the same deck gives the same bytes.
_ARCHIVED_AT = (1980, 1, 1, 0, 0, 0)

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
    "graves": "usn integer not null, oid integer not null, type integer not null",
}


def _number(text: str, most: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % most


def _sum(text: str) -> int:
    """By this number Anki finds notes with the same first field: of its text without tags, the start of its SHA-1."""
    return int(hashlib.sha1(_TAG.sub("", text).encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _write_type(kind: Kind) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": at, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
        for at, name in enumerate(kind.fields)
    ]
    template = {
        "name": TEMPLATE,
        "ord": 0,
        "qfmt": kind.question_template,
        "afmt": kind.answer_template,
        "bqfmt": "",
        "bafmt": "",
        "did": None,
    }
    return {
        "id": str(kind.id),
        "name": kind.name,
        "type": int(kind.is_cloze),
        "mod": CHANGED_AT,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "tmpls": [template],
        "flds": fields,
        "css": CSS,
        "latexPre": "",
        "latexPost": "",
        "tags": [],
        "vers": [],
        "req": [[0, "any", list(range(len(kind.own_fields)))]],
    }


def _write_decks(deck: Deck, deck_id: int, at: int) -> dict[str, Any]:
    today = {name: [0, 0] for name in ("lrnToday", "revToday", "newToday", "timeToday")}
    shared = {"usn": -1, "collapsed": False, "browserCollapsed": False, "dyn": 0, "conf": 1, **today}
    shared |= {"extendNew": 0, "extendRev": 0}
    # Two colons would make it a deck within a deck.
    name = " ".join(re.sub(r":{2,}", ":", deck.title).split()).strip(":") or deck.id
    own = {"id": deck_id, "mod": at, "name": name, "desc": write_deck_head(deck)}
    default = {"id": 1, "mod": 0, "name": "Default", "desc": ""}
    return {str(deck_id): {**shared, **own}, "1": {**shared, **default}}


_CONF: Final = {
    "activeDecks": [1],
    "curDeck": 1,
    "newSpread": 0,
    "collapseTime": 1200,
    "timeLim": 0,
    "estTimes": True,
    "dueCounts": True,
    "curModel": None,
    "nextPos": 1,
    "sortType": "noteFld",
    "sortBackwards": False,
    "addToCur": True,
    "schedVer": 2,
}


def _write_options() -> dict[str, Any]:
    """The options of decks that a collection cannot be without; on import the learner's own count."""
    new = {"bury": False, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20}
    lapse = {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0}
    rev = {"bury": False, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2}
    shared = {"id": 1, "mod": 0, "name": "Default", "usn": 0, "maxTaken": 60, "autoplay": True, "timer": 0}
    return {"1": {**shared, "replayq": True, "dyn": False, "new": new, "lapse": lapse, "rev": rev}}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
    day = (progress.due_ms // 1000 - _FIRST_DAY) // _DAY
    return (*head, 2, 2, day, progress.interval, 2500, progress.reps, progress.lapses, 0, 0, 0, 0, progress.data)


def _write_log(ids: Mapping[str, int], progress: Mapping[str, Progress]) -> list[tuple[Cell, ...]]:
    """The review log. Its keys are times in milliseconds: of two at the same moment, one moves on."""
    lines: dict[int, tuple[Cell, ...]] = {}
    for card_id, told in progress.items():
        for line in told.log if card_id in ids else ():
            at = line.at_ms
            while at in lines:
                at += 1
            intervals = (line.interval, line.last_interval, line.factor)
            lines[at] = (at, ids[card_id], -1, line.rating, *intervals, line.duration_ms, line.kind)
    return [lines[at] for at in sorted(lines)]


def _write_collection(deck: Deck, reviews: Sequence[PastReview], at: int) -> bytes:
    progress = find_progress(reviews)
    first_id = _FIRST_ID + _number(deck.id, 400_000_000) * 1_000
    ids = {card.id: first_id + place for place, card in enumerate(deck.cards)}
    deck_id = first_id
    kinds = [_write_type(kind) for name, kind in KINDS.items() if any(card.type == name for card in deck.cards)]
    col = (1, _FIRST_DAY, at * 1000, at * 1000, 11, 0, 0, 0, _dump(_CONF))
    models = {kind["id"]: kind for kind in kinds}
    texts: tuple[dict[str, Any], ...] = (models, _write_decks(deck, deck_id, at), _write_options(), {})
    rows: Mapping[str, Sequence[Sequence[Cell]]] = {
        "col": [(*col, *map(_dump, texts))],
        "notes": [_write_note(deck, card, place, ids[card.id], at) for place, card in enumerate(deck.cards)],
        "cards": [
            _write_card(ids[card.id], deck_id, place, at, progress.get(card.id))
            for place, card in enumerate(deck.cards)
        ],
        "revlog": _write_log(ids, progress),
        "graves": [],
    }
    statements = ((name, f"CREATE TABLE {name} ({columns})") for name, columns in _STATEMENTS.items())
    return write_database([Table(name, statement, rows[name]) for name, statement in statements])


def _archive(files: Iterator[tuple[str, bytes, int]]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data, method in files:
            archive.writestr(zipfile.ZipInfo(name, _ARCHIVED_AT), data, method)
    return written.getvalue()


def _list_files(collection: bytes, media: Mapping[str, bytes]) -> Iterator[tuple[str, bytes, int]]:
    names = {str(at): name for at, name in enumerate(sorted(media))}
    yield "collection.anki2", collection, zipfile.ZIP_DEFLATED
    yield "media", _dump(names).encode(), zipfile.ZIP_DEFLATED
    # Pictures and sounds are packed already.
    yield from ((key, media[name], zipfile.ZIP_STORED) for key, name in names.items())


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = (), *, at_ms: int = 0) -> Exported:
    """The deck as an Anki deck package, ``.apkg``, with its pictures, sounds and past reviews.

    ``at_ms`` is the time of writing in milliseconds since 1970: Anki updates the notes it has from a package that is
    newer. Without it, all packages count as equally old. Cards with reviews come due in Anki when they would here,
    others are new.
    """
    at = at_ms // 1000 or _NO_TIME
    data = _archive(_list_files(_write_collection(deck, reviews, at), media))
    return Exported(data, f"{deck.id}.apkg", MEDIA_TYPE, ())
