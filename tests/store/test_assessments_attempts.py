"""Attempts that go with a guest into an account."""

from datetime import UTC, datetime

from quizapp.store import accounts, assessments
from quizapp.store import assessments_attempts as store
from quizapp.store.assessments_attempts import AttemptRecord, NewQuestion
from quizapp.store.engine import Database
from quizapp.store.tables import CardRevisionRow, CardRow, DeckRow, known_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _add_question(database: Database) -> NewQuestion:
    with database.writing() as session:
        deck = DeckRow(slug="birds", title="Birds", language="en", theme="nature", digest="", loaded_at=NOW)
        session.add(deck)
        session.flush()
        card = CardRow(deck_id=known_id(deck.id), slug="legs", position=1, revision=1)
        session.add(card)
        session.flush()
        revision = CardRevisionRow(
            card_id=known_id(card.id), number=1, type="short", digest="", body="{}", created_at=NOW
        )
        session.add(revision)
        session.flush()
        made = NewQuestion(known_id(card.id), known_id(revision.id), "{}")
        session.commit()
    return made


def test_a_guests_attempts_become_the_accounts_after_its_own(database: Database) -> None:
    question = _add_question(database)
    with database.writing() as session:
        guest, holder = (accounts.add_learner(session, handle, NOW) for handle in ("guest", "holder"))
        test = {"handle": "a-test", "title": "Herons", "plan": "{}", "created_at": NOW, "by_link": True, "holds": False}
        test_id = assessments.add_assessment(session, test | {"version": 1})
        for learner, handle in ((guest, "of-the-guest"), (holder, "of-the-holder")):
            store.add_attempt(session, AttemptRecord(learner, handle, test_id, 1, "", NOW), [question] * 2)
        (attempt,) = store.list_attempts_of(session, guest)
        store.write_answer(session, attempt, 2, {"typed": '"long"', "version": 1})
        store.move_attempts(session, guest, holder)
        store.move_attempts(session, guest, holder)
        session.commit()
    with database.reading() as session:
        assert store.list_attempts_of(session, guest) == []
        moved = store.list_attempts_of(session, holder)
        assert [(one.handle, one.number) for one in moved] == [("of-the-holder", 1), ("of-the-guest", 2)]
        assert [one.typed for one in store.list_questions(session, moved[1])] == ["", '"long"']
