"""The judge is Anki itself: what we write is imported, shown, studied and exported there, and comes back whole."""

from collections.abc import Callable
from pathlib import Path

import pytest
from anki.collection import (
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportLogWithChanges,
)
from anki.notes import Note

from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.anki import read, write, write_new
from quizapp.core.exchange.model import ImportOptions, PastReview
from quizapp.core.exchange.registry import WriteDated

_REVIEWS = (
    PastReview("front-and-back", 1_700_000_000_000, 3, 1_500),
    PastReview("front-and-back", 1_700_100_000_000, 4, None),
    PastReview("year", 1_700_000_000_500, 1, 2_000),
)
_AT = 1_764_000_000_000


def _import(collection: Collection, folder: Path, data: bytes) -> ImportLogWithChanges:
    path = folder / "ours.apkg"
    path.write_bytes(data)
    options = ImportAnkiPackageOptions(with_scheduling=True)
    return collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))


def _export(
    collection: Collection, folder: Path, *, legacy: bool, scheduling: bool = True, media: bool = True
) -> bytes:
    path = folder / "theirs.apkg"
    options = ExportAnkiPackageOptions(
        with_scheduling=scheduling, with_deck_configs=scheduling, with_media=media, legacy=legacy
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path.read_bytes()


def _study(collection: Collection, deck_name: str, times: int) -> list[tuple[str, int]]:
    """Answer cards as Anki brings them; gives the names of their note types and the ratings."""
    collection.decks.select(collection.decks.id_for_name(deck_name) or 1)
    answered = []
    for number in range(times):
        queued = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
        card = collection.get_card(queued.card.id)
        card.start_timer()
        answer = collection.sched.build_answer(card=card, states=queued.states, rating=number % 4)
        collection.sched.answer_card(answer)
        answered.append((card.note_type()["name"], number % 4 + 1))
    return answered


WRITERS = pytest.mark.parametrize("write_deck", [write, write_new])


@WRITERS
def test_anki_takes_every_card_and_finds_nothing_to_repair(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes], write_deck: WriteDated
) -> None:
    log = _import(collection, tmp_path, write_deck(deck, media, _REVIEWS, at_ms=_AT).data).log

    assert (len(log.new), len(log.updated), len(log.conflicting), len(log.duplicate)) == (10, 0, 0, 0)
    assert collection.decks.id_for_name("All kinds: a deck")
    assert (tmp_path / "collection.media" / "map.png").read_bytes() == media["map.png"]
    _, is_sound = collection.fix_integrity()
    assert is_sound


@WRITERS
@pytest.mark.parametrize(
    ("card_id", "front", "back"),
    [
        (
            "front-and-back",
            ["<strong>bold</strong>", '<img src="map.png"', r"\(x^{2}\)"],
            ["Strong", "[anki:play:a:0]"],
        ),
        ("choose-one", ["Choose one.", "<li>A &amp; b</li>", "C &lt;i&gt;"], ["Not &amp; never"]),
        ("choose-many", ["Choose all that are right.", "<li>D</li>"], ["<ul><li>A</li><li>B</li></ul>"]),
        ("it-is-so", ["Water is wet.", "True or false?"], ["<hr id=answer>\nTrue"]),
        ("year", ["In which year?", "[[type:Back]]"], ["[[type:Back]]", "MCMXCI"]),
        ("gaps", ["Fill in", "[...]</span> ended in", r"\(\frac{a}{b}\)"], [">Soviet Union<", "a:&#58;b", "USSR"]),
        ("row", ["Put in order", "<li>three</li>"], ["<ol><li>one</li><li>two</li><li>three</li></ol>"]),
        ("pairs", ["Match", "<li>c</li>", "<li>2</li>"], ["<tr><td>c</td><td>1</td></tr>"]),
    ],
)
def test_anki_shows_each_type_of_card(
    collection: Collection,
    tmp_path: Path,
    deck: Deck,
    media: dict[str, bytes],
    card_id: str,
    front: list[str],
    back: list[str],
    write_deck: WriteDated,
) -> None:
    _import(collection, tmp_path, write_deck(deck, media).data)

    (found,) = collection.find_cards(f'"Quizapp:re:Card: {card_id}<"')
    shown = collection.get_card(found).render_output()

    assert all(text in shown.question_text for text in front)
    assert all(text in shown.answer_text for text in back)
    assert "Quizapp keeps" not in shown.answer_text
    assert "<script" not in shown.question_text + shown.answer_text


def test_why_hint_note_and_citations_are_shown(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes]
) -> None:
    _import(collection, tmp_path, write(deck, media).data)

    (found,) = collection.find_cards('"Quizapp:re:Card: front-and-back<"')
    shown = collection.get_card(found).render_output()

    assert "<summary>Hint</summary>Look &lt;closely&gt; &amp; see" in shown.question_text
    assert "hard break" not in shown.question_text
    for text in ("of a hard break.", "A note", "“when it “ended” &amp; began”<br>a-source, paragraph 4"):
        assert text in shown.answer_text


