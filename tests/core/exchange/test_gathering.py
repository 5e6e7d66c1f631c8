"""What formats read comes together into one deck: ids that stay, and words for what was refused."""

import copy
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Flashcard
from quizapp.core.exchange import aiken, ankitext, deckjson, gathering, gift, quizlet, tables
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.gathering import MOST_PROBLEMS, MOST_REFUSED, Gathering, clean_line, make_slug
from quizapp.core.exchange.model import Imported, ImportOptions
from quizapp.core.messages import Message
from quizapp.core.slugs import is_slug

CARD = {"type": "flashcard", "prompt": "What wades?", "answer": "A heron"}


def gather(**options: str) -> Gathering:
    return Gathering(ImportOptions("birds.txt", **options))


@given(st.text(max_size=300))
def test_any_text_makes_a_slug_and_always_the_same(text: str) -> None:
    assert is_slug(make_slug(text))
    assert make_slug(text) == make_slug(text)


def test_texts_that_a_slug_cannot_hold_are_told_apart() -> None:
    assert make_slug("What wades?") == "what-wades"
    assert make_slug("Größe") == "grosse"
    assert make_slug("日本") != make_slug("中国")
    assert make_slug("word " * 40) != make_slug("word " * 41)


def test_a_plain_card_is_the_same_whichever_way_it_came() -> None:
    short, long = gather(), gather()
    assert short.add_plain("What wades?", "A heron")
    assert long.add(1, CARD) == "what-wades"
    assert short.cards == long.cards
    assert short.cards[0].model_dump_json(exclude_defaults=True) == long.cards[0].model_dump_json(exclude_defaults=True)
    assert isinstance(short.cards[0], Flashcard)
    assert not short.add_plain("What wades?", "Another")
    assert not short.add_plain("What *wades*?", "A heron")
    assert not short.add_plain("What ", "")


@given(prompt=st.text(max_size=60), answer=st.text(min_size=1, max_size=60))
def test_what_goes_the_short_way_would_be_valid(prompt: str, answer: str) -> None:
    one = gather()
    if one.add_plain(prompt, answer):
        card = one.cards[0]
        assert type(card).model_validate(card.model_dump()) == card


def test_the_carried_id_goes_before_the_key_and_the_key_before_the_words() -> None:
    one = gather()
    assert one.add(1, CARD, Carried(id="own"), "key 1") == "own"
    assert one.add(2, CARD, Carried(id="No slug"), "key 1") == "key-1"
    assert one.add(3, CARD) == "what-wades"


def test_lines_that_were_spoiled_elsewhere_leave_the_question() -> None:
    one = gather()
    spoiled = Carried(values={"difficulty": "very", "citations": [{"source": "NO", "paragraph": "x", "quote": ""}]})
    assert one.add(4, CARD, spoiled) == "what-wades"
    assert [(problem.line, problem.code) for problem in one.problems] == [(4, "carried-lines")]
    assert one.add(5, {"type": "flashcard", "prompt": "x"}, spoiled) is None


def test_what_is_refused_is_told_with_the_keys_that_are_there() -> None:
    one = gather()
    wrong = [{"text": "b", "wy": "x"}]
    assert one.add(1, {"type": "choice", "prompt": "p", "answer": "a", "wrong": wrong}) is None
    assert one.add(2, {**CARD, "citations": [{"sorce": "x"}]}) is None
    assert one.add(3, {**CARD, "anwser": "x"}) is None
    assert one.add(4, {"type": "nonsense", "prompt": "p"}) is None
    assert {problem.line for problem in one.problems} == {1, 2, 3, 4}


def test_a_flood_of_problems_is_cut() -> None:
    one = gather()
    for line in range(5_000):
        one.report(line, "bad", "bad")
    assert len(one.problems) == 1_001
    assert one.problems[-1].code == "more-problems"


def test_a_head_that_makes_no_sense_leaves_the_cards() -> None:
    one = gather()
    one.add(1, CARD)
    one.head = {"description": "\x00", "id": "No slug", "theme": ""}
    imported = one.finish()
    assert (imported.decks[0].id, imported.decks[0].theme) == ("birds", "imported")
    assert imported.problems[0].code == "carried-lines"
    one.options = ImportOptions("birds.txt", deck_id="Not a slug")
    assert one.finish().decks[0].id == "not-a-slug"


