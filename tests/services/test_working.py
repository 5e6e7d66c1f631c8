"""What the working process does, all of it together."""

from collections.abc import Callable
from datetime import datetime

from plumbing.learning import load_cards, study_for_a_year

from quizapp.services import fitting, jobs, working
from quizapp.services.accounts import Viewer
from quizapp.services.fitting import FIT, FitScope
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database
from quizapp.store.tables import ClassMemberRow, ClassRow


def test_a_queued_fit_is_made_and_everybody_in_the_class_brought_to_it_later_members_too(
    sqlite_database: Database,
    add_sqlite_user: Callable[..., Viewer],
    rules: StudyRules,
    noon: datetime,
) -> None:
    load_cards(sqlite_database, "many", 60, noon)
    bob, charlie = add_sqlite_user("Bob"), add_sqlite_user("Charlie")
    with sqlite_database.writing() as session:
        study_for_a_year(session, bob, rules, noon)
        session.add(ClassRow(id=1, handle="biology", name="Biology", created_at=noon))
        session.flush()
        session.add(ClassMemberRow(class_id=1, learner_id=bob.learner_id, pseudonym="Heron", joined_at=noon))
        jobs.enqueue(session, FIT, fitting.name_job(FitScope.CLASS, 1), noon)
        session.commit()

    def work() -> None:
        kinds = working.list_kinds(sqlite_database, rules, lambda: noon)
        jobs.work(sqlite_database, kinds, lambda: noon, look_around=working.look_around, rest=lambda: False)

    work()
    with sqlite_database.writing() as session:
        assert fitting.find_fit(session, bob.learner_id).in_use is not None
        session.add(ClassMemberRow(class_id=1, learner_id=charlie.learner_id, pseudonym="Stork", joined_at=noon))
        session.commit()
    work()
    with sqlite_database.reading() as session:
        fits = [fitting.find_fit(session, who.learner_id).in_use for who in (bob, charlie)]
        assert fits[0] == fits[1]
        assert working.look_around(session, noon) == []