@WRITERS
@pytest.mark.parametrize("legacy", [True, False])
def test_a_deck_studied_in_anki_comes_back_whole_and_with_its_history(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes], legacy: bool, write_deck: WriteDated
) -> None:
    _import(collection, tmp_path, write_deck(deck, media, _REVIEWS, at_ms=_AT).data)
    answered = _study(collection, "All kinds: a deck", 8)

    imported = read(_export(collection, tmp_path, legacy=legacy), ImportOptions("back.apkg"))

    assert imported.decks == (deck,)
    assert imported.problems == ()
    assert {file.name: file.data for file in imported.media} == media
    assert imported.reviews[: len(_REVIEWS)] == tuple(sorted(_REVIEWS, key=lambda review: review.at_ms))
    assert [review.rating for review in imported.reviews[len(_REVIEWS) :]] == [rating for _, rating in answered]
    assert ("new" in imported.note) is not legacy


def test_past_reviews_become_a_schedule_in_anki(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes]
) -> None:
    _import(collection, tmp_path, write(deck, media, _REVIEWS, at_ms=_AT).data)

    (found,) = collection.find_cards('"Quizapp:re:Card: front-and-back<"')
    card = collection.get_card(found)

    assert (int(card.type), int(card.queue), card.reps, card.lapses) == (2, 2, 2, 0)
    assert card.ivl > 1
    assert card.memory_state is not None
    assert card.memory_state.stability > 2
    assert collection.card_stats_data(card.id).reviews == 2


@WRITERS
def test_an_import_of_the_same_file_changes_nothing_and_a_newer_one_updates(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes], write_deck: WriteDated
) -> None:
    first, second = deck.cards[0], deck.cards[1]
    changed = deck.model_copy(update={"cards": (first.model_copy(update={"note": "Another"}), *deck.cards[1:])})
    more = changed.model_copy(update={"cards": (*changed.cards, second.model_copy(update={"id": "one-more"}))})
    _import(collection, tmp_path, write_deck(deck, media, at_ms=_AT).data)

    again = _import(collection, tmp_path, write_deck(deck, media, at_ms=_AT).data).log
    newer = _import(collection, tmp_path, write_deck(more, media, at_ms=_AT + 60_000).data).log

    assert (len(again.new), len(again.updated), len(again.duplicate)) == (0, 0, 10)
    assert (len(newer.new), len(newer.updated), len(newer.conflicting)) == (1, 10, 0)
    assert len([kind for kind in collection.models.all_names() if kind.startswith("Quizapp")]) == 8
    assert read(_export(collection, tmp_path, legacy=False), ImportOptions("x.apkg")).decks == (more,)


def _edit(collection: Collection, card_id: str, change: Callable[[Note], None]) -> None:
    (found,) = collection.find_cards(f'"Quizapp:re:Card: {card_id}<"')
    note = collection.get_card(found).note()
    change(note)
    collection.update_note(note)


def test_what_was_changed_in_anki_comes_back_and_the_rest_stays_to_the_letter(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes]
) -> None:
    _import(collection, tmp_path, write(deck, media).data)

    def change(note: Note) -> None:
        note["Back"] = "<b>Other</b> words"
        note.tags = [tag for tag in note.tags if tag != "b"] + ["new"]

    _edit(collection, "front-and-back", change)
    imported = read(_export(collection, tmp_path, legacy=False), ImportOptions("x.apkg"))

    expected = deck.cards[0].model_copy(
        update={"answer": "**Other** words", "tags": ("two words", "a::b", 'say "x"', "::odd::", "new")}
    )
    assert imported.decks[0].cards == (expected, *deck.cards[1:])
    assert imported.problems == ()


def test_a_suspended_and_flagged_card_says_so_and_a_copy_gets_an_id_of_its_own(
    collection: Collection, tmp_path: Path, deck: Deck, media: dict[str, bytes]
) -> None:
    _import(collection, tmp_path, write(deck, media).data)
    (year,) = collection.find_cards('"Quizapp:re:Card: year<"')
    collection.sched.suspend_cards([year])
    collection.set_user_flag_for_cards(1, [year])
    original = collection.get_card(year).note()
    copy = collection.new_note(collection.models.get(original.mid) or {})
    copy.fields = list(original.fields)
    collection.add_note(copy, collection.get_card(year).did)

    imported = read(_export(collection, tmp_path, legacy=True), ImportOptions("x.apkg"))

    cards = {card.id: card for card in imported.decks[0].cards}
    assert cards["year"].tags == ("flag-red", "suspended")
    assert len(cards) == 11
    (copied,) = (card for card_id, card in cards.items() if card_id.startswith("anki-"))
    assert copied.prompt == "In which year?"
    assert [problem.code for problem in imported.problems] == ["anki-suspended"]


