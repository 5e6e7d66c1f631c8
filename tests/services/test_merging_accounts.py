"""Two accounts of one learner become one: nothing lost, nothing doubled, and refused where it would be wrong."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.identities import Identity
from quizapp.core.learning.choices import Choices
from quizapp.core.learning.practice import PracticeChoice
from quizapp.core.privacy.acts import Act, Way
from quizapp.services import accounts, claims, classes, merging_accounts, oidc, practice, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.assignments import calendar
from quizapp.services.memory import rebuild_states
from quizapp.services.merging_accounts import Merged
from quizapp.services.privacy import audit, erasing, exporting
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store import logs, merging, settings
from quizapp.store.engine import Database
from quizapp.store.merging import Belongings
from quizapp.store.tables import SQLModel

AddUser = Callable[..., Viewer]
HERE = "192.0.2.1"
PASSWORD = "three grey herons"
MOVED = {
    *("class_member", "audit", "review", "claim", "exam_plan", "practice", "practice_answer", "attempt"),
    *("regraded_answer", "assignment_student", "assignment_change", "last_seen"),
}
COUNTED_AGAIN = {"card_state", "deck_progress", "due_count"}
ENDED = {"account", "sign_in", "exam_forecast", "reschedule", "erasure_request", "anonymous_learner"}
ACCOUNTS_OWN = {
    *("access_token", "sign_in", "pending_sign_in", "recovery_code", "second_factor", "start_password"),
    *("report_file", "upload"),
}


class Two:
    """Bob, who registered a second time as Robert; and short words for what is done with them."""

    def __init__(self, database: Database, rules: StudyRules, add_user: AddUser, noon: datetime) -> None:
        self.database, self.rules, self.noon = database, rules, noon
        self.alice, self.bob, self.robert = add_user("Alice", Role.TEACHER), add_user("Bob"), add_user("Robert")

    def give(self, who: Viewer, card: str, response: object, now: datetime, key: str = "") -> str:
        """Answer a card; gives the key."""
        with self.database.writing() as session:
            submission = Submission("birds", card, 1, response)
            return study.answer_card(session, who, submission, key or str(uuid.uuid4()), self.rules, now).key

    def merge(self, keep: str = "Bob", gone: str = "Robert", *, dry_run: bool = False) -> Merged:
        """Merge the two."""
        with self.database.writing() as session:
            return merging_accounts.merge_accounts(session, keep, gone, self.rules, self.noon, dry_run=dry_run)

    def join(self, name: str, *members: Viewer) -> str:
        """A class of Alice's with these students; gives its handle."""
        with self.database.writing() as session:
            taken = classes.create_class(session, self.alice, name, self.noon)
            for who in members:
                classes.add_member(session, taken, who.learner_id, who.handle, self.noon)
        return taken.handle

    def select(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(sa.text(query), values)]

    def change(self, query: str, **values: object) -> None:
        """Change rows of the database."""
        with self.database.writing() as session:
            session.execute(sa.text(query), values)
            session.commit()

    def digest(self) -> dict[str, list[str]]:
        """All that is in the database."""
        with self.database.reading() as session:
            tables = SQLModel.metadata.sorted_tables
            return {
                table.name: sorted(map(repr, map(tuple, session.execute(sa.select(table)).all()))) for table in tables
            }


@pytest.fixture
def two(library_database: Database, rules: StudyRules, add_user: AddUser, noon: datetime) -> Two:
    """Bob and Robert, and Alice, who teaches."""
    return Two(library_database, rules, add_user, noon)


def test_both_logs_are_one_in_the_order_of_time_and_the_memory_is_that_of_one_learner(two: Two) -> None:
    noon, day = two.noon, timedelta(days=1)
    keys = [
        two.give(two.bob, "height", "100 cm", noon - 9 * day),
        two.give(two.robert, "height", "50 cm", noon - 8 * day),
        two.give(two.robert, "legs", "long", noon - 7 * day),
        two.give(two.bob, "height", "100 cm", noon - 4 * day),
    ]
    merged = two.merge()
    assert (merged.kept, merged.gone, merged.moved.answers, merged.repeated) == ("Bob", "Robert", 2, 0)
    with two.database.writing() as session:
        log = logs.list_reviews(session, two.bob.learner_id)
        assert [(review.key, review.seq) for review in log] == list(zip(keys, (1, 2, 3, 4), strict=True))
        assert [review.state_before for review in log] == ["", log[0].state_after, "", log[1].state_after]
        assert rebuild_states(session, two.rules, dry_run=True).differences == ()


