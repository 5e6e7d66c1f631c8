"""Two schools in one database that must not see each other: Alice's with Bob, Dana's with Charlie.

Each side owns one of everything that has an address of its own. What is private holds the side's canary, a word that
stands nowhere else.
"""

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3  # the same library as the app: two of them in a process undo each other's locks
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from plumbing import samples
from plumbing.media import make_picture
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.core.exchange.model import MediaFile
from quizapp.services import accounts, claims, classes, exchange, joining, media, sign_ins, texts
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author, history, sharing
from quizapp.services.library import InputFile, load_files
from quizapp.services.texts import TextFields
from quizapp.settings import Settings
from quizapp.store.engine import Database
from quizapp.store.tables import AccessTokenRow, ClaimRow, ClassGroupRow, ReportFileRow, table_of

SECRET = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"
PASSWORD = "three grey herons"
CANARIES = ("quillomint", "vexillarum")
"""The canary of Alice's side, and that of Dana's."""
ADMIN = "Grace"

DECK = """\
format: 1
id: {slug}
title: {canary}
description: Not yet for others.
language: en
theme: nature
sources: [herons]
cards:
  - id: secret
    type: choice
    prompt: {canary}
    answer: {canary}
    wrong: [{{text: x, why: {canary}}}]
    explanation: {canary}
    note: {canary}
    hint: {canary}
    tags: [{canary}]
    citations:
      - {{source: herons, paragraph: 1, quote: stands up to 100 cm tall}}
"""


@dataclass(frozen=True)
class Cast:
    """The names of one side: teacher, second teacher, student, and who waits to be let in."""

    teacher: str
    second: str
    student: str
    waiting: str
    canary: str


def _cast(canaries: tuple[str, str]) -> tuple[Cast, Cast]:
    return (
        Cast("Alice", "Erin", "Bob", "Rita", canaries[0]),
        Cast("Dana", "Frank", "Charlie", "Sam", canaries[1]),
    )


class Person:
    """Somebody's browser, without the browser: a sign-in, and the token against forgery in a header.

    Every request begins with the same cookies, whatever the one before did to them.
    """

    def __init__(self, app: Flask, sign_in: str | None) -> None:
        self.client: FlaskClient = app.test_client()
        self._headers: dict[str, str] = {}
        self._cookies = {} if sign_in is None else {"quizapp_sign_in": sign_in}
        page = self.send("GET", "/sign-in" if sign_in is None else "/account").get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        form = self.client.get_cookie("quizapp_form")
        assert found, page
        assert form, page
        self.form_token = found[1]
        self._headers = {"X-CSRFToken": found[1]}
        self._cookies["quizapp_form"] = form.value

    @property
    def headers(self) -> Mapping[str, str]:
        """What every request has, the token against forgery."""
        return self._headers

    def send(
        self, method: str, path: str, fields: Mapping[str, object] | None = None, *, token: bool = True, **more: Any
    ) -> TestResponse:
        """Send a request; without a ``token`` it is a forged one."""
        for name in ("quizapp_sign_in", "quizapp_form"):
            self.client.delete_cookie(name)
        for name, value in self._cookies.items():
            self.client.set_cookie(name, value)
        headers = {**(self._headers if token else {}), **more.pop("headers", {})}
        data = None if method == "GET" else dict(fields or {})
        return self.client.open(path, method=method, headers=headers, data=data, buffered=True, **more)


@dataclass(frozen=True)
class School:
    """The populated database: its file, who is signed in with which cookie, and the names of what each side owns."""

    file: Path
    cookies: Mapping[str, str]
    owned: tuple[Mapping[str, str], Mapping[str, str]]

    def copy(self, to: Path) -> "OpenSchool":
        """A copy of one's own, open."""
        shutil.copyfile(self.file, to)
        return OpenSchool(self, to)


