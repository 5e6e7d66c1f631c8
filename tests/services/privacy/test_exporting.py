"""All that is kept of a person, in one archive: theirs alone, without secrets and without what a test keeps back."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest

from quizapp.core.assessments.plan import Feedback
from quizapp.core.assessments.timing import Window
from quizapp.core.errors import Forbidden, Invalid
from quizapp.core.privacy.inventory import EXPORTED
from quizapp.services import accounts, claims, fitting, settling
from quizapp.services.accounts import Viewer
from quizapp.services.privacy import exporting
from quizapp.store import fits, privacy_export
from quizapp.store import privacy as store

HERE = "192.0.2.1"


def _export(room: Any, who: Viewer, now: datetime | None = None) -> zipfile.ZipFile:
    whose = exporting.Subject(who.learner_id, who.account_id)
    with room.database.reading() as session:
        data = b"".join(exporting.stream_export(session, whose, now or room.noon + timedelta(days=3)))
    return zipfile.ZipFile(io.BytesIO(data))


def _read(archive: zipfile.ZipFile, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{file}.json"))
    return found


def test_it_holds_a_readme_and_the_same_in_both_forms(room: Any, password: str) -> None:
    bob = room.enrol("Bob", first_name="=Bob", email="b@example.org")
    room.answer(bob, "legs", "=1+1", shown_ms=1_500)
    room.answer(bob, "waiting", ["without", "prey"], hours=2)
    with room.database.writing() as session:
        accounts.sign_in(session, "Bob", password, HERE, room.noon, "firefox/android")
        token = accounts.create_token_for(session, "Bob", "phone", room.noon)
    archive = _export(room, bob)
    assert archive.testzip() is None
    assert archive.namelist() == ["README.txt", *(f"{t.file}.{end}" for t in EXPORTED for end in ("csv", "json"))]
    for table in EXPORTED:
        rows = _read(archive, table.file)
        text = io.StringIO(archive.read(f"{table.file}.csv").decode(), newline="")
        assert len(list(csv.DictReader(text))) == len(rows), table.file
    answers = _read(archive, "answers")
    assert [(row["card"], row["number"], row["response"], row["study_day"]) for row in answers] == [
        ("birds/legs", 1, '"=1+1"', "2026-11-22"),
        ("birds/waiting", 2, '["without", "prey"]', "2026-11-22"),
    ]
    assert answers[1]["question"] == "Fill in the blanks. It waits ____ moving for its ____."
    assert _read(archive, "classes")[0]["first_name"] == "=Bob"
    assert "'=Bob" in archive.read("classes.csv").decode()
    assert [row["device"] for row in _read(archive, "sign_ins")] == ["firefox/android"]
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert token.encode() not in everything
    assert b"argon2" not in everything


def test_nothing_of_others_is_in_it(room: Any) -> None:
    bob, charlie = room.enrol("Bob"), room.enrol("Zebulon", last_name="Quagmire")
    key = room.answer(bob, "legs", "blue")
    room.answer(charlie, "legs", "what Zebulon typed")
    with room.database.writing() as session:
        claim = claims.make_claim(session, bob, key, "note", "my note", room.noon)
        said = {"accept": False, "reply": "Zebulon said so too", "rules": room.rules, "now": room.noon}
        settling.settle_claim(session, room.alice, claim.handle, **said)
    archive = _export(room, bob)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"my note" in everything
    for words in (b"Zebulon", b"Quagmire", b"Alice"):
        assert words not in everything


@pytest.mark.parametrize(("feedback", "shown"), [(Feedback.AFTER_DUE, False), (Feedback.AT_END, True)])
def test_what_a_test_keeps_back_is_not_in_it(small_room: Any, feedback: Feedback, shown: bool) -> None:
    bob = small_room.enrol("Bob")
    window = Window(due=small_room.noon + timedelta(days=2))
    test = small_room.set_test(window, feedback=feedback)
    small_room.sit(bob, test, short="typed by Bob")
    archive = _export(small_room, bob, small_room.noon + timedelta(days=1))
    (attempt,) = _read(archive, "tests")
    questions = _read(archive, "test_answers")
    assert (attempt["points"] is not None) is shown
    assert {row["verdict"] is not None for row in questions} == {shown}
    assert any("typed by Bob" in row["response"] for row in questions)
    assert all("asked" not in row for row in questions)
    later = _export(small_room, bob, small_room.noon + timedelta(days=3))
    assert _read(later, "tests")[0]["points"] is not None


def test_what_waits_for_the_end_of_an_open_attempt_is_not_in_it(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    window = Window(due=small_room.noon + timedelta(hours=3))
    test = small_room.set_test(window, feedback=Feedback.AFTER_DUE, attempts=2)
    small_room.sit(bob, test, short="typed by Bob")
    small_room.begin(bob, test, hours=4)
    archive = _export(small_room, bob, small_room.noon + timedelta(hours=5))
    assert [row["points"] for row in _read(archive, "tests")] == [None, None]
    assert {row["verdict"] for row in _read(archive, "test_answers")} == {None}


def test_a_learners_own_model_is_in_it(small_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bob, charlie = small_room.enrol("Bob"), small_room.enrol("Charlie")
    monkeypatch.setattr(privacy_export, "BATCH", 1)
    with small_room.database.writing() as session:
        for learner, reviews in ((bob, 10), (bob, 20), (charlie, 30)):
            row = fits.FitRow(
                scope="learner",
                subject_id=learner.learner_id,
                outcome="kept",
                parameters="[]",
                reviews=reviews,
                held_out=2,
                log_loss=0.5,
                log_loss_before=0.6,
                log_loss_average=0.7,
                created_at=small_room.noon,
            )
            session.add(row)
        session.commit()
    assert fitting.FIT
    assert [row["answers"] for row in _read(_export(small_room, bob), "memory_models")] == [10, 20]


def test_who_asks_is_checked_and_the_act_written_down(small_room: Any, password: str) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        with pytest.raises(Forbidden):
            exporting.begin_download(session, None, password, HERE, small_room.noon)
        with pytest.raises(Invalid):
            exporting.begin_download(session, bob, "wrong", HERE, small_room.noon)
        whose = exporting.begin_download(session, bob, password, HERE, small_room.noon)
        person = store.find_person(session, bob.learner_id)
        assert person is not None
        assert exporting.begin_command(session, person, small_room.noon) == whose
        guest = accounts.start_guest(session, HERE, small_room.noon).viewer
        assert exporting.begin_download(session, guest, "", HERE, small_room.noon).account_id is None
    acts = _read(_export(small_room, bob), "acts")
    assert [(act["act"], act["way"], act["by_whom"]) for act in acts] == [
        ("downloaded", "page", "student"),
        ("downloaded", "command", ""),
    ]


def test_a_large_export_is_sent_in_pieces(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    small_room.answer(bob, "legs", "long")
    with small_room.database.reading() as session:
        pieces = exporting.stream_export(session, exporting.Subject(bob.learner_id, bob.account_id), small_room.noon)
        assert len(list(pieces)) > 20
        assert exporting.count_kept(session, bob)["answers"] == 1
