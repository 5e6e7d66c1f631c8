"""Who looked at what: seen by those concerned, and by nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.privacy.acts import Act, Way
from quizapp.services import accounts, classes
from quizapp.services.accounts import Role
from quizapp.services.privacy import audit, pages, sweeping
from quizapp.services.privacy.audit import Names
from quizapp.store import privacy_audit


def _note(room: Any, act: Act, *, hours: float = 1, by: Any = None, **names: str) -> None:
    with room.database.writing() as session:
        moment = room.noon + timedelta(hours=hours)
        audit.write_down_by_names(session, act, Way.PAGE, by or room.alice, moment, Names(**names), detail="students")


def test_each_sees_what_concerns_them(room: Any) -> None:
    bob, charlie = room.enrol("Bob"), room.enrol("Charlie")
    dana, erin = room.add_user("Dana", Role.TEACHER), room.add_user("Erin", Role.ADMIN)
    with room.database.writing() as session:
        classes.leave(session, charlie, room.taught.handle, room.noon + timedelta(hours=2))
    _note(room, Act.REPORT, taken=room.taught.handle, hours=1)
    _note(room, Act.SHEET, taken=room.taught.handle, learner=bob.handle, hours=3)
    _note(room, Act.REPORT, taken=room.taught.handle, hours=4)
    with room.database.reading() as session:
        assert [line.what for line in audit.list_own_acts(session, bob).lines] == [
            "Opened or downloaded a report of the class",
            "Opened a student’s sheet",
            "Opened or downloaded a report of the class",
        ]
        assert [line.at.hour for line in audit.list_own_acts(session, charlie).lines] == [13]
        assert audit.list_own_acts(session, dana).lines == ()
        assert [line.at.hour for line in audit.list_own_acts(session, bob, "sheet").lines] == [15]
        taught, acts = audit.list_class_acts(session, room.alice, room.taught.handle)
        assert (taught.handle, [line.whose for line in acts.lines]) == (room.taught.handle, ["", "Bob", ""])
        assert [line.who for line in acts.lines] == ["Alice"] * 3
        assert [line.whose for line in audit.list_all_acts(session, erin).lines] == ["", "Bob", ""]
        for stranger in (bob, dana):
            with pytest.raises(NotFound):
                audit.list_class_acts(session, stranger, room.taught.handle)
            with pytest.raises(NotFound):
                audit.list_all_acts(session, stranger)
        with pytest.raises(Forbidden):
            audit.list_own_acts(session, None)
        with pytest.raises(NotFound):
            audit.list_own_acts(session, bob, "nonsense")


def test_where_a_class_goes_by_pseudonyms_so_do_the_acts(small_room: Any) -> None:
    bob, erin = small_room.enrol("Bob"), small_room.add_user("Erin", Role.ADMIN)
    _note(small_room, Act.SHEET, taken=small_room.taught.handle, learner=bob.handle)
    with small_room.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE class SET pseudonymous = 1")
        session.commit()
    with small_room.database.reading() as session:
        _, acts = audit.list_class_acts(session, erin, small_room.taught.handle)
        assert acts.lines[0].whose not in ("", "Bob")
        assert audit.list_all_acts(session, erin).lines[0].whose == "a student"


def test_acts_on_oneself_are_not_written_down_and_attempts_lead_to_their_student(small_room: Any) -> None:
    bob = small_room.enrol("Bob")
    test = small_room.set_test()
    attempt = small_room.begin(bob, test)
    _note(small_room, Act.LOOKED, test=test, attempt=attempt)
    _note(small_room, Act.LOOKED, test=test, attempt=attempt, by=bob)
    _note(small_room, Act.SLIPS, taken=small_room.taught.handle, learner="nobody")
    _note(small_room, Act.REPORT, assignment="there is none")
    with small_room.database.reading() as session:
        _, acts = audit.list_class_acts(session, small_room.alice, small_room.taught.handle)
    assert [(line.what, line.whose) for line in acts.lines] == [
        ("Opened the sign-in slips", ""),
        ("Looked at a student’s page", "Bob"),
    ]


def test_a_long_list_has_pages(small_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = small_room.enrol("Bob")
    monkeypatch.setattr(audit, "PAGE", 2)
    monkeypatch.setattr(privacy_audit, "PAGE", 2)
    for hour in range(3):
        _note(small_room, Act.REPORT, taken=small_room.taught.handle, hours=hour)
    with small_room.database.reading() as session:
        first = audit.list_own_acts(session, bob)
        assert (len(first.lines), first.older is not None) == (2, True)
        rest = audit.list_own_acts(session, bob, before=first.older)
        assert (len(rest.lines), rest.older) == (1, None)


def test_the_pages_tell_who_will_be_deleted(small_room: Any, password: str) -> None:
    bob, charlie, erin = small_room.enrol("Bob"), small_room.enrol("Charlie"), small_room.add_user("Erin", Role.ADMIN)
    with small_room.database.writing() as session:
        guest = accounts.start_guest(session, "192.0.2.1", small_room.noon).viewer
        sweeping.choose(session, "learners", 100)
        sweeping.erasing.ask(session, bob, password, "192.0.2.1", small_room.rules, small_room.noon)
        sweeping.sweep_store.note_last_seen(session)
        session.commit()
    later = small_room.noon + timedelta(days=80)
    with small_room.database.reading() as session:
        own = pages.view_own(session, bob, later)
        assert (own.request is not None, own.days, own.wait, own.by_password) == (True, 100, 7, True)
        assert pages.view_own(session, small_room.alice, later).ends_at is None
        assert pages.view_own(session, guest, later).ends_at == later + timedelta(days=365)
        shown = pages.view_class(session, small_room.alice, small_room.taught.handle, later)
        assert [student.name for student in shown.asked] == ["Bob"]
        assert {student.name for student in shown.unseen} == {"Bob", "Charlie"}
        early = pages.view_class(session, small_room.alice, small_room.taught.handle, small_room.noon)
        assert early.unseen == ()
        assert [one.name for one in pages.view_school(session, erin).requests] == ["Bob"]
        for stranger in (None, charlie, small_room.alice):
            with pytest.raises(NotFound):
                pages.view_school(session, stranger)
    with small_room.database.writing() as session:
        sweeping.choose_all(session, erin, {"tell": 0, "learners": 0})
        with pytest.raises(NotFound):
            sweeping.choose_all(session, small_room.alice, {"tell": 1})
    with small_room.database.reading() as session:
        shown = pages.view_class(session, small_room.alice, small_room.taught.handle, later)
        assert (shown.asked, shown.unseen) == ((), ())
