"""What students tell their teachers: made once, changed, withdrawn, and seen by the right people only."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing import samples
from sqlmodel import Session

from quizapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.services import claims, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.claims import NOTE, RIGHT, Desk
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import ClaimRow, ClassMemberRow, ClassRow, ClassTeacherRow

AddUser = Callable[..., Viewer]


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., str]:
    """Answer a card and give the answer's key: ``answer(bob, "legs", "very tall")``."""

    def give(who: Viewer, card: str, response: object = None, rating: int | None = None) -> str:
        given = samples.WRONG[card] if response is None else response
        submission = Submission("birds", card, 1, given, rating=rating)
        with library_database.writing() as session:
            return study.answer_card(session, who, submission, str(uuid.uuid4()), rules, noon).key

    return give


@pytest.fixture
def tell(library_database: Database, noon: datetime) -> Callable[..., ClaimRow]:
    """Claim something: ``tell(bob, key, RIGHT, "because")``."""

    def make(who: Viewer, key: str, kind: str = RIGHT, text: str = "", minutes: int = 0) -> object:
        with library_database.writing() as session:
            return claims.make_claim(session, who, key, kind, text, noon + timedelta(minutes=minutes))

    return make


@pytest.fixture
def desk(library_database: Database) -> Callable[..., Desk]:
    """What a teacher finds: ``desk(alice, settled=True)``."""

    def read(teacher: Viewer | None, **more: object) -> Desk:
        with library_database.reading() as session:
            return claims.read_desk(session, teacher, **more)

    return read


def _make_class(session: Session, name: str, teacher: Viewer, *students: Viewer, at: datetime, **more: object) -> None:
    row = ClassRow(handle=str(uuid.uuid4()), name=name, created_at=at, **more)
    session.add(row)
    session.flush()
    session.add(ClassTeacherRow(class_id=row.id, account_id=teacher.account_id, added_at=at))
    for student in students:
        called = {"pseudonym": f"Heron {student.learner_id}", "joined_at": at}
        session.add(ClassMemberRow(class_id=row.id, learner_id=student.learner_id, **called))
    session.commit()


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(ClaimRow)).scalar_one()


def test_a_claim_is_kept_with_the_students_words(library_database, library_add_user, answer, tell, noon) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, "legs", "thin")
    made = tell(bob, key, RIGHT, "  Thin is long.\r\nIs it not? ")
    assert (made.text, made.outcome, made.kind) == ("Thin is long.\nIs it not?", "", RIGHT)
    with library_database.reading() as session:
        assert claims.find_claims(session, bob.learner_id, key) == claims.Claims(right=made)
        [own] = claims.list_own(session, bob.learner_id, noon)
        assert (own.claim, own.result.key) == (made, key)


def test_claiming_again_changes_the_words_and_nothing_else(library_database, library_add_user, answer, tell) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, "legs", "thin")
    first = tell(bob, key)
    assert tell(bob, key.upper(), minutes=5) == first
    again = tell(bob, key, text="Look at line 1.", minutes=9)
    assert (again.handle, again.made_at, again.text) == (first.handle, first.made_at, "Look at line 1.")
    assert _count(library_database) == 1


def test_a_claim_and_a_note_on_the_same_answer_stand_beside_each_other(
    library_database, library_add_user, answer, tell
) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, "legs", "thin")
    right, note = tell(bob, key), tell(bob, key, NOTE, "I always forget this one.")
    with library_database.reading() as session:
        assert claims.find_claims(session, bob.learner_id, key) == claims.Claims(right, note)
        assert claims.find_claims(session, None, key) == claims.Claims()


def test_withdrawing_takes_the_claim_off_the_desk_and_may_be_repeated(
    library_database, library_add_user, answer, tell, desk
) -> None:
    bob, alice = library_add_user("Bob"), library_add_user("Alice", Role.TEACHER)
    key = answer(bob, "legs", "thin")
    tell(bob, key)
    assert desk(alice).open == 1
    for _ in range(2):
        with library_database.writing() as session:
            claims.withdraw_claim(session, bob, key, RIGHT)
    assert (desk(alice).open, _count(library_database)) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [(NOTE, "", "text"), (NOTE, " \n ", "text"), (RIGHT, "x" * 501, "text"), (NOTE, "a\x00b", "text")],
)
def test_words_that_cannot_be_taken_are_refused(library_add_user, answer, tell, kind, text, field) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, "legs", "thin")
    with pytest.raises(Invalid) as caught:
        tell(bob, key, kind, text)
    assert list(caught.value.fields) == [field]