def test_the_account_that_ends_leaves_nothing_behind(two: Two) -> None:
    two.give(two.robert, "height", "100 cm", two.noon)
    with two.database.writing() as session:
        opened = accounts.sign_in(session, "Robert", PASSWORD, HERE, two.noon)
        token = accounts.create_token_for(session, "Robert", "phone", two.noon)
    two.merge(" bob ", "ROBERT")
    with two.database.writing() as session:
        assert accounts.recognise(session, opened.token, two.noon) is None
        assert accounts.recognise_token(session, token, two.noon) is None
        with pytest.raises(Invalid):
            accounts.sign_in(session, "Robert", PASSWORD, HERE, two.noon)
        assert accounts.sign_in(session, "Bob", PASSWORD, HERE, two.noon).viewer == two.bob
    assert two.select("SELECT id FROM learner WHERE handle = :handle", handle=two.robert.handle) == []


def test_a_dry_run_says_the_same_and_changes_nothing(two: Two) -> None:
    two.join("7b", two.robert)
    key = two.give(two.robert, "height", "50 cm", two.noon)
    with two.database.writing() as session:
        claims.make_claim(session, two.robert, key, "right", "It says so.", two.noon)
        choice = PracticeChoice(decks=("birds",))
        practice.start_practice(session, two.robert, choice, str(uuid.uuid4()), two.rules, two.noon)
    before = two.digest()
    said = two.merge(dry_run=True)
    assert said.moved == Belongings(answers=1, practice=1, attempts=0, claims=1, plans=0, classes=1)
    assert two.digest() == before
    assert two.merge() == said
    assert two.digest() != before


def test_an_answer_sent_under_both_names_is_kept_once_with_what_hangs_on_it(two: Two) -> None:
    key = str(uuid.uuid4())
    for who in (two.bob, two.robert):
        two.give(who, "height", "50 cm", two.noon, key)
        with two.database.writing() as session:
            claims.make_claim(session, who, key, "right", who.name or "", two.noon)
    assert two.merge().repeated == 1
    assert two.select("SELECT text FROM claim WHERE learner_id = :id", id=two.bob.learner_id) == [("Bob",)]
    assert len(two.select("SELECT key FROM review")) == 1


def test_what_was_chosen_stays_that_of_the_account_that_stays(two: Two) -> None:
    with two.database.writing() as session:
        settings.write_choices(session, two.bob.learner_id, Choices(desired_retention=0.95).to_json())
        theirs = Choices(desired_retention=0.8, timezone="Asia/Kathmandu")
        settings.write_choices(session, two.robert.learner_id, theirs.to_json())
        session.commit()
    two.merge()
    with two.database.reading() as session:
        kept = Choices.from_json(settings.read_choices(session, two.bob.learner_id))
    assert kept == Choices(desired_retention=0.95, timezone="Asia/Kathmandu")


def test_classes_of_either_are_those_of_the_one(two: Two) -> None:
    only, both, left = two.join("7b", two.robert), two.join("7c", two.bob, two.robert), two.join("7d", two.robert)
    with two.database.writing() as session:
        classes.remove_member(session, two.alice, left, two.robert.handle, two.noon + timedelta(hours=1))
    member = "FROM class_member JOIN class ON class.id = class_id"
    pseudonyms = dict(two.select(f"SELECT handle, pseudonym {member} WHERE learner_id = :id", id=two.robert.learner_id))
    own = two.select(f"SELECT pseudonym {member} WHERE learner_id = :id", id=two.bob.learner_id)
    assert two.merge().moved.classes == 2
    found = two.select(f"SELECT handle, learner_id, pseudonym, left_at {member}")
    assert {(handle, learner) for handle, learner, _, _ in found} == {
        (handle, two.bob.learner_id) for handle in (only, both, left)
    }
    shown = {handle: (pseudonym, gone is not None) for handle, _, pseudonym, gone in found}
    assert shown == {only: (pseudonyms[only], False), both: (own[0][0], False), left: (pseudonyms[left], True)}


