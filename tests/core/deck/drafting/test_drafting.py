"""Suggestions: cards that the deck format and its checks take, tied to their sentences, the same ones every time."""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizapp.core.deck.checks import check_deck
from quizapp.core.deck.drafting import MOST_SUGGESTIONS, draft_cards, make_deck, read_passages, write_draft
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import option_key
from quizapp.core.problem import Severity
from quizapp.core.source.document import Block, Source
from quizapp.core.source.quotes import find_quote

_WORDS = (
    "The United Nations|Ada Lovelace|President Kim Jong-un|in 1950|on 3 May 1921|because of|in order to|the Cold War|"
    "feared that|Berlin|wanted to|the|war|.|,|;|“|”|(|)|NATO|since the fall of|Ministry of Defence|2,000 men|[x](y)|{{|"
    "}}|*|_|`|<b>|&amp;|$x$|#|1991–95|As a result,|it|that|ten years ago|Unable to|\n|A|who|invaded|is|to win|and|’s"
)
_TEXTS = st.lists(st.sampled_from(_WORDS.split("|")) | st.text(max_size=8), max_size=60).map(" ".join)


def _source(*paragraphs: str, language: str = "en", kind: Any = "article") -> Source:
    blocks = tuple(Block("paragraph", 0, number, text, number) for number, text in enumerate(paragraphs, 1))
    return Source("text", "A text", language, kind, None, None, None, None, None, blocks)


def _errors(source: Source) -> list[str]:
    drafted = draft_cards(source)
    if not drafted.suggestions:
        return []
    text = write_draft(source, drafted)
    file = read_deck(text.encode(), "draft.yaml")
    assert isinstance(file, DeckFile), file
    assert file.deck == make_deck(source, drafted.suggestions)
    problems = check_deck(file, {source.id: source})
    return [str(problem) for problem in problems if problem.severity is Severity.ERROR]


@settings(max_examples=60)
@given(st.lists(_TEXTS, min_size=1, max_size=4), st.sampled_from(["en", "de", "ja", "xx"]))
@example(["Ada Lovelace wrote {{this}} in 1950 because of that. The war ended in 1950 because of that."], "en")
def test_whatever_the_text_every_suggestion_passes_the_checks(paragraphs: list[str], language: str) -> None:
    paragraphs = [" ".join(text.split()) for text in paragraphs]
    source = _source(*(text for text in paragraphs if text), language=language)
    if source.blocks:
        assert _errors(source) == []


def test_the_suggestions_of_each_sample_pass_the_checks(sample: Any) -> None:
    assert _errors(_source(*sample.paragraphs)) == []
    assert _errors(_source(*sample.paragraphs, kind="study-edition")) == []


def test_every_suggestion_is_tied_to_its_sentence_and_quote(sample: Any) -> None:
    source = _source(*sample.paragraphs)
    texts = {passage.number: passage.text for passage in read_passages(source)}
    for one in draft_cards(source).suggestions:
        (citation,) = one.card.citations
        before, found, behind = one.parts
        assert before + found + behind == one.sentence
        assert " ".join(texts[one.paragraph][one.start : one.end].split()) == " ".join(found.split())
        assert len(find_quote(texts[one.paragraph], citation.quote)) == 1
        assert len(citation.quote.split()) <= 12
        assert (citation.source, citation.paragraph) == (source.id, one.paragraph)


def test_no_wrong_option_is_the_answer_or_stands_in_the_sentence(sample: Any) -> None:
    for one in draft_cards(_source(*sample.paragraphs)).suggestions:
        if one.card.type == "choice":
            options = [option_key(text) for text in one.card.options]
            assert len(set(options)) == len(options) >= 3
            if one.kind == "name":
                assert not any(option.removeprefix("the ") in one.sentence.casefold() for option in options[1:])


def test_ids_and_keys_are_unique(sample: Any) -> None:
    suggestions = draft_cards(_source(*sample.paragraphs)).suggestions
    assert len({one.card.id for one in suggestions}) == len(suggestions)
    assert len({one.key for one in suggestions}) == len(suggestions)


def test_several_types_of_cards_are_suggested(sample: Any) -> None:
    types = {one.card.type for one in draft_cards(_source(*sample.paragraphs)).suggestions}
    assert {"choice", "short", "cloze", "flashcard"} <= types


def test_the_same_text_gives_the_same_suggestions_and_another_seed_other_options(held_out: Any) -> None:
    source = _source(*held_out.paragraphs)
    assert draft_cards(source, 7) == draft_cards(source, 7)
    one, other = draft_cards(source, 1), draft_cards(source, 2)
    assert [suggestion.key for suggestion in one.suggestions] == [suggestion.key for suggestion in other.suggestions]
    assert one != other


def test_a_suggestion_keeps_its_key_when_another_paragraph_comes_before_it() -> None:
    sentence = "Ada Lovelace wrote to Charles Babbage in 1840."
    (first, *_), moved = (draft_cards(_source(*texts)).suggestions for texts in ((sentence,), ("Nothing.", sentence)))
    assert moved[0].key == first.key
    assert moved[0].paragraph == 2


def test_a_text_without_anything_to_ask_gives_no_suggestion() -> None:
    assert draft_cards(_source("It rained, and nobody minded.")).suggestions == ()
    assert draft_cards(_source()).suggestions == ()


def test_code_is_not_drafted_from() -> None:
    block = "```\nThe United Nations met in 1945.\n```"
    assert draft_cards(_source(block, "    Ada Lovelace wrote in 1840.")).suggestions == ()


def test_a_long_text_gives_no_more_than_a_teacher_can_look_through() -> None:
    paragraphs = [f"In {1100 + number} the town of the {number}th hill burned down." for number in range(900)]
    drafted = draft_cards(_source(*paragraphs))
    assert 0 < len(drafted.suggestions) <= MOST_SUGGESTIONS
    assert drafted.left_out == 900 - len(drafted.suggestions)
    assert drafted.suggestions[0].paragraph < 10
    assert drafted.suggestions[-1].paragraph > 890


def test_a_name_is_suggested_twice_at_most() -> None:
    text = " ".join(f"Ada Lovelace wrote letter {number} to a friend." for number in range(20))
    suggestions = draft_cards(_source(text)).suggestions
    assert len(suggestions) == 2


def test_a_study_edition_is_cited_by_the_words_it_quotes_alone() -> None:
    text = "The war, it says, “began in June 1950 without warning”. In 1953 it ended, and nothing is quoted here."
    suggestions = draft_cards(_source(text, kind="study-edition")).suggestions
    assert [one.card.citations[0].quote for one in suggestions] == ["began in June 1950 without warning"]
    beside = "It tells of May 1951 as a month of “heavy rain and hard fighting”, and of “mud”."
    (one,) = draft_cards(_source(beside, kind="study-edition")).suggestions
    assert one.card.citations[0].quote == "heavy rain and hard fighting"


def test_other_languages_get_gaps_and_the_words_of_the_text_alone(make_source: Callable[..., Source]) -> None:
    text = "Am 9. November 1989 fiel in Berlin die Mauer, und Frankreich sah zu."
    suggestions = draft_cards(make_source(text, language="de")).suggestions
    assert [(one.kind, one.card.type) for one in suggestions] == [("date", "cloze"), ("name", "cloze")]
    assert "{{9. November 1989}}" in suggestions[0].card.text  # type: ignore[union-attr]
    assert suggestions[0].card.explanation.endswith("(§ 1)")
    assert not suggestions[0].card.hint
