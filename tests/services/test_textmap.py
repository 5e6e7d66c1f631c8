"""The map of a text for a class: its own students only, by name or pseudonym, and nobody else's business."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from plumbing import samples

from quizapp.core.errors import Forbidden, NotFound
from quizapp.services import classes, classes_settings, study, textmap
from quizapp.services.accounts import Role, Viewer
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.services.textmap import TextMap
from quizapp.store.engine import Database

DAY = timedelta(days=1)


@pytest.fixture
def alice(library_add_user: Callable[..., Viewer]) -> Viewer:
    """She teaches."""
    return library_add_user("Alice", Role.TEACHER)


@pytest.fixture
def bob(library_add_user: Callable[..., Viewer]) -> Viewer:
    """He studies in her class."""
    return library_add_user("Bob")


@pytest.fixture
def handle(library_database: Database, alice: Viewer, bob: Viewer, noon: datetime) -> str:
    """Alice's class, with Bob in it."""
    with library_database.writing() as session:
        made = classes.create_class(session, alice, "Birds", noon)
        classes.add_member(session, made, bob.learner_id, bob.handle, noon)
    return made.handle


@pytest.fixture
def answer(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., None]:
    """Answer a card: ``answer(bob, "legs", right=False)``."""

    def give(who: Viewer, card: str, *, right: bool, rating: int | None = None) -> None:
        response = (samples.RIGHT if right else samples.WRONG)[card]
        submission = Submission("birds", card, 1, response, rating=rating, confidence=3)
        with library_database.writing() as session:
            study.answer_card(session, who, submission, str(uuid.uuid4()), rules, noon)

    return give


@pytest.fixture
def draw(library_database: Database, rules: StudyRules, noon: datetime) -> Callable[..., TextMap]:
    """The map as somebody sees it: ``draw(alice, handle, at="1.1")``."""

    def read(who: Viewer | None, handle: str, source: str = "herons", days: int = 0, **more: str | bool) -> TextMap:
        with library_database.reading() as session:
            return textmap.read_text_map(session, who, handle, source, rules, noon + days * DAY, **more)

    return read


def test_a_sentence_fades_as_the_days_go_by(draw, alice: Viewer, handle: str, bob: Viewer, answer) -> None:
    answer(bob, "legs", right=True)
    fresh, later = draw(alice, handle, at="1.1"), draw(alice, handle, at="1.1", days=30)
    assert fresh.panel is not None
    assert later.panel is not None
    assert fresh.panel.sentence.met == later.panel.sentence.met == 1
    assert 1 >= (fresh.panel.sentence.recall or 0) > (later.panel.sentence.recall or 0) > 0
    assert (fresh.weak, later.weak, later.teach) == (0, 1, ())
    later = draw(alice, handle, days=30, to_teach=True)
    assert [panel.sentence.handle for panel in later.teach] == ["1.1"]
    assert {card.card for card in fresh.panel.cards} == {"height", "legs", "name"}
    assert fresh.coverage.asked > fresh.coverage.met > 0
    assert [each.handle for each in fresh.sentences][:2] == ["1.1", "2.1"]
    assert len(fresh.sentences) == fresh.coverage.sentences


def test_a_sentence_shows_who_had_which_wrong_answer_and_how_sure(
    draw, alice: Viewer, handle: str, bob: Viewer, answer
) -> None:
    answer(bob, "height", right=False)
    answer(bob, "name", right=False, rating=1)
    panel = draw(alice, handle, at="1.1").panel
    cards = {card.card: card for card in panel.cards}
    assert [(line.text, line.students, line.sure) for line in cards["height"].wrong] == [("50 cm", ("Bob",), 1)]
    assert cards["name"].forgot == ("Bob",)
    assert cards["legs"].recall is None
    blanks = draw(alice, handle, at="2.2").panel
    assert "…" in blanks.cards[0].prompt


def test_the_same_wrong_answer_of_several_students_is_one_line(
    draw,
    alice: Viewer,
    handle: str,
    bob: Viewer,
    answer,
    library_database: Database,
    library_add_user: Callable[..., Viewer],
    noon: datetime,
) -> None:
    charlie = library_add_user("Charlie")
    with library_database.writing() as session:
        taught = classes.load_taught_class(session, alice, handle)
        classes.add_member(session, taught, charlie.learner_id, charlie.handle, noon)
    answer(bob, "height", right=False)
    answer(charlie, "height", right=False)
    cards = {card.card: card for card in draw(alice, handle, at="1.1").panel.cards}
    (line,) = cards["height"].wrong
    assert (line.text, set(line.students)) == ("50 cm", {"Bob", "Charlie"})


def test_only_the_students_of_the_class_count(
    draw, alice: Viewer, handle: str, library_add_user: Callable[..., Viewer], answer
) -> None:
    charlie = library_add_user("Charlie")
    answer(charlie, "legs", right=False)
    drawn = draw(alice, handle, at="1.1")
    assert drawn.coverage.met == 0
    assert drawn.panel is not None
    assert all(not card.wrong for card in drawn.panel.cards)
    with pytest.raises(NotFound):
        draw(alice, handle, student=charlie.handle)


def test_one_student_has_a_map_too(
    draw,
    library_database: Database,
    alice: Viewer,
    handle: str,
    bob: Viewer,
    answer,
    noon: datetime,
    library_add_user: Callable[..., Viewer],
) -> None:
    charlie = library_add_user("Charlie")
    with library_database.writing() as session:
        taught = classes.load_taught_class(session, alice, handle)
        classes.add_member(session, taught, charlie.learner_id, charlie.handle, noon)
    answer(charlie, "legs", right=False)
    answer(bob, "legs", right=True)
    drawn = draw(alice, handle, at="1.1", student=bob.handle)
    assert drawn.member is not None
    assert drawn.member.name == "Bob"
    assert drawn.panel is not None
    assert drawn.panel.sentence.met == 1
    assert all(not card.wrong for card in drawn.panel.cards)
    assert draw(alice, handle, at="1.1").panel.sentence.met == 2


def test_names_stay_hidden_where_the_class_goes_by_pseudonyms(
    draw,
    library_database: Database,
    alice: Viewer,
    handle: str,
    bob: Viewer,
    answer,
    library_add_user: Callable[..., Viewer],
) -> None:
    answer(bob, "height", right=False)
    with library_database.writing() as session:
        classes_settings.change_class(session, alice, handle, "Birds", pseudonymous=True)
    head = library_add_user("Head", Role.ADMIN)
    assert "Bob" not in repr(draw(head, handle, at="1.1"))
    assert "Bob" in repr(draw(alice, handle, at="1.1"))


def test_strangers_find_no_map(
    draw, library_database: Database, alice: Viewer, handle: str, bob: Viewer, library_add_user: Callable[..., Viewer]
) -> None:
    dana = library_add_user("Dana", Role.TEACHER)
    for who, error in [(dana, NotFound), (bob, NotFound), (None, Forbidden)]:
        with pytest.raises(error):
            draw(who, handle)
        with library_database.reading() as session, pytest.raises(error):
            textmap.list_maps(session, who, handle)
    for source in ["no-such-text", "No slug!"]:
        with pytest.raises(NotFound):
            draw(alice, handle, source)
    assert draw(alice, handle, at="99.99").panel is None


def test_the_list_has_the_texts_that_cards_cite(library_database: Database, alice: Viewer, handle: str) -> None:
    with library_database.reading() as session:
        _, lines = textmap.list_maps(session, alice, handle)
    assert [(line.id, line.cards) for line in lines] == [("herons", 8)]