def _fill(collection: Collection) -> None:
    """Notes of Anki's own types, with tags, in a deck within a deck, a picture, a sound, and reviews."""

    def add(kind: str, fields: list[str], deck: str = "Science::Life", tags: tuple[str, ...] = ()) -> None:
        note = collection.new_note(collection.models.by_name(kind) or {})
        note.fields[: len(fields)] = fields
        note.tags = list(tags)
        collection.add_note(note, collection.decks.id(deck))

    (Path(collection.media.dir()) / "cell.png").write_bytes(b"\x89PNG...")
    (Path(collection.media.dir()) / "a b.mp3").write_bytes(b"ID3...")
    add("Basic", ["What is a <b>cell</b>?<br><img src='cell.png'>", "A room [sound:a b.mp3]"], tags=("x", "y::z"))
    add("Basic (and reversed card)", ["one", "two"])
    add("Basic (optional reversed card)", ["three", "four", ""])
    add("Basic (optional reversed card)", ["five", "six", "y"])
    add("Basic (type in the answer)", ["Type it", "typed"])
    add("Cloze", ["{{c1::DNA::an acid}} is in the {{c2::nucleus}} of a {{c1::cell}}", "More"], deck="Science")
    add("Image Occlusion", ["{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}", "<img src='cell.png'>"])
    deck = collection.decks.by_name("Science") or {}
    deck["desc"] = "All of <i>science</i>"
    collection.decks.save(deck)


def _check_science(data: bytes, *, media: bool) -> None:
    imported = read(data, ImportOptions("Science.apkg", language="de"))
    science, life = imported.decks

    assert (science.id, science.title, science.description) == ("science", "Science", "All of *science*")
    assert (life.id, life.title, life.language) == ("science-life", "Science: Life", "de")
    assert [(card.type, getattr(card, "text", "")) for card in science.cards] == [
        ("cloze", "{{DNA}} is in the nucleus of a {{cell}}"),
        ("cloze", "DNA is in the {{nucleus}} of a cell"),
    ]
    assert science.cards[0].hint == "an acid"
    assert science.cards[0].explanation == "More"
    texts = [(card.type, card.prompt, getattr(card, "answer", "")) for card in life.cards]
    picture, sound = ("\\\n![cell](cell.png)", "![a b](<a b.mp3>)") if media else ("\\\ncell", "a b")
    assert texts == [
        ("flashcard", f"What is a **cell**?{picture}", f"A room {sound}"),
        ("flashcard", "one", "two"),
        ("flashcard", "two", "one"),
        ("flashcard", "three", "four"),
        ("flashcard", "five", "six"),
        ("flashcard", "six", "five"),
        ("short", "Type it", "typed"),
    ]
    assert life.cards[0].tags == ("x", "y::z")
    codes = [problem.code for problem in imported.problems]
    assert codes == (["anki-occlusion"] if media else ["anki-file-missing", "anki-file-missing", "anki-occlusion"])
    assert {file.name: file.data for file in imported.media} == (
        {"cell.png": b"\x89PNG...", "a b.mp3": b"ID3..."} if media else {}
    )


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("media", [True, False])
@pytest.mark.parametrize("scheduling", [True, False])
def test_packages_of_ankis_own_are_read_in_all_their_options(
    collection: Collection, tmp_path: Path, legacy: bool, media: bool, scheduling: bool
) -> None:
    _fill(collection)

    _check_science(_export(collection, tmp_path, legacy=legacy, scheduling=scheduling, media=media), media=media)


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("media", [True, False])
def test_whole_collections_are_read(collection: Collection, tmp_path: Path, legacy: bool, media: bool) -> None:
    _fill(collection)
    path = tmp_path / "all.colpkg"
    collection.export_collection_package(str(path), include_media=media, legacy=legacy)
    collection.reopen()

    _check_science(path.read_bytes(), media=media)


def test_one_deck_of_many_is_read_and_ids_stay_the_same_from_one_export_to_the_next(
    collection: Collection, tmp_path: Path
) -> None:
    _fill(collection)
    path = tmp_path / "one.apkg"
    deck_id = collection.decks.id_for_name("Science::Life")
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=False)
    collection.export_anki_package(out_path=str(path), options=options, limit=DeckIdLimit(deck_id))

    one = read(path.read_bytes(), ImportOptions("one.apkg", deck_id="life", title="Life"))
    all_of_it = read(_export(collection, tmp_path, legacy=True), ImportOptions("all.apkg"))

    assert [(deck.id, deck.title) for deck in one.decks] == [("life", "Life")]
    assert one.decks[0].cards == all_of_it.decks[1].cards
    assert read(path.read_bytes(), ImportOptions("one.apkg", deck_id="life", title="Life")) == one


def test_reviews_made_in_anki_on_its_own_cards_are_read(collection: Collection, tmp_path: Path) -> None:
    _fill(collection)
    answered = _study(collection, "Science", 6)

    imported = read(_export(collection, tmp_path, legacy=False), ImportOptions("x.apkg"))

    ids = {card.id for deck in imported.decks for card in deck.cards}
    occluded = sum(name == "Image Occlusion" for name, _ in answered)
    assert len(imported.reviews) == len(answered) - occluded
    assert {review.card for review in imported.reviews} <= ids
    assert {review.rating for review in imported.reviews} <= {1, 2, 3, 4}
