"""What waits and what was done is read from indexes alone, however much a learner has done."""

import sqlalchemy as sa

from quizapp.store import queues
from quizapp.store.engine import Database


def test_the_answers_of_a_day_are_counted_from_an_index_alone(sqlite_database: Database) -> None:
    day = queues._DAY.statement.compile()
    values = {name: value or 0 for name, value in day.params.items()}
    with sqlite_database.reading() as session:
        plan = [row[-1] for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {day}"), values)]
    assert plan == ["SEARCH review USING COVERING INDEX ix_review_day (learner_id=? AND study_day=?)"]
