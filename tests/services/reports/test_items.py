"""Item analysis of a class, and the gradebooks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from plumbing import samples

from quizapp.core.errors import NotFound
from quizapp.services import library, study
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile
from quizapp.services.reports.items import view_item
from quizapp.services.reports.scope import load_scope
from quizapp.services.study import Submission
from quizapp.store import reports as store


@pytest.fixture
def twelve(room) -> list[Viewer]:
    """Twelve students, by name in their order."""
    return [room.enrol(f"student {number}", last_name=f"Name {number:02}") for number in range(12)]


def _find(rows: list[dict], kind: str, card: str) -> dict:
    return next(row for row in rows if row["kind"] == kind and row["item_id"] == f"birds/{card}")


def test_a_test_is_analysed_item_by_item(room, twelve: list[Viewer]) -> None:
    test = room.set_test(cards=("birds/height", "birds/legs", "birds/winter"), confidence=True)
    for number, who in enumerate(twelve):
        wrong = {card: samples.WRONG[card] for card in ("height", "legs") if number < 6} | (
            {"winter": None} if number < 2 else {}
        )
        room.sit(who, test, sure=3 if number < 4 else 1, **wrong)
    _, rows = room.tell("items")
    assert [row["item_id"] for row in rows] == ["birds/height", "birds/legs", "birds/winter"]
    height, _, winter = rows
    assert (height["class"], height["test_id"], height["test"]) == ("Herons 8b", test, "Herons")
    assert (height["students"], height["omitted"], height["right"]) == (12, 0, 6)
    assert height["facility"] == 0.5
    assert (height["facility_low"], height["facility_high"]) == (0.253782, 0.746218)
    # Rest: 0 for two students, 0.5 for four, 1 for six.
    assert height["discrimination"] == pytest.approx(2 / 5**0.5, abs=1e-6)
    assert height["discrimination_low"] < height["discrimination"] < height["discrimination_high"]
    assert height["alpha"] > 0.5
    assert height["alpha_without"] < height["alpha"]
    assert (height["median_ms"], height["median_ms_low"]) == (None, None)
    assert (height["bottom"], height["right_top"], height["right_bottom"]) == (2, 6, 0)
    assert height["options"] == "✓ 100 cm: 6 (6/0/0) | 50 cm: 6 (0/4/2) | 200 cm: 0 (0/0/0)"
    assert (height["likely_key"], height["wrong_answers"]) == ("", "50 cm: 6, 4 sure")
    assert (winter["omitted"], winter["right"], winter["facility"]) == (2, 10, pytest.approx(10 / 12, abs=1e-6))
    assert winter["options"] == "true: 0 (0/0/0) | ✓ false: 10 (6/0/4)"


def test_study_counts_the_first_answer_of_each_student(room, twelve: list[Viewer]) -> None:
    for number, who in enumerate(twelve):
        room.answer(who, "legs", right=number > 2, shown_ms=1_000 * (number + 1))
        room.answer(who, "legs", right=False, hours=2)
    _, (row,) = room.tell("items")
    assert (row["kind"], row["test_id"], row["students"], row["right"]) == ("study", None, 12, 9)
    assert (row["facility"], row["median_ms"]) == (0.75, 6_500)
    assert (row["discrimination"], row["alpha"]) == (None, None)  # nothing to compare with
    assert (row["options"], row["top"], row["middle"], row["bottom"]) == ("", 0, 0, 0)


def test_few_students_are_counted_and_not_judged(room, bob: Viewer) -> None:
    room.answer(bob, "legs", right=False)
    room.answer(bob, "name", rating=3)
    room.answer(bob, "name", rating=1, hours=2)
    _, rows = room.tell("items")
    legs, name = _find(rows, "study", "legs"), _find(rows, "study", "name")
    assert (legs["students"], legs["right"], legs["facility"], legs["facility_low"]) == (1, 0, None, None)
    assert (legs["wrong_answers"], name["wrong_answers"]) == ("blue: 1", "")
    assert (name["right"], name["options"]) == (1, "")


def test_revisions_are_items_of_their_own(room, bob: Viewer) -> None:
    room.answer(bob, "legs", right=False)
    edited = samples.DECK.replace(b"accept: [very long]", b"accept: [very long, blue]")
    with room.database.writing() as session:
        library.load_files(
            session, [InputFile("herons.md", samples.SOURCE)], [InputFile("birds.yaml", edited)], room.noon
        )
    charlie = room.enrol("charlie")
    with room.database.writing() as session:
        submission = Submission("birds", "legs", 2, "blue")
        study.answer_card(
            session,
            charlie,
            submission,
            "11111111-1111-4111-8111-111111111111",
            room.rules,
            room.noon + timedelta(hours=1),
        )
    _, rows = room.tell("items")
    assert [(row["item_id"], row["item_version"], row["right"]) for row in rows] == [
        ("birds/legs", 1, 0),
        ("birds/legs", 2, 1),
    ]


def test_an_answer_first_given_in_a_test_is_no_first_answer_in_study(room, bob: Viewer) -> None:
    room.sit(bob, room.set_test(cards=("birds/legs",)))
    room.count(bob)
    room.answer(bob, "legs", hours=30)
    _, rows = room.tell("items")
    assert [row["kind"] for row in rows] == ["test"]


def test_only_the_first_attempt_that_has_ended_counts(room, bob: Viewer) -> None:
    test = room.set_test(cards=("birds/legs",), attempts=3)
    room.sit(bob, test, legs="blue")
    room.sit(bob, test, hours=3)
    room.begin(bob, test, hours=5)
    _, (row,) = room.tell("items")
    assert (row["students"], row["right"]) == (1, 0)


def test_one_item_is_shown_with_all_that_was_answered_instead(room, twelve: list[Viewer]) -> None:
    test = room.set_test(cards=("birds/legs", "birds/height"), confidence=True)
    for number, who in enumerate(twelve):
        room.sit(who, test, sure=3, **({"legs": "blue" if number else "Blue!"} if number < 3 else {}))
    with room.database.reading() as session:
        scope = load_scope(session, room.taught, room.rules, room.noon + timedelta(days=2))
        view = view_item(session, scope, "birds/legs", 1, test)
        assert [(one.text, one.students, one.sure) for one in view.wrong] == [("blue", 3, (0, 0, 3))]
        assert (view.figures.count, view.card.right) == (12, "long")
        for ref, number, place in (
            ("birds/legs", 2, test),
            ("birds/legs", 1, ""),
            ("birds/none", 1, test),
            ("birds/legs", 1, "x"),
        ):
            with pytest.raises(NotFound):
                view_item(session, scope, ref, number, place)


def test_an_answer_that_no_longer_fits_its_card_ends_no_report(
    room, bob: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.answer(bob, "height", right=False)
    real = store.list_first_in_study

    def odd(*arguments: object) -> list:
        return [
            type(one)(**{name: getattr(one, name) for name in one.__dataclass_fields__} | {"response": '["x"]'})
            for one in real(*arguments)
        ]  # type: ignore[arg-type]

    monkeypatch.setattr(store, "list_first_in_study", odd)
    assert room.tell("items")[1][0]["wrong_answers"] == ""


def test_canvas_gets_the_columns_and_points_that_it_knows(room, bob: Viewer) -> None:
    room.enrol("dana", first_name="Dana")
    test = room.set_test("Final Grade (12)")
    room.set_test("Sure?", confidence=True)
    room.set_test("Sure?")
    room.sit(bob, test, legs="blue")
    report, rows = room.tell("canvas", sort="-Student")
    assert [column.name for column in report.columns] == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *("Final-Grade [12]", "Sure?", "Sure? [2]"),
    ]
    assert [tuple(row.values()) for row in rows] == [
        ("Points Possible", None, None, None, None, 7, 21, 7),
        ("Young, Bob", None, "1001", "bob@school.example", "Herons 8b", 6, None, None),
        ("Dana", None, "", "", "Herons 8b", None, None, None),
    ]
    assert any("1 of the students" in note for note in report.notes)


def test_moodle_gets_percent_and_a_dash_for_no_grade(room, bob: Viewer) -> None:
    room.enrol("dana", first_name="Dana", external_id="7")
    test = room.set_test("Email address")
    room.sit(bob, test, legs="blue", height=None)
    report, rows = room.tell("moodle", sort="Last name")
    assert [column.name for column in report.columns] == [
        *("First name", "Last name", "ID number", "Institution", "Department", "Email address"),
        "Email address [2]",
    ]
    assert [tuple(row.values()) for row in rows] == [
        ("Bob", "Young", "1001", None, "Herons 8b", "bob@school.example", 71.43),
        ("Dana", "", "7", None, "Herons 8b", "", "-"),
    ]
    assert report.notes == ()


def test_the_score_that_counts_is_the_one_the_test_says(room, bob: Viewer) -> None:
    for counting in ("best", "last", "average"):
        test = room.set_test(counting, cards=("birds/legs", "birds/height"), attempts=2, counting=counting)
        room.sit(bob, test, hours=1)
        room.sit(bob, test, hours=3, legs="blue")
    _, (row,) = room.tell("moodle")
    assert (row["best"], row["last"], row["average"]) == (100, 50, 75)
    assert room.tell("students")[1][0]["tests_percent"] == 75


def test_strangers_to_the_class_are_in_no_report(room, bob: Viewer, add_user: Callable[..., Viewer]) -> None:
    charlie = add_user("charlie")
    room.answer(charlie, "legs")
    for kind in ("students", "responses", "items"):
        assert not any(charlie.handle in map(str, row.values()) for row in room.tell(kind)[1])
    assert room.tell("items")[1] == []
