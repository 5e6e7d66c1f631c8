"""Suggestions for a draft: taken, left, brought back, by its authors alone."""

from collections.abc import Callable
from datetime import datetime

import pytest

from quizapp.core.deck.drafting import read_passages
from quizapp.core.deck.drafting.hook import read_answer
from quizapp.core.errors import NotFound
from quizapp.services import authoring, drafting
from quizapp.services.accounts import Role, Viewer
from quizapp.services.authoring import Author
from quizapp.services.library import InputFile, load_files
from quizapp.store.engine import Database

HEAD = "---\nid: {id}\ntitle: {title}\nlanguage: {language}\nkind: article\n---\n\n"
WALL = "The old wall fell down in 1989. Spain sold the ship in order to pay its debts. Nobody saw Ada Lovelace there.\n"


def _file(name: str, text: str, language: str = "en") -> InputFile:
    head = HEAD.format(id=name, title=name.title(), language=language)
    return InputFile(f"{name}.md", (head + text).encode())


@pytest.fixture
def texts(library_database: Database, noon: datetime) -> Database:
    """A library with a text to draft from, one in German, and one about nothing."""
    files = [_file("wall", WALL), _file("mauer", "Die Mauer fiel 1989.\n", "de"), _file("rain", "It rained.\n")]
    with library_database.writing() as session:
        assert load_files(session, files, [], noon).problems == ()
    return library_database


@pytest.fixture
def author_of(library_add_user: Callable[..., Viewer]) -> Callable[[str], Author]:
    """Make a teacher: ``author_of("Alice")``."""

    def make(name: str) -> Author:
        viewer = library_add_user(name, Role.TEACHER)
        assert viewer.account_id is not None
        return Author(viewer.account_id, name, is_admin=False)

    return make


@pytest.fixture
def alice(author_of: Callable[[str], Author]) -> Author:
    """Alice, who writes the deck."""
    return author_of("Alice")


@pytest.fixture
def slug(texts: Database, alice: Author, noon: datetime) -> str:
    """Alice's empty draft about the wall."""
    with texts.writing() as session:
        return authoring.start_draft(session, alice, "Walls", "en", "history", ["wall"], noon)


def _board(database: Database, author: Author, slug: str, **more: object) -> drafting.Board:
    with database.reading() as session:
        return drafting.load_board(session, author, slug, more.pop("source", "wall"), **more)  # type: ignore[arg-type]


def test_the_board_shows_what_the_rules_suggest(texts: Database, alice: Author, slug: str) -> None:
    board = _board(texts, alice, slug)
    assert [one.kind for one in board.suggestions] == ["date", "name", "motive", "name"]
    assert (board.total, board.counts) == (4, {"date": 1, "name": 2, "motive": 1})
    assert (board.page, board.pages, board.left, board.taken, board.kind) == (1, 1, (), 0, None)
    assert board.knows_language


def test_one_kind_can_be_asked_for_and_pages_are_kept_in_bounds(texts: Database, alice: Author, slug: str) -> None:
    board = _board(texts, alice, slug, kind="date", page=7)
    assert [one.kind for one in board.suggestions] == ["date"]
    assert (board.kind, board.page, board.total) == ("date", 1, 1)
    assert _board(texts, alice, slug, kind="nonsense").total == 4


def test_a_text_without_anything_to_ask_and_one_in_another_language(texts: Database, alice: Author, slug: str) -> None:
    assert _board(texts, alice, slug, source="rain").total == 0
    german = _board(texts, alice, slug, source="mauer")
    assert (german.total, german.knows_language) == (1, False)


def test_what_is_taken_becomes_cards_of_the_draft_and_is_not_shown_again(
    texts: Database, alice: Author, slug: str, noon: datetime
) -> None:
    keys = [one.key for one in _board(texts, alice, slug).suggestions[:2]]
    with texts.writing() as session:
        made = drafting.take(session, alice, slug, "wall", [*keys, "no-such-key"], noon)
    with texts.reading() as session:
        draft = authoring.load_draft(session, alice, slug)
    assert draft.deck is not None
    assert [card.id for card in draft.deck.cards] == made
    assert len(made) == 2
    assert not draft.is_published
    board = _board(texts, alice, slug)
    assert (board.total, board.taken, board.left) == (2, 2, ())


def test_a_form_sent_twice_takes_a_suggestion_once(texts: Database, alice: Author, slug: str, noon: datetime) -> None:
    key = _board(texts, alice, slug).suggestions[0].key
    for expected in (1, 0):
        with texts.writing() as session:
            assert len(drafting.take(session, alice, slug, "wall", [key, key], noon)) == expected
    with texts.reading() as session:
        assert authoring.load_draft(session, alice, slug).version == 2


