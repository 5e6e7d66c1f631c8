"""Deleting a person: all of it or nothing, so that nothing names them, and the class's figures stay."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooManyAttempts
from quizapp.core.privacy.acts import Way
from quizapp.services import accounts, claims, classes, classes_passwords
from quizapp.services.accounts import Role, Viewer
from quizapp.services.privacy import audit, erasing, sweeping
from quizapp.store import privacy as store
from quizapp.store.tables import AccountRow, DraftRow, DraftVersionRow, LearnerRow, ReviewRow, SQLModel, table_of

HERE = "192.0.2.1"
CANARIES = ("Zebulon", "Quagmire", "zq@example.org", "EXT-77", "my own typed words", "a claim of mine", "phone laptop")


def _erase(room: Any, who: Viewer, days: float = 7) -> str:
    now = room.noon + timedelta(days=days)
    with room.database.writing() as session:
        person = store.find_person(session, who.learner_id)
        assert person is not None
        erased = erasing.erase_now(session, person, Way.COMMAND, None, room.rules, now)
    sweeping.scrub(room.database)
    return erased.code


def _live_a_life(room: Any, password: str) -> Viewer:
    """Somebody with a trace in as many tables as come easily."""
    bob = room.enrol(
        "Zebulon", first_name="Zebulon", last_name="Quagmire", email="zq@example.org", external_id="EXT-77"
    )
    first = room.answer(bob, "legs", "my own typed words", hours=1, shown_ms=4_000)
    room.answer(bob, "legs", "long", hours=30, shown_ms=2_000)
    room.answer(bob, "height", "50 cm", hours=2, confidence=3)
    room.answer(bob, "waiting", ["my own typed words", "prey"], hours=3)
    attempt_test = room.set_test()
    room.sit(bob, attempt_test, hours=4, short="my own typed words")
    room.count(bob)
    with room.database.writing() as session:
        claims.make_claim(session, bob, first, "note", "a claim of mine", room.noon + timedelta(hours=5))
    with room.database.writing() as session:
        accounts.sign_in(session, "Zebulon", password, HERE, room.noon + timedelta(days=1))
        accounts.create_token_for(session, "Zebulon", "phone laptop", room.noon)
    return bob


def _list_figures(room: Any) -> list[dict[str, object]]:
    """The report of the cards, but for wrong answers in students' own words."""
    return [{name: cell for name, cell in row.items() if name != "wrong_answers"} for row in room.tell("items")]


def test_nothing_names_who_was_deleted_and_the_figures_of_the_cards_stay(room: Any, password: str) -> None:
    charlie = room.enrol("Charlie", first_name="Charlie")
    for hours, response in ((1, "blue"), (2, "long")):
        room.answer(charlie, "legs", response, hours=hours)
    bob = _live_a_life(room, password)
    before = _list_figures(room)
    assert any(row["students"] == 2 for row in before)
    assert room.find(*CANARIES)
    code = _erase(room, bob)
    assert room.find(*CANARIES, bob.handle) == []
    assert _list_figures(room) == before
    for kind in ("students", "attempts", "responses"):
        assert {row["first_name"] for row in room.tell(kind)} <= {"Charlie"}
    with room.database.reading() as session:
        assert [member.name for member in classes.list_members(session, room.taught, with_left=True)] == ["Charlie"]
        _, acts = audit.list_class_acts(session, room.alice, room.taught.handle)
        every = session.execute(sa.text("SELECT act, pupil_code, learner_id FROM audit ORDER BY id")).all()
    assert acts.lines == ()
    assert [tuple(row) for row in every] == [("erased", code, None)]


