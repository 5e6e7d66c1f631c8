"""Anki's old inner format, which every version of it reads: note types, decks and options as JSON in one row."""

import json
from typing import Any, Final

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki.kinds import CHANGED_AT, CSS, TEMPLATE, Kind
from quizapp.core.exchange.anki.ours import write_deck_head
from quizapp.core.exchange.anki.rows import FIRST_DAY, Rows, name_deck
from quizapp.core.exchange.anki.sqlitewriter import Cell, Table, write_database

_VERSION = 11
_GRAVES = "id integer primary key, usn integer not null, oid integer not null, type integer not null"


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
    own = {"id": deck_id, "mod": at, "name": name_deck(deck), "desc": write_deck_head(deck)}
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


def write_old_collection(deck: Deck, rows: Rows) -> bytes:
    """The database of a deck in the old inner format."""
    kinds = [_write_type(kind) for kind in rows.kinds]
    models = {kind["id"]: kind for kind in kinds}
    texts: tuple[dict[str, Any], ...] = (models, _write_decks(deck, rows.deck_id, rows.at), _write_options(), {})
    now = rows.at * 1_000
    col: tuple[Cell, ...] = (1, FIRST_DAY, now, now, _VERSION, 0, 0, 0, _dump(_CONF), *map(_dump, texts))
    return write_database([*rows.list_tables(col), Table("graves", f"CREATE TABLE graves ({_GRAVES})", ())])
