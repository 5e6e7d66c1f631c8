"""Every answer, once."""

from datetime import timedelta

import pytest

from quizapp.core.assessments.plan import Feedback
from quizapp.services.accounts import Viewer
from quizapp.store import reports as store
from quizapp.store import reports_tests as test_store


def test_an_answer_in_study_is_told_with_its_card_and_its_proof(room, bob: Viewer) -> None:
    room.answer(bob, "height", right=False, shown_ms=4_200, confidence=3, hint_used=True)
    room.answer(bob, "height", hours=2)
    _, rows = room.tell("responses")
    first = rows[0]
    assert (first["kind"], first["test_id"], first["test"], first["attempt"]) == ("study", None, None, None)
    assert (first["item_id"], first["item_version"], first["deck"], first["type"]) == (
        *("birds/height", 1),
        *("Birds", "choice"),
    )
    assert (first["tags"], first["prompt"]) == ("size", "How tall is a grey heron at most?")
    assert (first["shown"], first["response"], first["correct_answer"]) == (None, "50 cm", "100 cm")
    assert (first["verdict"], first["score"], first["max_score"], first["rating"]) == ("wrong", 0, 1, 1)
    assert (first["confidence"], first["hint_used"], first["duration_ms"]) == (3, True, 4_200)
    assert first["answered_at"] == room.noon + timedelta(hours=1)
    assert (first["source_id"], first["paragraph"], first["quote"]) == ("herons", 1, "stands up to 100 cm tall")
    assert [row["try"] for row in rows] == [1, 2]
    assert rows[1]["confidence"] is None


@pytest.mark.parametrize(
    ("card", "told", "right"),
    [
        ("food", "Bread | Grass", "Fish | Frogs | Voles"),
        ("winter", "true", "false"),
        ("waiting", "under | lunch", "without | prey"),
        ("sequence", "Where it goes | What it eats | How it looks", "How it looks | What it eats | Where it goes"),
        ("seasons", "Winter → fish | Water → the south", "Winter → the south | Water → fish"),
        ("legs", "blue", "long"),
    ],
)
def test_every_type_of_answer_is_a_text_on_one_line(room, bob: Viewer, card: str, told: str, right: str) -> None:
    room.answer(bob, card, right=False)
    _, (row,) = room.tell("responses")
    assert (row["response"], row["correct_answer"], row["verdict"]) == (told, right, "wrong")


def test_a_flashcard_holds_no_answer_but_a_rating(room, bob: Viewer) -> None:
    room.answer(bob, "name", rating=4)
    _, (row,) = room.tell("responses")
    assert (row["response"], row["rating"], row["score"], row["correct_answer"]) == ("", 4, 1, "The grey heron")


def test_hostile_answers_stay_texts_on_one_line(room, bob: Viewer) -> None:
    room.answer(bob, "legs", response="=1+1\r\n\t;@x")
    assert room.tell("responses")[1][0]["response"] == "=1+1 ;@x"


def test_a_test_is_told_question_by_question_with_what_was_left_open(room, bob: Viewer) -> None:
    test = room.set_test(shuffle_questions=False, confidence=True)
    room.sit(bob, test, sure=2, legs="blue", winter=None)
    _, rows = room.tell("responses")
    assert [row["item_id"].partition("/")[2] for row in rows] == [
        *("height", "food", "winter", "legs"),
        *("waiting", "sequence", "seasons"),
    ]
    height, _, winter, legs, *_ = rows
    assert (height["kind"], height["test_id"], height["test"], height["attempt"]) == ("test", test, "Herons", 1)
    assert sorted(str(height["shown"]).split(" | ")) == ["100 cm", "200 cm", "50 cm"]
    assert (height["response"], height["score"], height["confidence"], height["rating"]) == ("100 cm", 1, 2, None)
    assert height["answered_at"] == room.noon + timedelta(hours=1, minutes=5)
    assert (winter["response"], winter["verdict"], winter["score"], winter["answered_at"]) == ("", "", None, None)
    assert (winter["try"], winter["max_score"]) == (None, 1)
    assert (legs["response"], legs["verdict"], legs["score"]) == ("blue", "wrong", 0)
    assert sorted(str(rows[-1]["shown"]).split(" | ")) == ["Water", "Winter", "fish", "the south"]


def test_an_open_attempt_tells_what_was_saved_but_no_score(room, bob: Viewer) -> None:
    test = room.set_test(feedback=Feedback.AT_ONCE)
    attempt = room.begin(bob, test)
    room.fill(bob, test, attempt, **dict.fromkeys(["height", "food", "winter", "waiting", "sequence", "seasons"]))
    _, (row,) = room.tell("responses")
    assert (row["item_id"], row["response"], row["score"], row["verdict"]) == ("birds/legs", "long", None, "")


def test_an_answer_of_a_test_is_not_told_again_as_study(room, bob: Viewer) -> None:
    room.sit(bob, room.set_test())
    room.answer(bob, "legs", hours=30)
    room.count(bob)
    _, rows = room.tell("responses")
    assert [row["kind"] for row in rows] == ["test"] * 7 + ["study"]
    assert [row["try"] for row in rows if row["item_id"] == "birds/legs"] == [1, 2]
    assert room.tell("students")[1][0]["answers"] == 8


def test_answers_of_tests_elsewhere_are_not_told(room, bob: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    room.sit(bob, room.set_test())
    room.count(bob)
    monkeypatch.setattr("quizapp.store.reports_tests.list_tests", lambda *_: [])
    monkeypatch.setattr("quizapp.store.reports_tests.list_attempts", lambda *_: [])
    assert room.tell("responses")[1] == []


def test_pages_of_the_log_make_no_difference(room, bob: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in range(1, 8):
        room.answer(bob, "legs", hours=hours)
    whole = room.tell("responses")[1]
    small = store._PAGE.statement.limit(3)  # type: ignore[union-attr]
    monkeypatch.setattr(store, "_PAGE", type(store._PAGE)(small))
    monkeypatch.setattr(store, "BATCH", 3)
    assert room.tell("responses")[1] == whole
    assert len(whole) == 7


def test_students_come_one_after_the_other_by_name(room, bob: Viewer) -> None:
    adams = room.enrol("zoe", last_name="Adams")
    room.answer(bob, "legs")
    room.answer(adams, "legs", hours=2)
    room.answer(bob, "height", hours=3)
    assert [row["last_name"] for row in room.tell("responses")[1]] == ["Adams", "Young", "Young"]


def test_a_question_begun_meanwhile_is_for_the_next_report(room, bob: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    room.sit(bob, room.set_test(attempts=2))
    real = room.tell("attempts")[1]
    assert len(real) == 1
    with room.database.reading() as session:
        known = test_store.list_attempts(session, room.taught.id)
    room.sit(bob, str(real[0]["test_id"]), hours=3)
    monkeypatch.setattr(test_store, "list_attempts", lambda *_: known)
    assert len(room.tell("responses")[1]) == 7