def test_what_stays_of_answers_is_only_the_first_of_each_card_on_its_day_without_words(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    small_room.answer(bob, "legs", "my own typed words", hours=1)
    small_room.answer(bob, "legs", "long", hours=30)
    small_room.answer(bob, "height", "50 cm", hours=2)
    _erase(small_room, bob)
    with small_room.database.reading() as session:
        rows = session.execute(sa.select(table_of(ReviewRow)).order_by(table_of(ReviewRow).c.seq)).mappings().all()
        learners = session.execute(sa.select(table_of(LearnerRow).c.handle)).scalars().all()
    assert [json.loads(row["response"]) for row in rows] == [None, "50 cm"]
    assert {row["answered_at"].hour for row in rows} == {0}
    assert bob.handle not in learners


def test_who_was_in_no_class_or_never_answered_leaves_nothing(small_room: Any) -> None:
    stray, quiet = small_room.add_user("Stray"), small_room.enrol("Quiet")
    small_room.answer(stray, "legs", "long")
    for who in (stray, quiet):
        _erase(small_room, who)
    with small_room.database.reading() as session:
        kept = session.execute(sa.select(sa.func.count()).select_from(table_of(LearnerRow))).scalar_one()
        reviews = session.execute(sa.select(sa.func.count()).select_from(table_of(ReviewRow))).scalar_one()
    assert (kept, reviews) == (1, 0)


def test_the_figures_of_two_classes_are_kept_apart(room: Any, noon: Any) -> None:
    bob = room.enrol("Bob")
    with room.database.writing() as session:
        other = classes.create_class(session, room.alice, "Storks", noon)
    room.put_in(bob, other)
    room.answer(bob, "legs", "long")
    _erase(room, bob)
    with room.database.reading() as session:
        nobodies = session.execute(sa.text("SELECT learner_id, class_id FROM anonymous_learner")).all()
    assert len({row[0] for row in nobodies}) == 2
    assert {row[1] for row in nobodies} == {room.taught.id, other.id}


def test_sign_ins_and_tokens_end_at_once_and_the_name_is_free_again(small_room: Any, password: str) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        opened = accounts.sign_in(session, "Bob", password, HERE, small_room.noon)
        token = accounts.create_token_for(session, "Bob", "phone", small_room.noon)
    _erase(small_room, bob)
    with small_room.database.reading() as session:
        assert accounts.recognise(session, opened.token, small_room.noon) is None
        assert accounts.recognise_token(session, token, small_room.noon) is None
    assert small_room.add_user("Bob").handle != bob.handle


def test_what_a_teacher_made_stays_without_the_name(room: Any, noon: Any) -> None:
    bob = room.enrol("Bob")
    with room.database.writing() as session:
        classes_passwords.reset_password(session, room.alice, room.taught.handle, bob.handle, b"secret", noon)
        draft = DraftRow(slug="storks", title="Storks", version=1, created_at=noon, saved_at=noon)
        session.add(draft)
        session.flush()
        version = {"draft_id": draft.id, "number": 1, "packed": b"-", "digest": "-", "what": "made", "saved_at": noon}
        session.add(DraftVersionRow(**version, by_account_id=room.alice.account_id, by_name="Alice"))
        session.commit()
    room.set_test()
    code = _erase(room, room.alice)
    assert room.find("alice") == []
    with room.database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM draft")).scalar_one() == 1
        assert session.execute(sa.text("SELECT count(*) FROM assessment WHERE owner_id IS NULL")).scalar_one() == 1
        lines = audit.list_own_acts(session, bob).lines
        assert [(line.what, line.who) for line in lines] == [("Made a new start password", f"{code} (deleted since)")]


def test_asking_waits_for_the_night_after_a_week_and_can_be_taken_back(room: Any, password: str) -> None:
    bob = room.enrol("Bob")
    with room.database.writing() as session:
        asked = erasing.ask(session, bob, password, HERE, room.rules, room.noon)
        again = erasing.ask(session, bob, password, HERE, room.rules, room.noon + timedelta(days=1))
    assert again == asked
    assert timedelta(days=7) < asked.due_at - room.noon < timedelta(days=8)
    with room.database.writing() as session:
        erasing.take_back(session, bob, room.noon)
        with pytest.raises(Conflict):
            erasing.take_back(session, bob, room.noon)
        assert erasing.find_request(session, bob) is None
        acts = audit.list_own_acts(session, bob)
    assert [line.who for line in acts.lines] == ["you", "you"]


def test_a_wrong_password_does_nothing_and_is_counted(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        for _ in range(10):
            with pytest.raises(Invalid) as refused:
                erasing.ask(session, bob, "wrong", HERE, small_room.rules, small_room.noon)
            assert "password" in refused.value.fields
        with pytest.raises(TooManyAttempts):
            erasing.ask(session, bob, "wrong", HERE, small_room.rules, small_room.noon)
        assert erasing.find_request(session, bob) is None


def test_who_has_no_password_types_the_name_and_a_guest_nothing(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    with small_room.database.writing() as session:
        session.execute(sa.update(table_of(AccountRow)).values(password_hash="-"))
        session.commit()
        with pytest.raises(Invalid):
            erasing.ask(session, bob, "Alice", HERE, small_room.rules, small_room.noon)
        erasing.ask(session, bob, " bob ", HERE, small_room.rules, small_room.noon)
        guest = accounts.start_guest(session, HERE, small_room.noon).viewer
        assert erasing.ask(session, guest, "", HERE, small_room.rules, small_room.noon).name is None
        with pytest.raises(Forbidden):
            erasing.ask(session, None, "", HERE, small_room.rules, small_room.noon)


def test_an_administrator_deletes_at_once_with_their_own_password(small_room: Any, password: str) -> None:
    bob, erin = small_room.enrol("Bob"), small_room.add_user("Erin", Role.ADMIN)

    def erase(by: Viewer, name: str, said: str = password) -> object:
        with small_room.database.writing() as session:
            return erasing.erase_by_admin(session, by, name, said, HERE, small_room.rules, small_room.noon)

    for by in (bob, small_room.alice):
        with pytest.raises(NotFound):
            erase(by, "Bob")
    for name, said in (("Bob", "wrong"), ("Nobody", password), ("Erin", password)):
        with pytest.raises(Invalid):
            erase(erin, name, said)
    erase(erin, "bob")
    with small_room.database.reading() as session:
        with pytest.raises(NotFound):
            erasing.find_person(session, "Bob")
        assert erasing.find_person(session, "Erin").role == "admin"


def test_an_erasure_that_fails_in_the_middle_changes_nothing(small_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = small_room.enrol("Bob")
    small_room.answer(bob, "legs", "long")
    before = _digest(small_room)

    def fail(*_: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(erasing.erasure, "erase_learner", fail)
    with pytest.raises(RuntimeError):
        _erase(small_room, bob)
    assert _digest(small_room) == before


def _digest(room: Any) -> dict[str, list[object]]:
    with room.database.reading() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(sa.select(table)))
            for table in SQLModel.metadata.sorted_tables
        }


def test_a_wish_that_was_granted_meanwhile_is_told(
    small_room: Any, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = small_room.enrol("Bob")
    monkeypatch.setattr(erasing.store, "find_request", lambda *_: None)
    with small_room.database.writing() as session, pytest.raises(NotFound):
        erasing.ask(session, bob, password, HERE, small_room.rules, small_room.noon)