@pytest.mark.parametrize(
    ("bob_left", "robert_left", "left"), [(None, None, None), (5, None, None), (None, 5, None), (5, 7, 7), (7, 5, 7)]
)
def test_one_membership_of_two_is_the_longer_and_keeps_what_either_tells(
    two: Two, bob_left: int | None, robert_left: int | None, left: int | None
) -> None:
    two.join("7b", two.bob, two.robert)
    for who, at, joined, number in ((two.bob, bob_left, 4, ""), (two.robert, robert_left, 3, "4711")):
        two.change(
            "UPDATE class_member SET left_at = :at, joined_at = :joined, external_id = :number, last_name = :name"
            " WHERE learner_id = :id",
            at=at,
            joined=joined,
            number=number,
            name=who.name,
            id=who.learner_id,
        )
    two.merge()
    kept = two.select("SELECT learner_id, joined_at, left_at, external_id, last_name FROM class_member")
    assert kept == [(two.bob.learner_id, 3, left, "4711", "Bob")]


def test_groups_move_and_nobody_waits_for_a_class_they_are_in(two: Two) -> None:
    handle = two.join("7b", two.robert)
    (class_id,) = two.select("SELECT id FROM class WHERE handle = :handle", handle=handle)[0]
    two.change(
        "INSERT INTO class_group (class_id, handle, name, name_key) VALUES (:c, 'g', 'Blue', 'blue')", c=class_id
    )
    two.change("INSERT INTO class_group_member SELECT id, :id FROM class_group", id=two.robert.learner_id)
    two.change("INSERT INTO class_request VALUES (:c, :id, 'Bob', 1)", c=class_id, id=two.bob.learner_id)
    two.merge()
    assert two.select("SELECT learner_id FROM class_group_member") == [(two.bob.learner_id,)]
    assert two.select("SELECT learner_id FROM class_request") == []


def test_of_what_there_can_be_one_alone_that_of_the_account_that_stays_wins(two: Two) -> None:
    for who, percent, seen in ((two.bob, 125, 3), (two.robert, 150, 9)):
        two.change(
            "INSERT INTO accommodation (learner_id, time_percent, set_by, set_at) VALUES (:id, :percent, NULL, 1)",
            id=who.learner_id,
            percent=percent,
        )
        two.change("INSERT INTO last_seen VALUES (:id, :at)", id=who.learner_id, at=seen)
    with two.database.writing() as session:
        calendar.make_feed(session, two.robert, two.rules.secret, two.noon)
    two.merge()
    assert two.select("SELECT learner_id, time_percent FROM accommodation") == [(two.bob.learner_id, 125)]
    assert two.select("SELECT learner_id, at FROM last_seen") == [(two.bob.learner_id, 9)]
    assert two.select("SELECT learner_id FROM calendar_feed") == [(two.bob.learner_id,)]


def test_it_is_written_down_and_the_acts_about_both_are_about_the_one(two: Two) -> None:
    two.give(two.robert, "height", "100 cm", two.noon)
    with two.database.writing() as session:
        audit.write_down(session, Act.SHEET, Way.PAGE, two.alice, two.noon, learner_id=two.robert.learner_id)
        audit.write_down(session, Act.DOWNLOADED, Way.PAGE, two.robert, two.noon, learner_id=two.robert.learner_id)
        session.commit()
    two.merge()
    acts = two.select("SELECT act, way, detail, learner_id, by_account_id FROM audit ORDER BY id")
    bob = two.bob.learner_id
    assert acts == [
        ("sheet", "page", "", bob, two.alice.account_id),
        ("downloaded", "page", "", bob, two.bob.account_id),
        ("merged", "command", "1", bob, None),
    ]
    with two.database.reading() as session:
        shown = audit.list_own_acts(session, two.bob)
    assert shown.lines[0].what == "Put two accounts of one person together"