_TECHNICAL = frozenset({"throttle", "exam_forecast", "alembic_version", "audit"})
"""What asking alone may write: counts of attempts, forecasts that are kept for the next time, who looked at what."""
_TOUCHED = frozenset({"seen_at", "expires_at", "used_at"})


class OpenSchool:
    """A copy of the school with the app on it. ``clean`` is what the data is, to be compared with ``digest``."""

    def __init__(self, school: School, file: Path) -> None:
        self.school, self.file = school, file
        self.database = Database(f"sqlite:///{file}")
        self.app = create_app(Settings(data_dir=file.parent, secret_key=SECRET), self.database)
        self._people: dict[str | None, Person] = {}
        self._watch = sqlite3.connect(file, check_same_thread=False)
        self.clean = self.count_all()

    def close(self) -> None:
        """Close all connections."""
        self._watch.close()
        self.database.dispose()

    def person(self, name: str | None) -> Person:
        """The browser of somebody; None: of a visitor."""
        if name not in self._people:
            self._people[name] = Person(self.app, None if name is None else self.school.cookies[name])
        return self._people[name]

    def version(self) -> object:
        """Another one whenever anybody has committed anything."""
        return self._watch.execute("PRAGMA data_version").fetchone()

    def count_all(self) -> str:
        """A digest of every row, save those that are only technical."""
        digest = hashlib.sha256()
        tables = [name for (name,) in self._watch.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - _TECHNICAL):
            cursor = self._watch.execute(f'SELECT * FROM "{table}"')
            kept = [at for at, column in enumerate(cursor.description) if column[0] not in _TOUCHED]
            rows = sorted(repr([row[at] for at in kept]) for row in cursor)
            digest.update(repr((table, rows)).encode())
        return digest.hexdigest()

    def digest(self, before: object) -> str:
        """Like ``count_all``; counts nothing where nobody has committed since ``before``."""
        return self.clean if self.version() == before else self.count_all()

    def restore_after(self, before: object) -> None:
        """Put the data back as it was, where anything was committed. Over the open database: its connections go on."""
        if self.version() != before:
            with closing(sqlite3.connect(self.school.file)) as kept, closing(sqlite3.connect(self.file)) as here:
                kept.backup(here)


def _sign_in(database: Database, name: str, role: Role) -> tuple[Viewer, str]:
    now = datetime.now(UTC)
    with database.writing() as session:
        accounts.add_user(session, name, role, PASSWORD, now)
        opened = accounts.sign_in(session, name, PASSWORD, "somewhere", now)
    return opened.viewer, opened.token


def _last(response: TestResponse) -> str:
    assert response.status_code == 303, (response.request.path, response.get_data(as_text=True)[-3000:])
    return str(response.location).partition("?")[0].rstrip("/").rpartition("/")[2]


