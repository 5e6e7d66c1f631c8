"""A card of a test is put right: the scores of those who sat it follow, and nothing is told that the test hides."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.assessments.answers import Given
from quizapp.core.assessments.plan import Feedback, Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import Window
from quizapp.core.learning.grading import Verdict
from quizapp.core.reports.definitions import Kind
from quizapp.services import claims, classes, memory, settling
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assessments import counting, editing, finishing, results, sitting
from quizapp.services.assessments.editing import Draft
from quizapp.services.assessments.sitting import Save
from quizapp.services.authoring import Author, load_draft, publish
from quizapp.services.authoring.cardhistory import load_card_history
from quizapp.services.authoring.editing import save_card
from quizapp.services.authoring.history import take_over
from quizapp.services.authoring.publishing import preview_publish
from quizapp.services.privacy.exporting import Subject, stream_export
from quizapp.services.reports.making import make_report
from quizapp.services.rules import StudyRules
from quizapp.store.engine import Database
from quizapp.store.tables import AttemptQuestionRow, ReviewRow, table_of

SECRET = b"a secret for tests only"
LATER = timedelta(hours=1)
_review = table_of(ReviewRow).c
TWO = Plan(cards=("birds/legs", "birds/height"), shuffle_questions=False)


class Desk:
    """Alice writes the birds and sets tests of them; Bob and Mia sit them."""

    def __init__(self, database: Database, rules: StudyRules, noon: datetime, add: Callable[..., Viewer]) -> None:
        self.database, self.rules, self.noon = database, rules, noon
        self.teacher, self.bob, self.mia = add("Alice", Role.TEACHER), add("Bob"), add("Mia")
        assert self.teacher.account_id is not None
        self.alice = Author(self.teacher.account_id, "Alice", is_admin=False)
        with database.writing() as session:
            self.taught = classes.create_class(session, self.teacher, "Year 7", noon)
            for who in (self.bob, self.mia):
                classes.add_member(session, self.taught, who.learner_id, who.handle, noon)
            take_over(session, self.alice, "birds", noon)

    def set_test(self, plan: Plan = TWO, window: Window | None = None, teacher: Viewer | None = None) -> str:
        who = teacher or self.teacher
        link = who is not self.teacher
        with self.database.writing() as session:
            draft = Draft("Herons", plan, window or Window(), "" if link else self.taught.handle, by_link=link)
            handle = editing.create_test(session, who, draft, self.noon)
            editing.publish_test(session, who, handle, self.noon)
        return handle

    def begin(self, handle: str, who: Viewer | None = None) -> str:
        person = who or self.bob
        with self.database.reading() as session:
            drawn = sitting.draw_attempt(session, person, handle, bytes(16), self.rules)
        with self.database.writing() as session:
            return sitting.begin_attempt(session, person, handle, drawn, self.noon)

    def _make(self, position: int, response: str, confidence: int | None = None) -> Save:
        return Save(position, Stamp("11111111-1111", position, 0), lambda _: Given(response, response), confidence)

    def save(self, attempt: str, *responses: str, who: Viewer | None = None) -> None:
        saves = [self._make(place, said) for place, said in enumerate(responses, start=1) if said]
        with self.database.writing() as session:
            sitting.save_answers(session, who or self.bob, attempt, saves, self.noon)

    def check(self, attempt: str, position: int, response: str, after: timedelta = timedelta(0)) -> Verdict:
        with self.database.writing() as session:
            save = self._make(position, response)
            return sitting.check_answer(session, self.bob, attempt, save, self.noon + after).verdict

    def hand_in(self, handle: str, attempt: str, who: Viewer | None = None, after: timedelta = timedelta(0)) -> None:
        with self.database.writing() as session:
            sitting.hand_in(session, who or self.bob, handle, attempt, self.noon + after)

    def sit(self, handle: str, *responses: str, who: Viewer | None = None) -> str:
        attempt = self.begin(handle, who)
        self.save(attempt, *responses, who=who)
        self.hand_in(handle, attempt, who)
        self.tidy(who)
        return attempt

    def tidy(self, who: Viewer | None = None, after: timedelta = timedelta(0)) -> None:
        with self.database.writing() as session:
            found = finishing.list_untidy_of_learner(session, (who or self.bob).learner_id, self.noon + after)
            session.rollback()
            for assessment, attempt in found:
                finishing.tidy_attempt(session, assessment, attempt, self.rules, self.noon + after)

    def change(self, card_id: str = "legs", author: Author | None = None, **fields: Any) -> None:
        who = author or self.alice
        with self.database.writing() as session:
            draft = load_draft(session, who, "birds")
            card = draft.content.find(card_id)
            assert card is not None
            changed = type(card).model_validate(card.model_dump() | fields)
            save_card(session, who, "birds", changed, card_id, draft.version, self.noon)

    def publish(self, after: timedelta = LATER, **again: bool) -> None:
        with self.database.writing() as session:
            publish(session, self.alice, "birds", self.noon + after, again=again or {"legs": True}, rules=self.rules)

    def preview(self, card: str = "legs") -> Any:
        with self.database.reading() as session:
            return preview_publish(session, self.alice, "birds", SECRET).regrades[card]

    def history(self, card: str = "legs") -> Any:
        with self.database.reading() as session:
            return load_card_history(session, self.alice, "birds", card, SECRET).regrades

    def result(self, handle: str, attempt: str, who: Viewer | None = None, after: timedelta = LATER) -> Any:
        with self.database.reading() as session:
            return results.view_own_result(session, who or self.bob, handle, attempt, self.noon + after)

    def shares(self, handle: str) -> dict[str, float | None]:
        with self.database.reading() as session:
            lines = results.view_report(session, self.teacher, handle).lines
        return {line.student.name: line.share for line in lines}

    def report(self, kind: Kind) -> list[dict[str, Any]]:
        with self.database.writing() as session:
            taught = classes.load_taught_class(session, self.teacher, self.taught.handle)
            report = make_report(session, taught, kind, self.rules, self.noon + LATER)
            names = [column.name for column in report.columns]
            return [dict(zip(names, row, strict=True)) for row in report.rows]

    def revisions(self, attempt: str) -> list[int]:
        with self.database.reading() as session:
            asked = table_of(AttemptQuestionRow).c
            rows = session.execute(
                sa.select(asked.revision_id).where(asked.attempt == attempt).order_by(asked.position)
            )
            return list(rows.scalars())


@pytest.fixture
def desk(
    library_database: Database,
    rules: StudyRules,
    noon: datetime,
    library_add_user: Callable[..., Viewer],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """A teacher with a deck of her own and a class."""
    monkeypatch.setattr("quizapp.services.accounts.hash_password", str)  # nobody signs in here, and hashing is slow
    return Desk(library_database, rules, noon, library_add_user)


def test_the_score_of_a_handed_in_test_follows_a_card_that_is_put_right(desk: Desk) -> None:
    handle = desk.set_test()
    bobs, mias = desk.sit(handle, "thin", "100 cm"), desk.sit(handle, "long", "100 cm", who=desk.mia)
    assert desk.shares(handle) == {"Bob": 0.5, "Mia": 1.0}
    desk.change(answer="thin", accept=[])
    seen = desk.preview()
    told = {(one.student, one.title, one.number, one.points_before, one.points_after) for one in seen.tests}
    assert told == {("Bob", "Herons", 1, 1.0, 2.0), ("Mia", "Herons", 1, 2.0, 1.0)}
    assert (seen.tests_changed, seen.tests_elsewhere, seen.tests_open, seen.answers) == (2, 0, 0, 2)
    assert desk.shares(handle) == {"Bob": 0.5, "Mia": 1.0}  # looking changes nothing
    desk.publish()
    assert desk.shares(handle) == {"Bob": 1.0, "Mia": 0.5}
    mine = desk.result(handle, bobs)
    assert (mine.share, mine.mistakes, mine.questions[0].right_answer) == (1.0, (), "thin")
    assert desk.result(handle, mias, desk.mia).mistakes == ("birds/legs",)
    with desk.database.writing() as session:
        assert memory.rebuild_states(session, desk.rules, dry_run=True).differences == ()


def test_the_reports_and_the_item_analysis_follow(desk: Desk) -> None:
    handle = desk.set_test()
    desk.sit(handle, "thin", "100 cm")
    desk.sit(handle, "long", "100 cm", who=desk.mia)
    desk.change(answer="thin", accept=[])
    desk.publish()
    attempts = {row["last_name"]: row for row in desk.report(Kind.ATTEMPTS)}
    assert {name: row["points"] for name, row in attempts.items()} == {"Bob": 2, "Mia": 1}
    legs = {row["last_name"]: row for row in desk.report(Kind.RESPONSES) if row["item_id"] == "birds/legs"}
    assert {name: (row["score"], row["verdict"], row["correct_answer"]) for name, row in legs.items()} == {
        "Bob": (1, "right", "thin"),
        "Mia": (0, "wrong", "thin"),
    }
    assert {row["last_name"]: row["tests_percent"] for row in desk.report(Kind.STUDENTS)} == {"Bob": 100, "Mia": 50}
    canvas = {row["Student"]: row["Herons"] for row in desk.report(Kind.CANVAS)}
    assert (canvas["Bob"], canvas["Mia"]) == (2, 1)
    assert {row["Last name"]: row["Herons"] for row in desk.report(Kind.MOODLE)} == {"Bob": 100, "Mia": 50}
    items = [row for row in desk.report(Kind.ITEMS) if row["item_id"] == "birds/legs"]
    assert [(row["item_version"], row["students"], row["right"]) for row in items] == [(2, 2, 1)]


def test_a_question_stays_one_item_with_those_who_are_as_wrong_as_before_or_left_it_out(desk: Desk) -> None:
    handle = desk.set_test()
    same = desk.sit(handle, "blue", "100 cm")
    desk.sit(handle, "", "100 cm", who=desk.mia)
    desk.change(answer="thin", accept=[])
    assert (desk.preview().same, desk.preview().tests) == (1, ())
    desk.publish()
    items = [row for row in desk.report(Kind.ITEMS) if row["item_id"] == "birds/legs"]
    assert [(row["item_version"], row["students"], row["omitted"], row["right"]) for row in items] == [(2, 2, 1, 0)]
    assert desk.result(handle, same).questions[0].right_answer == "thin"
    assert (desk.history()[0].count, desk.history()[0].changed, desk.history()[0].tests) == (0, (), ())
    with desk.database.reading() as session:
        key = counting.make_key(SECRET, same, 1)
        revision = session.execute(sa.select(_review.revision_id).where(_review.key == key)).scalar_one()
    assert revision == desk.revisions(same)[0]


def test_points_by_confidence_follow_too(desk: Desk) -> None:
    handle = desk.set_test(TWO.model_copy(update={"confidence": True}))
    attempt = desk.begin(handle)
    with desk.database.writing() as session:
        saves = [desk._make(1, "thin", 3), desk._make(2, "100 cm", 2)]
        sitting.save_answers(session, desk.bob, attempt, saves, desk.noon)
    desk.hand_in(handle, attempt)
    assert desk.result(handle, attempt).attempt.points == 0
    desk.change(answer="thin", accept=[])
    desk.publish()
    assert (desk.result(handle, attempt).attempt.points, desk.result(handle, attempt).attempt.most_points) == (5, 6)


def test_an_answer_that_changes_without_changing_the_score_is_told_as_an_answer_alone(desk: Desk) -> None:
    handle = desk.set_test(TWO.model_copy(update={"confidence": True}))
    attempt = desk.begin(handle)
    with desk.database.writing() as session:
        sitting.save_answers(
            session, desk.bob, attempt, [desk._make(1, "long", 1), desk._make(2, "50 cm", 3)], desk.noon
        )
    desk.hand_in(handle, attempt)
    desk.change(answer="thin", accept=[])
    assert (desk.preview().worse, desk.preview().tests) == (1, ())  # sure and wrong: no points before either
    desk.publish()
    assert (desk.history()[0].count, desk.history()[0].tests) == (1, ())


@pytest.mark.parametrize("again", [True, False])
def test_a_result_that_is_kept_back_follows_and_stays_kept_back(desk: Desk, again: bool) -> None:
    due = desk.noon + timedelta(days=2)
    handle = desk.set_test(TWO.model_copy(update={"feedback": Feedback.AFTER_DUE}), Window(due=due))
    attempt = desk.sit(handle, "thin", "100 cm")
    desk.change(answer="thin", accept=[])
    assert [(one.points_before, one.points_after) for one in desk.preview().tests] == [(1, 2)]
    assert [(one.student, one.response) for one in desk.preview().changed] == [("Bob", "thin")]
    desk.publish(legs=again)
    assert not desk.result(handle, attempt).shown
    with desk.database.reading() as session:
        own = results.view_own_test(session, desk.bob, handle, desk.noon + LATER)
        archive = b"".join(stream_export(session, Subject(desk.bob.learner_id, None), desk.noon + LATER))
    assert own.share is None
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        told = json.loads(files.read("regraded_answers.json"))
    assert told == []
    desk.tidy(after=timedelta(days=3))  # after the due date the answers go into the log, by the words that count
    after = desk.result(handle, attempt, after=timedelta(days=3))
    assert after.share == (1.0 if again else 0.5)
    with desk.database.reading() as session:
        key = counting.make_key(SECRET, attempt, 1)
        scores = session.execute(sa.select(_review.score).where(_review.key == key)).scalars().all()
        archive = b"".join(stream_export(session, Subject(desk.bob.learner_id, None), desk.noon + LATER))
    assert scores == [1.0 if again else 0.0]
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert len(json.loads(files.read("regraded_answers.json"))) == again


def test_what_a_teacher_settled_stays(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.sit(handle, "stilts", "100 cm")
    key = counting.make_key(SECRET, attempt, 1)
    with desk.database.writing() as session:
        claim = claims.make_claim(session, desk.bob, key, "right", "They are.", desk.noon)
        settling.settle_claim(
            session, desk.teacher, claim.handle, accept=True, rules=desk.rules, now=desk.noon + timedelta(minutes=1)
        )
    assert desk.result(handle, attempt).share == 1.0
    desk.change(answer="thin", accept=[])
    seen = desk.preview()
    assert (seen.unread, seen.tests) == (1, ())
    desk.publish()
    after = desk.result(handle, attempt)
    assert (after.share, after.questions[0].grade.verdict) == (1.0, Verdict.RIGHT)


def test_an_option_that_the_card_has_no_more_keeps_its_score(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.sit(handle, "long", "100 cm")
    before = desk.revisions(attempt)
    desk.change("height", answer="90 cm", wrong=[{"text": "200 cm"}])
    assert desk.preview("height").unread == 1
    desk.publish(height=True)
    assert desk.result(handle, attempt).share == 1.0
    assert desk.revisions(attempt) == before


def test_an_attempt_under_way_is_graded_by_the_new_answer_at_its_end(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.begin(handle)
    desk.save(attempt, "thin", "100 cm")
    mias = desk.begin(handle, desk.mia)
    desk.change(answer="thin", accept=[])
    seen = desk.preview()
    assert (seen.answers, seen.tests_open, seen.tests) == (0, 2, ())
    desk.publish()
    desk.change(prompt="What are its legs like?")
    desk.publish(after=2 * LATER)  # a change of words alone decides nothing about answers
    desk.hand_in(handle, attempt, after=3 * LATER)
    desk.hand_in(handle, mias, desk.mia, after=3 * LATER)
    found = desk.result(handle, attempt, after=3 * LATER)
    assert (found.share, found.questions[0].right_answer) == (1.0, "thin")
    assert desk.result(handle, mias, desk.mia, after=3 * LATER).questions[0].right_answer == "thin"
    desk.tidy(after=3 * LATER)
    assert desk.shares(handle)["Bob"] == 1.0
    assert desk.history()[0].tests == ()


def test_an_attempt_under_way_keeps_its_words_where_old_answers_are_left(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.begin(handle)
    desk.save(attempt, "thin", "100 cm")
    desk.change(answer="thin", accept=[])
    desk.publish(legs=False)
    desk.hand_in(handle, attempt, after=LATER)
    assert desk.result(handle, attempt).share == 0.5


def test_an_open_answer_that_the_new_card_cannot_read_is_graded_by_the_words_it_was_asked_with(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.begin(handle)
    desk.save(attempt, "long", "100 cm")
    desk.change("height", answer="90 cm", wrong=[{"text": "200 cm"}])
    desk.publish(height=True)
    desk.hand_in(handle, attempt, after=LATER)
    assert desk.result(handle, attempt).share == 1.0


def test_an_answer_that_was_checked_at_once_is_graded_again_in_the_open_attempt(desk: Desk) -> None:
    handle = desk.set_test(TWO.model_copy(update={"feedback": Feedback.AT_ONCE}))
    attempt = desk.begin(handle)
    assert desk.check(attempt, 1, "thin") is Verdict.WRONG
    desk.change(answer="thin", accept=[])
    assert (desk.preview().better, desk.preview().tests, desk.preview().tests_open) == (1, (), 1)
    desk.publish()
    with desk.database.reading() as session:
        settled = results.list_settled(session, desk.bob, handle, attempt)
    assert settled[1].grade is not None
    assert (settled[1].grade.verdict, settled[1].right_answer) == (Verdict.RIGHT, "thin")
    assert desk.check(attempt, 1, "thin", LATER) is Verdict.RIGHT  # the same again, from a page that is still open
    desk.hand_in(handle, attempt, after=2 * LATER)
    assert desk.result(handle, attempt).share == 0.5
    assert desk.history()[0].tests == ()  # its score came later


def test_an_answer_that_is_checked_after_the_change_is_graded_by_it(desk: Desk) -> None:
    handle = desk.set_test(TWO.model_copy(update={"feedback": Feedback.AT_ONCE}))
    attempt = desk.begin(handle)
    desk.change(answer="thin", accept=[])
    desk.publish()
    assert desk.check(attempt, 1, "thin", LATER) is Verdict.RIGHT
    with desk.database.reading() as session:
        settled = results.list_settled(session, desk.bob, handle, attempt)
    assert settled[1].right_answer == "thin"


def test_the_log_says_which_scores_changed_decision_by_decision(desk: Desk) -> None:
    handle = desk.set_test()
    attempt = desk.sit(handle, "thin", "50 cm")
    desk.change(answer="thin", accept=[])
    desk.change("height", answer="50 cm", wrong=[{"text": "100 cm"}, {"text": "200 cm"}])
    desk.publish(legs=True, height=True)
    desk.change(answer="slim", accept=[])
    desk.publish(after=2 * LATER)
    key = counting.make_key(SECRET, attempt, 1)
    with desk.database.writing() as session:
        claim = claims.make_claim(session, desk.bob, key, "right", "It was right.", desk.noon + 3 * LATER)
        settling.settle_claim(
            session, desk.teacher, claim.handle, accept=True, rules=desk.rules, now=desk.noon + 3 * LATER
        )
    told = [[(one.student, one.points_before, one.points_after) for one in made.tests] for made in desk.history()]
    both = sorted(
        [*told[1], *[(one.student, one.points_before, one.points_after) for one in desk.history("height")[0].tests]]
    )
    assert told[0] == [("Bob", 2, 1)]
    assert both == [("Bob", 0, 1), ("Bob", 1, 2)]
    assert desk.shares(handle)["Bob"] == 1.0


def test_answers_that_are_not_in_the_log_yet_are_explained_in_the_card_s_history(desk: Desk) -> None:
    plan = TWO.model_copy(update={"feedback": Feedback.NEVER})
    handle = desk.set_test(plan)
    desk.sit(handle, "thin", "100 cm")
    desk.change(answer="thin", accept=[])
    desk.publish()
    made = desk.history()[0]
    assert [(one.student, one.response, one.verdict_before, one.verdict_after) for one in made.changed] == [
        ("Bob", "thin", "wrong", "right")
    ]
    assert [(one.points_before, one.points_after) for one in made.tests] == [(1, 2)]
    assert made.count == 1


def test_tests_of_other_teachers_follow_and_are_counted_without_names(
    desk: Desk, library_add_user: Callable[..., Viewer]
) -> None:
    carla = library_add_user("Carla", Role.TEACHER)
    plan = TWO.model_copy(update={"feedback": Feedback.NEVER})
    handle = desk.set_test(plan, teacher=carla)
    attempt = desk.sit(handle, "thin", "100 cm")
    desk.change(answer="thin", accept=[])
    seen = desk.preview()
    assert (seen.tests, seen.tests_elsewhere, seen.changed, seen.better) == ((), 1, (), 1)
    desk.publish()
    with desk.database.reading() as session:
        assert results.view_taught_result(session, carla, handle, attempt).share == 1.0
    made = desk.history()[0]
    assert (made.count, made.changed, made.tests) == (1, (), ())


def test_a_second_grading_again_changes_nothing_more(desk: Desk) -> None:
    handle = desk.set_test()
    desk.sit(handle, "thin", "100 cm")
    desk.change(answer="thin", accept=[])
    desk.publish()
    desk.change(accept=["slender"])
    assert (desk.preview().same, desk.preview().tests) == (1, ())
    desk.publish(after=2 * LATER)
    assert desk.shares(handle)["Bob"] == 1.0
    assert [made.count for made in desk.history()] == [0, 1]