def test_500_characters_are_taken_however_the_browser_ends_its_lines(library_add_user, answer, tell) -> None:
    bob = library_add_user("Bob")
    key = answer(bob, "legs", "thin")
    assert tell(bob, key, NOTE, "x\r\n" * 249 + "xx").text.count("\n") == 249


def test_what_counts_as_right_or_was_rated_by_the_learner_is_not_claimed(library_add_user, answer, tell) -> None:
    bob = library_add_user("Bob")
    for key in (answer(bob, "legs", "long"), answer(bob, "name", rating=1)):
        with pytest.raises(Conflict):
            tell(bob, key)
        assert tell(bob, key, NOTE, "The picture is too dark.").kind == NOTE


def test_an_answer_that_was_taken_back_is_not_claimed_and_leaves_the_desk(
    library_database, library_add_user, answer, tell, desk, noon, rules: StudyRules
) -> None:
    bob, alice = library_add_user("Bob"), library_add_user("Alice", Role.TEACHER)
    key = answer(bob, "legs", "thin")
    tell(bob, key)
    with library_database.writing() as session:
        study.undo_answer(session, bob.learner_id, key, noon, rules=rules)
    assert desk(alice).claims == ()
    with pytest.raises(Conflict):
        tell(bob, key, NOTE, "Something.")


def test_nobody_claims_for_another(library_database, library_add_user, answer, tell) -> None:
    bob, charlie = library_add_user("Bob"), library_add_user("Charlie")
    key = answer(bob, "legs", "thin")
    for who, wanted, kind in ((charlie, key, RIGHT), (bob, str(uuid.uuid4()), RIGHT), (bob, key, "other")):
        with pytest.raises(NotFound):
            tell(who, wanted, kind)
    with pytest.raises(NotFound), library_database.writing() as session:
        claims.withdraw_claim(session, charlie, key, RIGHT)
    with library_database.reading() as session:
        assert claims.find_claims(session, charlie.learner_id, key) == claims.Claims()


def test_a_desk_is_not_flooded(library_database, library_add_user, answer, tell) -> None:
    bob = library_add_user("Bob")
    keys = [answer(bob, "legs", f"thin {number}") for number in range(claims.MOST_OPEN + 1)]
    for key in keys[:-1]:
        tell(bob, key)
    with pytest.raises(Conflict):
        tell(bob, keys[-1])
    with library_database.writing() as session:
        claims.withdraw_claim(session, bob, keys[0], RIGHT)
    assert tell(bob, keys[-1]).review_key == keys[-1]


def test_claims_go_to_the_teachers_of_the_students_classes(
    library_database, library_add_user, answer, tell, desk, noon
) -> None:
    alice, dana = library_add_user("Alice", Role.TEACHER), library_add_user("Dana", Role.TEACHER)
    bob, charlie = library_add_user("Bob"), library_add_user("Charlie")
    for student in (bob, charlie):
        tell(student, answer(student, "legs", "thin"))
    assert (desk(alice).open, desk(dana).open) == (2, 2)  # of students in no class, every teacher reads
    with library_database.writing() as session:
        _make_class(session, "4a", alice, bob, at=noon)
    assert {each.student for each in desk(alice).claims} == {"Bob", "Charlie"}
    assert [each.student for each in desk(dana).claims] == ["Charlie"]
    assert desk(library_add_user("Erin", Role.ADMIN)).open == 2