class _Side:
    """Makes what one side owns."""

    def __init__(self, database: Database, app: Flask, cast: Cast) -> None:
        self.database, self.app, self.cast = database, app, cast
        self.tokens: dict[str, str] = {}
        self.viewers: dict[str, Viewer] = {}
        self.people: dict[str, Person] = {}
        for name, role in ((cast.teacher, Role.TEACHER), (cast.second, Role.TEACHER)):
            self._add(name, role)
        for name in (cast.student, cast.waiting):
            self._add(name, Role.STUDENT)
        self.owned: dict[str, str] = {}

    def _add(self, name: str, role: Role) -> None:
        self.viewers[name], self.tokens[name] = _sign_in(self.database, name, role)
        self.people[name] = Person(self.app, self.tokens[name])

    def make(self) -> Mapping[str, str]:
        """One of everything."""
        self._make_class()
        self._make_deck()
        self._make_learning()
        self._make_test()
        self._make_assignment()
        return self.owned

    def _make_class(self) -> None:
        cast, now = self.cast, datetime.now(UTC)
        teacher, student, waiting = (self.viewers[name] for name in (cast.teacher, cast.student, cast.waiting))
        with self.database.writing() as session:
            taught = classes.create_class(session, teacher, f"Class {cast.canary}", now)
            classes.add_member(session, taught, student.learner_id, student.handle, now - timedelta(days=8))
            session.commit()
            joining.open_invite(session, teacher, taught.handle, "code", "day", SECRET.encode(), now)
            invite = joining.list_invites(session, taught, SECRET.encode(), now)["code"]
            joining.join(session, waiting, invite.code, "", "somewhere", now)
        alice, root = self.people[cast.teacher], f"/classes/{taught.handle}"
        assert alice.send("POST", f"{root}/teachers", {"teacher-name": cast.second}).status_code == 303
        assert alice.send("POST", f"{root}/groups", {"name": cast.canary}).status_code == 303
        given = {"first_name": cast.student, "last_name": cast.canary, "email": f"{cast.student.lower()}@quiz.example"}
        assert alice.send("POST", f"{root}/students/{student.handle}", given).status_code == 303
        self.owned |= {
            "class": taught.handle,
            "student": student.handle,
            "waiting": waiting.handle,
            "teacher": self.viewers[cast.second].handle,
            "group": self._find(ClassGroupRow, "name", cast.canary),
            "code": invite.code,
        }
        wanted = {"kind": "responses", "format": "csv"}
        assert alice.send("POST", f"{root}/reports/files", wanted).status_code == 303
        self.owned["report"] = self._find(ReportFileRow, "class_id", taught.id)

    def _make_deck(self) -> None:
        cast, now = self.cast, datetime.now(UTC)
        slug, viewer = f"{cast.teacher.lower()}s-deck", self.viewers[cast.teacher]
        author = Author(viewer.account_id or 0, cast.teacher, is_admin=False)
        with self.database.writing() as session:
            made = history.upload_new(
                session, author, DECK.format(slug=slug, canary=json.dumps(cast.canary)).encode(), now
            )
            sharing.add_editor(session, author, made.slug, cast.second, now)
            media.add(session, slug, MediaFile("map.png", make_picture()), now)
            media.add(session, slug, MediaFile("old.png", make_picture(size=(20, 10))), now)
            former = media.find(session, slug, ["old.png"])["old.png"].mark
            media.remove(session, slug, "old.png", now)
            session.commit()
            text = TextFields(f"Text of {cast.teacher}", "en", "The heron waits.\n\nIt eats fish.")
            text_id = texts.keep_text(session, author, text, "", now)
            upload = exchange.keep_upload(session, author, "cards.txt", f"front\t{cast.canary}\n".encode(), now)
        with self.database.reading() as session:
            mark = media.find(session, slug, ["map.png"])["map.png"].mark
        self.owned |= {
            "draft": slug,
            "card": "secret",
            "picture": "map.png",
            "mark": mark,
            "former": former,
            "editor": self.viewers[cast.second].handle,
            "text": text_id,
            "upload": upload,
        }

    def _make_learning(self) -> None:
        cast, now = self.cast, datetime.now(UTC)
        bob, viewer = self.people[cast.student], self.viewers[cast.student]
        key = str(uuid.uuid4())
        answer = {"key": key, "card": "height", "revision": "1", "learner": viewer.handle, "response": "50 cm"}
        assert bob.send("POST", "/study/birds", answer).status_code == 303
        with self.database.writing() as session:
            claims.make_claim(session, viewer, key, "right", cast.canary, now)
        day = (now + timedelta(days=20)).date().isoformat()
        plan = {"title": f"Plan {cast.canary}", "day": day, "recall": "90", "minutes_per_day": "20"}
        made = bob.send("POST", "/plans", plan | {"new_per_day": "9", "decks": ["birds"], "key": str(uuid.uuid4())})
        practice, trial = (
            who.send("POST", "/practice", {"deck": "birds", "order": "deck"}) for who in (bob, Person(self.app, None))
        )
        game = re.compile(r'name="game" value="([^"]+)"')
        games = [game.findall(bob.send("GET", f"/games/{name}?deck=birds").text)[0] for name in ("match", "timed")]
        assert bob.send("POST", "/account/tokens", {"label": cast.canary, "proof": PASSWORD}).status_code == 201
        self.owned |= {
            "answer": key,
            "claim": self._find(ClaimRow, "text", cast.canary),
            "plan": _last(made),
            "practice": _last(practice),
            "drill": self._drill(_last(practice)),
            "trial": _last(trial),
            "match": games[0],
            "timed": games[1],
            "token": self._find(AccessTokenRow, "label", cast.canary, "id"),
            "sign_in": self._sign_in_elsewhere(viewer),
        }

    def _sign_in_elsewhere(self, viewer: Viewer) -> str:
        """Sign somebody in on another device; gives the name of that sign-in."""
        now = datetime.now(UTC)
        with self.database.writing() as session:
            elsewhere = accounts.open_sign_in(session, viewer, now, "firefox/android")
            session.commit()
            return sign_ins.list_sign_ins(session, viewer, elsewhere.token, now)[0].handle

    def _drill(self, practice: str) -> str:
        """Answer the first card of a practice; gives the key of the answer."""
        bob = self.people[self.cast.student]
        page = bob.send("GET", f"/practice/{practice}").text
        names = ("key", "card", "revision", "learner")
        hidden = {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[0] for name in names}
        answered = bob.send("POST", f"/practice/{practice}", hidden | {"response": "50 cm"})
        return _last(answered)

    def _make_test(self) -> None:
        cast, alice, bob = self.cast, self.people[self.cast.teacher], self.people[self.cast.student]
        fields = {"title": f"Test {cast.canary}", "attempts": "2", "counting": "best", "feedback": "at-end"}
        more = {"layout": "all", "class_handle": self.owned["class"], "draw-0-deck": "birds", "draw-0-count": "3"}
        test = _last(alice.send("POST", "/tests/new", fields | more))
        assert alice.send("POST", f"/tests/{test}/publish").status_code == 303
        begun = bob.send("POST", f"/tests/{test}/attempts")
        self.owned |= {"test": test, "attempt": _last(begun)}

    def _make_assignment(self) -> None:
        cast, alice, bob = self.cast, self.people[self.cast.teacher], self.people[self.cast.student]
        fields = {"title": "Read on", "instructions": cast.canary, "kind": "study", "decks": "birds", "whom": "class"}
        due = (datetime.now(UTC) + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
        made = alice.send("POST", f"/classes/{self.owned['class']}/assignments", fields | {"due": due})
        assert bob.send("POST", "/calendar").status_code == 303
        feed = re.findall(r"/calendar/([0-9a-f]{64})\.ics", bob.send("GET", "/calendar").text)[0]
        self.owned |= {"assignment": _last(made), "feed": feed}

    def _find(self, table: type, column: str, value: str, wanted: str = "handle") -> str:
        columns = table_of(table).c
        with self.database.reading() as session:
            return str(session.execute(sa.select(columns[wanted]).where(columns[column] == value)).scalar_one())


def build_school(template: Path, folder: Path, canaries: tuple[str, str] = CANARIES) -> School:
    """Make both sides in a copy of an empty, migrated database."""
    file = folder / "school.db"
    shutil.copyfile(template, file)
    database = Database(f"sqlite:///{file}")
    with database.writing() as session:
        sources, decks = [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", samples.DECK)]
        assert load_files(session, sources, decks, datetime.now(UTC)).problems == ()
    app = create_app(Settings(data_dir=folder, secret_key=SECRET), database)
    sides = [_Side(database, app, cast) for cast in _cast(canaries)]
    alices, danas = (side.make() for side in sides)
    _, admin = _sign_in(database, ADMIN, Role.ADMIN)
    database.dispose()
    return School(file, sides[0].tokens | sides[1].tokens | {ADMIN: admin}, (alices, danas))