def test_what_is_left_is_remembered_and_can_be_brought_back(
    texts: Database, alice: Author, slug: str, noon: datetime
) -> None:
    first, second = (one.key for one in _board(texts, alice, slug).suggestions[:2])
    with texts.writing() as session:
        assert drafting.leave(session, alice, slug, "wall", [first, second], noon) == 2
    with texts.writing() as session:
        assert drafting.leave(session, alice, slug, "wall", [first], noon) == 1
    board = _board(texts, alice, slug)
    assert ([one.key for one in board.left], board.total) == ([first, second], 2)
    with texts.writing() as session:
        assert drafting.bring_back(session, alice, slug, "wall", [first, "no-such-key"]) == 1
    board = _board(texts, alice, slug)
    assert ([one.key for one in board.left], board.total) == ([second], 3)


def test_what_is_taken_stays_taken(texts: Database, alice: Author, slug: str, noon: datetime) -> None:
    key = _board(texts, alice, slug).suggestions[0].key
    with texts.writing() as session:
        drafting.take(session, alice, slug, "wall", [key], noon)
    with texts.writing() as session:
        assert drafting.leave(session, alice, slug, "wall", [key], noon) == 0
    with texts.writing() as session:
        assert drafting.bring_back(session, alice, slug, "wall", [key]) == 0
    assert _board(texts, alice, slug).taken == 1


def test_other_drafts_of_the_text_keep_their_suggestions(
    texts: Database, alice: Author, slug: str, noon: datetime
) -> None:
    with texts.writing() as session:
        other = authoring.start_draft(session, alice, "Other walls", "en", "history", ["wall"], noon)
    with texts.writing() as session:
        drafting.leave(session, alice, slug, "wall", [one.key for one in _board(texts, alice, slug).suggestions], noon)
    assert (_board(texts, alice, slug).total, _board(texts, alice, other).total) == (0, 4)


def test_a_stranger_finds_nothing_and_changes_nothing(
    texts: Database, alice: Author, slug: str, author_of: Callable[[str], Author], noon: datetime
) -> None:
    dana, key = author_of("Dana"), _board(texts, alice, slug).suggestions[0].key
    for source in ("wall", "no-such-text", "../x"):
        with texts.reading() as session, pytest.raises(NotFound):
            drafting.load_board(session, dana if source == "wall" else alice, slug, source)
    with texts.reading() as session, pytest.raises(NotFound):
        drafting.list_texts(session, dana, slug)
    with texts.reading() as session, pytest.raises(NotFound):
        drafting.prepare_question(session, dana, slug, "wall")
    for use in (drafting.take, drafting.leave):
        with texts.writing() as session, pytest.raises(NotFound):
            use(session, dana, slug, "wall", [key], noon)
    with texts.writing() as session, pytest.raises(NotFound):
        drafting.bring_back(session, dana, slug, "wall", [key])
    assert _board(texts, alice, slug).total == 4


def test_the_texts_of_the_deck_are_offered_first(texts: Database, alice: Author, slug: str) -> None:
    with texts.reading() as session:
        draft, choices = drafting.list_texts(session, alice, slug)
    assert draft.slug == slug
    assert (choices[0].id, choices[0].listed) == ("wall", True)
    assert {choice.id for choice in choices} >= {"mauer", "rain", "wall"}


def _keep(texts: Database, alice: Author, slug: str, quote: str, now: datetime) -> None:
    with texts.reading() as session:
        source = drafting.prepare_question(session, alice, slug, "wall")
    card = '{"type": "short", "prompt": "What fell?", "answer": "The wall"}'
    data = f'{{"suggestions": [{{"paragraph": 1, "kind": "name", "quote": "{quote}", "card": {card}}}]}}'
    answered = read_answer(data.encode(), source, read_passages(source))
    with texts.writing() as session:
        drafting.keep_answer(session, alice, slug, source, answered.suggestions, now)


def test_a_models_suggestions_are_shown_taken_and_replaced(
    texts: Database, alice: Author, slug: str, noon: datetime
) -> None:
    _keep(texts, alice, slug, "The old wall", noon)
    board = _board(texts, alice, slug)
    (by_model,) = [one for one in board.suggestions if one.sort == "model"]
    assert (board.total, by_model.parts[1]) == (5, "The old wall")
    with texts.writing() as session:
        assert len(drafting.take(session, alice, slug, "wall", [by_model.key], noon)) == 1
    _keep(texts, alice, slug, "wall fell down", noon)
    (again,) = [one for one in _board(texts, alice, slug).suggestions if one.sort == "model"]
    assert again.parts[1] == "wall fell down"
    _keep(texts, alice, slug, "no such words", noon)
    assert _board(texts, alice, slug).total == 4


@pytest.mark.parametrize("text", ["The new wall stands.\n", "It rained.\n\nThe old wall fell.\n"])
def test_a_models_suggestion_whose_quote_is_gone_is_not_shown(
    texts: Database, alice: Author, slug: str, noon: datetime, text: str
) -> None:
    _keep(texts, alice, slug, "The old wall", noon)
    with texts.writing() as session:
        load_files(session, [_file("wall", text)], [], noon)
    assert not [one for one in _board(texts, alice, slug).suggestions if one.sort == "model"]