@pytest.mark.parametrize("ended", [ClassMemberRow.left_at, ClassRow.archived_at])
def test_a_student_who_left_the_class_belongs_to_every_teacher_again(
    library_database, library_add_user, answer, tell, desk, noon, ended
) -> None:
    alice, dana, bob = (
        library_add_user("Alice", Role.TEACHER),
        library_add_user("Dana", Role.TEACHER),
        library_add_user("Bob"),
    )
    tell(bob, answer(bob, "legs", "thin"))
    with library_database.writing() as session:
        _make_class(session, "4a", alice, bob, at=noon)
        session.execute(sa.update(ended.class_).values({ended.key: noon}))
        session.commit()
    assert desk(dana).open == 1


def test_a_class_that_keeps_its_names_keeps_them_from_everybody_but_its_teachers(
    library_database, library_add_user, answer, tell, desk, noon
) -> None:
    alice, erin, bob = (
        library_add_user("Alice", Role.TEACHER),
        library_add_user("Erin", Role.ADMIN),
        library_add_user("Bob"),
    )
    tell(bob, answer(bob, "legs", "thin"))
    with library_database.writing() as session:
        _make_class(session, "4a", alice, bob, at=noon, pseudonymous=True)
    assert [each.student for each in desk(alice).claims] == ["Bob"]
    assert [each.student for each in desk(erin).claims] == [f"Heron {bob.learner_id}"]


def test_only_teachers_have_a_desk(library_add_user, desk) -> None:
    for nobody in (None, library_add_user("Bob"), Viewer(1, "guest")):
        with pytest.raises(Forbidden):
            desk(nobody)


def test_an_empty_desk_has_one_empty_page(library_add_user, desk) -> None:
    alice = library_add_user("Alice", Role.TEACHER)
    assert desk(alice, page=99) == Desk(0, 0, 1, 1, ())
    assert desk(alice, settled=True, page=-3) == Desk(0, 0, 1, 1, ())


def test_a_long_desk_comes_in_pages_with_the_longest_waiting_first(library_add_user, answer, tell, desk) -> None:
    bob, alice = library_add_user("Bob"), library_add_user("Alice", Role.TEACHER)
    keys = [answer(bob, "legs", f"thin {number}") for number in range(claims.PAGE + 1)]
    for number, key in enumerate(reversed(keys)):
        tell(bob, key, minutes=number)
    first, second = desk(alice), desk(alice, page=2)
    assert (first.pages, len(first.claims), len(second.claims)) == (2, claims.PAGE, 1)
    assert first.claims[0].claim.review_key == keys[-1]
    assert second.claims[0].claim.review_key == keys[0]


def test_the_desk_says_how_many_others_answered_the_same(library_add_user, answer, tell, desk) -> None:
    alice, bob, charlie, evelyn = (
        library_add_user("Alice", Role.TEACHER),
        *(library_add_user(name) for name in ("Bob", "Charlie", "Evelyn")),
    )
    tell(bob, answer(bob, "legs", "Thin!"))
    answer(bob, "legs", "thin")
    tell(charlie, answer(charlie, "legs", " the thin "))
    answer(evelyn, "legs", "THIN")
    answer(evelyn, "legs", "blue")
    assert [(each.others, each.alike) for each in desk(alice).claims] == [(2, 1), (2, 1)]


@pytest.mark.parametrize("card", [card for card in samples.WRONG if card != "name"])
def test_every_kind_of_answer_can_be_claimed_and_counted(library_add_user, answer, tell, desk, card) -> None:
    alice, bob, charlie = library_add_user("Alice", Role.TEACHER), library_add_user("Bob"), library_add_user("Charlie")
    tell(bob, answer(bob, card))
    answer(charlie, card)
    [found] = desk(alice).claims
    assert (found.others, found.alike, found.result.slug) == (1, 0, card)
    assert bool(found.suggestion) == (card in ("legs", "waiting"))


def test_a_note_on_a_flashcard_counts_nobody(library_add_user, answer, tell, desk) -> None:
    alice, bob, charlie = library_add_user("Alice", Role.TEACHER), library_add_user("Bob"), library_add_user("Charlie")
    tell(bob, answer(bob, "name", rating=1), NOTE, "Too easy.")
    answer(charlie, "name", rating=3)
    [found] = desk(alice).claims
    assert (found.others, found.alike, found.suggestion) == (0, 0, "")