def test_a_long_title_is_cut_to_one_line() -> None:
    assert clean_line("a\n\x00b") == "a b"
    assert len(clean_line("x" * 900)) == 500


READS: list[tuple[Callable[[bytes, ImportOptions], Imported], bytes]] = [
    (aiken.read, b"Q1?\nA) a\nB) b\nANSWER: A\n\nQ2?\nA) a\nB) b\nANSWER: A\n\nQ3?\nA) a\nB) b\nANSWER: A\n"),
    (ankitext.read, b"#html:true\nq1\ta\nq2\ta\nq3\ta\n"),
    (gift.read, b"Q1?{=a}\n\nQ2?{=a}\n\nQ3?{=a}\n"),
    (quizlet.read, b"q1\ta\nq2\ta\nq3\ta\n"),
    (deckjson.read, b'[{"type":"flashcard","prompt":"a","answer":"b"},{"type":"flashcard","prompt":"c","answer":"b"}]'),
]


@pytest.mark.parametrize(("read", "data"), READS)
def test_no_reader_takes_more_cards_than_a_deck_holds(
    read: Callable[[bytes, ImportOptions], Imported], data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_CARDS", 1)
    imported = read(data, ImportOptions("x"))
    assert len(imported.decks[0].cards) == 1
    assert [problem.code for problem in imported.problems] == ["too-many"]


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (gift.read, b'// quizapp: {"id": "birds"}\n'),
        (gift.read, b"// only a comment\n"),
        (quizlet.read, b"\n \n"),
        (aiken.read, b"Q?\n" + b"".join(b"%c) x%c\n" % (65 + n % 26, 65 + n % 26) for n in range(30)) + b"ANSWER: A\n"),
        (ankitext.read, b"#deck column:2\n"),
    ],
)
def test_files_without_a_card_are_told(read: Callable[[bytes, ImportOptions], Imported], data: bytes) -> None:
    imported = read(data, ImportOptions("x"))
    assert imported.decks == ()
    assert imported.problems


def test_what_is_too_much_is_told_once() -> None:
    one = gather()
    one.cards = [Flashcard(id="a", type="flashcard", prompt="p", answer="a")] * 100_000
    assert one.add(1, CARD) is None
    assert one.add(2, CARD) is None
    assert [problem.code for problem in one.problems] == ["too-many"]


def test_numbers_that_json_does_not_know_are_told() -> None:
    imported = deckjson.read(b'[{"type": "short", "prompt": "p", "answer": NaN}]', ImportOptions("x"))
    assert imported.decks[0].cards[0].answer == "nan"  # type: ignore[union-attr]


def test_a_file_of_cards_that_cannot_be_taken_is_given_up() -> None:
    gathering = Gathering(ImportOptions("x.json"))
    for number in range(MOST_REFUSED + 1):
        assert not gathering.is_full
        gathering.add(number, {"type": "flashcard", "prompt": "What wades?"})
    assert gathering.is_full
    assert len(gathering.problems) == MOST_PROBLEMS + 1
    assert gathering.problems[-1].code == "more-problems"


def test_problems_keep_their_template_so_that_they_can_be_translated() -> None:
    gathering = Gathering(ImportOptions("x.tsv"))
    row = tables.read(b"Question\tAnswer\nWhat wades?\t\n", ImportOptions("x.tsv")).problems[0]
    gathering.finish()
    told = [row.message, gathering.problems[0].message, gathering.problems[0].fix]
    assert all(isinstance(message, Message) for message in told)
    assert told[0] == "This row is left out: it has no answer."
    assert [copy.deepcopy(message) for message in told] == told
    assert copy.deepcopy(row.message).template == "This row is left out: %(why)s."


def test_a_side_that_is_no_text_or_is_long_is_left_to_the_schema() -> None:
    plain = {"type": "flashcard", "prompt": " Which bird? ", "answer": "heron"}
    assert gathering._find_sides(plain) == ("Which bird?", "heron")
    for odd in ({"prompt": 7}, {"answer": None}, {"prompt": "a" * 100_000}, {"answer": " "}, {"type": "short"}):
        assert gathering._find_sides(plain | odd) is None
    assert gathering._find_sides(plain | {"hint": "It stands."}) is None
