"""Statements turned into questions, and left alone where that is not sure to be good English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.drafting.questions import cut_out, read_clause


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("Spain invaded Portugal", "When did Spain invade Portugal?"),
        ("When Ada came to power", "When did Ada come to power?"),
        ("The talks were held in secret", "When were the talks held in secret?"),
        ("Ada has become rich", "When has Ada become rich?"),
        ("Ada had a dog", "When did Ada have a dog?"),
        ("Most people have a dog", "When do most people have a dog?"),
        ("Ada can win", "When can Ada win?"),
        ("Ada joins the army", "When does Ada join the army?"),
        ("However, riots stopped the work", "When did riots stop the work?"),
        ("They invaded Portugal", None),
        ("This war ended the peace", None),
        ("Ada, who came late", None),
        ("Ada quietly zorbed the wall", None),
        ("Ada, invaded Spain", None),
        ("The man that came was old", None),
        ("Ada (the first) won it", None),
        ("a b c d e f g h i j k l won it", None),
        ("kings is", None),
        ("Ada", None),
        ("", None),
        ("word " * 50, None),
    ],
)
def test_a_statement_becomes_a_question(statement: str, question: str | None) -> None:
    clause = read_clause(statement)
    assert (clause.ask("When") if clause else None) == question


def test_a_statement_can_be_made_again() -> None:
    clause = read_clause("When the wall fell in Berlin")
    assert clause is not None
    assert clause.state() == "The wall fell in Berlin"


@pytest.mark.parametrize(
    ("sentence", "words", "statement"),
    [
        ("When Putin came to power in 2000, efforts were made.", "2000", "When Putin came to power"),
        ("In 1950, Spain won.", "1950", "Spain won"),
        ("It changed in 1991, when the old wall fell down.", "1991", "the old wall fell down"),
        ("Spain won in 1950 with ease.", "1950", "Spain won with ease"),
        ("Ada, Bea and Cy sang in 1950.", "1950", ""),
        ("Ada, in 1950, sang.", "1950", "Ada"),
        ("Ada sang, and 1950 was over.", "1950", "was over"),
        ("Ada, Bea and Cy, 1950, sang; it rained.", "1950", "sang"),
    ],
)
def test_words_are_cut_out_of_their_statement(sentence: str, words: str, statement: str) -> None:
    start = sentence.index(words)
    assert (cut_out(sentence, start, start + len(words)) or "") == statement


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    clause = read_clause(text)
    assert clause is None or clause.ask("When").endswith("?")