def test_the_schools_sign_in_opens_the_account_that_stays(two: Two) -> None:
    identity = Identity("https://sign-in.school.example", "4711", "Bobby", None)
    with two.database.writing() as session:
        oidc.sign_in(session, identity, HERE, two.noon)
    assert two.merge("Bob", "Bobby").school
    with two.database.writing() as session:
        assert oidc.sign_in(session, identity, HERE, two.noon).viewer == two.bob


def test_who_are_two_people_to_the_schools_sign_in_are_not_merged(two: Two) -> None:
    with two.database.writing() as session:
        for number, name in (("4711", "Bobby"), ("4712", "Rob")):
            oidc.sign_in(session, Identity("https://sign-in.school.example", number, name, None), HERE, two.noon)
    before = two.digest()
    with pytest.raises(Conflict, match="two people"):
        two.merge("Bobby", "Rob")
    assert two.digest() == before


def test_one_account_is_not_two_and_a_name_must_be_known(two: Two) -> None:
    with pytest.raises(Invalid, match="one account already"):
        two.merge("Bob", "BOB")
    for names in (("Bob", "Nobody"), ("Nobody", "Bob")):
        with pytest.raises(NotFound, match="“Nobody”"):
            two.merge(*names)


@pytest.mark.parametrize("names", [("Bob", "Alice"), ("Alice", "Bob")])
def test_who_teaches_a_class_is_merged_with_nobody(two: Two, names: tuple[str, str]) -> None:
    assert two.merge("Bob", "Alice", dry_run=True).moved.classes == 0  # a teacher with nothing of hers would be
    two.join("7b")
    with pytest.raises(Conflict, match="“Alice” teaches a class"):
        two.merge(*names)


@pytest.mark.parametrize("who", ["Bob", "Robert"])
def test_who_asked_to_be_deleted_is_merged_only_when_the_wish_is_taken_back(two: Two, who: str) -> None:
    person = two.bob if who == "Bob" else two.robert
    with two.database.writing() as session:
        erasing.ask(session, person, PASSWORD, HERE, two.rules, two.noon)
    with pytest.raises(Conflict, match=f"“{who}” has asked to be deleted"):
        two.merge()
    with two.database.writing() as session:
        erasing.take_back(session, person, two.noon)
    two.merge()


def test_what_is_one_learners_can_be_handed_out_and_deleted_as_ever(two: Two) -> None:
    two.join("7b", two.bob, two.robert)
    two.give(two.robert, "height", "100 cm", two.noon)
    two.give(two.bob, "legs", "long", two.noon)
    two.merge()
    with two.database.writing() as session:
        person = erasing.find_person(session, "Bob")
        whose = exporting.begin_command(session, person, two.noon)
        assert b"".join(exporting.stream_export(session, whose, two.noon))
        erasing.erase_now(session, person, Way.COMMAND, None, two.rules, two.noon)
    assert two.select("SELECT name FROM account") == [("Alice",)]


def test_every_column_that_leads_to_a_learner_or_an_account_has_a_fate() -> None:
    free = {table.name for table in merging.WHERE_FREE}
    fates = (free, MOVED, COUNTED_AGAIN, ENDED)
    assert sum(map(len, fates)) == len(set().union(*fates))
    leading = {
        (table.name, key.column.table.name, key.ondelete, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("learner", "account")
    }
    assert {table for table, to, _, _ in leading if to == "learner"} == set().union(*fates), "say what a merge does"
    owned = {(column.table.name, column.name) for column in (*merging.OWNED, *merging.OF_ACCOUNT)}
    ended = {(name, "account_id") for name in ACCOUNTS_OWN}
    going = {(table, name) for table, to, on_delete, name in leading if to == "account" and on_delete == "CASCADE"}
    assert going <= owned | ended, "say what a merge does"
