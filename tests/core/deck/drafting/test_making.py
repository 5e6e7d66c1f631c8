"""What each finding becomes: the card that fits it, or none."""

from collections.abc import Callable
from typing import Any

import pytest

WALL = "The Berlin Wall fell in 1989."


def _one(suggestions: list[Any]) -> Any:
    (suggestion,) = suggestions
    return suggestion.card


def test_a_year_is_asked_for_and_typed(suggest: Callable[..., list[Any]]) -> None:
    card = _one(suggest("date", "The old wall fell down in 1989."))
    assert (card.type, card.prompt, card.answer, card.match) == (
        "short",
        "In which year did the old wall fall down?",
        "1989",
        "date",
    )
    assert card.hint == "It is in the 1980s."
    assert card.difficulty == "easy"


def test_some_years_become_statements_true_or_false(suggest: Callable[..., list[Any]]) -> None:
    verbs = ("opened", "left", "won", "took", "met", "sold", "bought", "kept", "lost", "held", "made", "found")
    text = " ".join(f"Ada {verb} thing {verb} in {1800 + 7 * n}." for n, verb in enumerate(verbs))
    cards = [one.card for one in suggest("date", text)]
    statements = [card for card in cards if card.type == "truefalse"]
    assert 1 <= len(statements) < len(cards)
    for card in statements:
        year = card.prompt[-5:-1]
        assert (f"in {year}" in card.explanation) == card.answer


def test_a_year_in_an_unclear_sentence_becomes_a_gap(suggest: Callable[..., list[Any]]) -> None:
    assert _one(suggest("date", "This all fell in 1989.")).text == "This all fell in {{1989}}."


def test_a_period_is_chosen_among_others_of_the_text(suggest: Callable[..., list[Any]]) -> None:
    text = "During the Cold War Ada met Bea. In the Middle Ages it rained. The tower stems from the Soviet era."
    cards = [one.card for one in suggest("date", text)]
    assert cards[0].type == "choice"
    assert cards[0].prompt == "When, in the words of the text, did Ada meet Bea?"
    assert cards[0].answer == "During the Cold War"
    assert {option.text for option in cards[0].wrong} == {"During the Middle Ages", "During the Soviet era"}


def test_a_time_of_the_writer_is_chosen_for_its_gap(suggest: Callable[..., list[Any]]) -> None:
    text = "He came last month. They came ten years ago. We hope for years to come. She left two days later."
    card = suggest("date", text)[0].card
    assert card.type == "choice"
    assert card.prompt == "Which time belongs in the gap (…)? “He came (…).”"
    assert card.answer == "Last month"


def test_a_time_without_others_becomes_a_gap_or_nothing(suggest: Callable[..., list[Any]]) -> None:
    assert _one(suggest("date", "He came last month.")).text == "He came {{last month}}."
    assert suggest("date", "He came after the very long invasion of Great New Old Britain.") == []


def test_how_long_is_asked_of_what_lasted(suggest: Callable[..., list[Any]]) -> None:
    text = "Ada ruled the town for ten years. Bea held it for six weeks. Cy kept it for a decade."
    card = suggest("date", text)[0].card
    assert (card.type, card.prompt) == ("choice", "For how long, in the words of the text, did Ada rule the town?")


def test_a_named_day_can_be_a_wrong_option(suggest: Callable[..., list[Any]]) -> None:
    text = "In the Middle Ages, Ada won the town. It was Liberation Day. It rained in the 1990s."
    card = suggest("date", text)[0].card
    assert {option.text for option in card.wrong} == {"On Liberation Day", "In the 1990s"}


def test_who_acts_is_asked_for(suggest: Callable[..., list[Any]]) -> None:
    text = "President Ada Lovelace met the old king. Marie Curie won it. Niels Bohr slept. Then Max Planck stood there."
    card = suggest("name", text)[0].card
    assert (card.type, card.prompt, card.answer) == (
        "choice",
        "Who met the old king, according to the text?",
        "Ada Lovelace",
    )
    assert {option.text for option in card.wrong} == {"Marie Curie", "Niels Bohr", "Max Planck"}


def test_without_others_a_name_is_typed_and_its_other_forms_are_right_too(
    suggest: Callable[..., list[Any]],
) -> None:
    card = suggest("name", "Ada Lovelace met the old king.")[0].card
    assert (card.type, card.answer, card.accept) == ("short", "Ada Lovelace", ("Lovelace",))
    card = suggest("name", "The Kremlin met the old king.")[0].card
    assert (card.type, card.prompt, card.answer, card.accept) == (
        "short", "Who met the old king, according to the text?", "The Kremlin", ("Kremlin",),
    )  # fmt: skip
    card = suggest("name", "Leader Kim Jong-un met the old king.")[0].card
    assert card.accept == ("Kim",)


def test_a_name_elsewhere_in_a_sentence_becomes_a_gap(suggest: Callable[..., list[Any]]) -> None:
    card = _one(suggest("name", "In the end they saw Ada Lovelace there."))
    assert card.text == "In the end they saw {{Ada Lovelace|Lovelace}} there."
    assert _one(suggest("name", "In the end they saw the West.")).text == "In the end they saw {{the West}}."


def test_letters_are_asked_to_be_spelled_out(suggest: Callable[..., list[Any]]) -> None:
    card = suggest("name", "He led the Arctic Bank (AB) for years.")[0].card
    assert (card.type, card.prompt, card.answer) == (
        "short",
        "What do the letters AB stand for in the text?",
        "Arctic Bank",
    )


def test_near_things_are_no_options_of_each_other(suggest: Callable[..., list[Any]]) -> None:
    text = "Russia sold the old ships. The Soviet Union slept. Moscow slept. Spain slept. Italy slept."
    card = suggest("name", text)[0].card
    assert {option.text for option in card.wrong} == {"Spain", "Italy"}


def test_of_whom_the_text_says_the_same_is_no_wrong_option(suggest: Callable[..., list[Any]]) -> None:
    text = "Russia bought seven wooden ships. Spain also bought seven wooden ships. Italy slept. France slept."
    card = suggest("name", text)[0].card
    assert {option.text for option in card.wrong} == {"Italy", "France"}


def test_a_gap_whose_answer_stands_beside_it_is_no_suggestion(suggest: Callable[..., list[Any]]) -> None:
    assert suggest("name", "He said of Spain what others say of Spain.") == []
    assert suggest("date", "This began in 1989 and ended in 1989.") == []


def test_braces_and_endless_sentences_make_no_gap(suggest: Callable[..., list[Any]]) -> None:
    assert suggest("date", "This {{fell}} in 1989.") == []
    assert suggest("date", f"This {'long ' * 50}tale began in 1989.") == []


def test_marks_of_markdown_are_shown_and_not_obeyed(suggest: Callable[..., list[Any]]) -> None:
    assert _one(suggest("date", r"This \*fell\* in 1989 \& later.")).text == r"This \*fell\* in {{1989}} \& later."


def test_why_is_asked_of_what_was_done(suggest: Callable[..., list[Any]]) -> None:
    text = (
        "Ada sold the ship in order to pay her debts. Bea wanted to see the world. Cy hoped to win the cup."
        " They made an effort to stay calm."
    )
    cards = [one.card for one in suggest("motive", text)]
    assert cards[0].prompt == "For what purpose did Ada sell the ship, according to the text?"
    assert cards[0].answer == "To pay her debts"
    assert {option.text for option in cards[0].wrong} == {"To see the world", "To win the cup", "To stay calm"}
    assert cards[1].prompt == "What did Bea want to do, according to the text?"
    assert (
        cards[3].prompt
        == "How does the sentence go on in the text? “Cy hoped to win the cup. They made an effort to …”"
    )
    assert cards[3].answer == "… stay calm"


def test_without_other_reasons_the_card_is_a_flashcard(suggest: Callable[..., list[Any]]) -> None:
    card = _one(suggest("motive", "Ada sold the ship because the sea was rough."))
    assert (card.type, card.prompt, card.answer) == (
        "flashcard", "Why did Ada sell the ship, according to the text?", "The sea was rough",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "prompt", "answer"),
    [
        ("Unable to pay, Ada sold the ship.", "Why did Ada sell the ship, according to the text?", "Unable to pay"),
        ("Because of the rain, Ada sold the ship.", "Why did Ada sell the ship, according to the text?", "The rain"),
        ("Ada feared that it would sink.", "What did Ada fear, according to the text?", "That it would sink"),
        ("Deep greed was driving the war.", "What was driving the war, according to the text?", "Deep greed"),
        ("The aim of the plan is to win.", "What is The aim of the plan, according to the text?", "To win"),
        ("Ada is afraid of the deep sea.", "What is Ada afraid of, according to the text?", "The deep sea"),
        ("Ada hoped that it would end.", "What did Ada hope, according to the text?", "It would end"),
        ("Ada may seek to win.", "What may Ada seek to do, according to the text?", "To win"),
        (
            "It is in their interests in Spain.",
            "How does the sentence go on in the text? “It is in their interests in …”",
            "… Spain",
        ),
        (
            "Ada, Bea and Cy sold it because of the rain.",
            "How does the sentence go on in the text? “Ada, Bea and Cy sold it because of …”",
            "… the rain",
        ),
        (
            "They all see this as a threat to peace.",
            "How does the sentence go on in the text? “They all see this as a threat to …”",
            "… peace",
        ),
    ],
)  # fmt: skip
def test_questions_follow_the_words_that_tell_the_motive(
    suggest: Callable[..., list[Any]], text: str, prompt: str, answer: str
) -> None:
    card = _one(suggest("motive", text))
    assert (card.prompt, card.answer) == (prompt, answer)


def test_what_followed_is_asked_with_the_sentence_before(suggest: Callable[..., list[Any]]) -> None:
    card = _one(suggest("motive", "It rained. As a result, the old town was flooded."))
    assert card.prompt == "What followed from this, according to the text? “It rained.”"
    assert card.answer == "The old town was flooded"


@pytest.mark.parametrize(
    "text",
    [
        "As a result, the old town was flooded.",
        "It rained. Therefore it was.",
        "They left because of this.",
        "This is the reason why they left the town.",
        "They left because of “greed” and rain.",
        f"They left because {'very ' * 30}old people came.",
        "He went because.",
        "War ships are sunk because of war.",
        "They came. Due to rain.",
        f"{'So ' * 50}they left because of the rain.",
        "Ambitions drove the war.",
        "They (because of the rain) left.",
    ],
)
def test_a_reason_that_cannot_stand_alone_makes_no_card(suggest: Callable[..., list[Any]], text: str) -> None:
    assert suggest("motive", text) == []


def test_a_quote_grows_until_the_paragraph_has_it_once(suggest: Callable[..., list[Any]]) -> None:
    text = "The men came to the town of Ur in 1950. The men came to the town of Ur in 1950 again."
    quotes = [one.card.citations[0].quote for one in suggest("date", text)]
    assert quotes == ["came to the town of Ur in 1950 again"]


def test_a_sentence_that_stands_twice_proves_nothing(suggest: Callable[..., list[Any]]) -> None:
    assert suggest("date", "It fell in 1950. It fell in 1950.") == []


def test_a_gap_is_never_for_marks_of_markdown(suggest: Callable[..., list[Any]]) -> None:
    assert suggest("date", "It all broke after Foo_bar’s fall.") == []


def test_a_long_reason_is_cut_at_a_break(suggest: Callable[..., list[Any]]) -> None:
    fourteen = "the long cold dark wet very old winter in the far north of the"
    card = _one(suggest("motive", f"Ada sold it because of {fourteen} land and of {fourteen} moon."))
    assert card.answer == f"The{fourteen[3:]} land"
    card = _one(suggest("motive", f"Ada sold it because of {fourteen} land, near {fourteen} moon."))
    assert card.answer == f"The{fourteen[3:]} land"
    assert suggest("motive", f"Ada sold it because of {fourteen} land {fourteen} moon.") == []


def test_what_may_answer_the_same_question_is_no_wrong_option(suggest: Callable[..., list[Any]]) -> None:
    text = (
        "Ada bought the red ship in order to please her crew. Ada bought the red ship in order to own the red ship."
        " Bea wants to sing loud. Cy wants to eat cake."
    )
    card = suggest("motive", text)[0].card
    assert {option.text for option in card.wrong} == {"To sing loud", "To eat cake"}


def test_a_date_behind_until_is_asked_with_it(suggest: Callable[..., list[Any]]) -> None:
    prompts = [one.card.prompt for one in suggest("date", "Ada Lovelace kept the ship until April 1917.")]
    assert prompts == ["Until when did Ada Lovelace keep the ship?"]


def test_a_date_that_may_belong_to_a_second_verb_is_not_asked_about(suggest: Callable[..., list[Any]]) -> None:
    for text in (
        "Ada Lovelace wrote that nobody had seen it since 1958.",
        "Ada Lovelace asked them to buy the ship in 1958.",
        "Ada Lovelace bought a ship and kept it until 1958.",
    ):
        assert [one.card.type for one in suggest("date", text)] == ["cloze"]


def test_what_was_done_next_is_no_part_of_the_purpose(suggest: Callable[..., list[Any]]) -> None:
    answers = [
        one.card.answer
        for one in suggest("motive", "Ada moved to Ur in order to be seen and heard and died there in the spring.")
    ]
    assert answers == ["To be seen and heard"]


def test_a_statement_to_judge_has_the_year_in_its_place(suggest: Callable[..., list[Any]]) -> None:
    text = "The bridge opened in {}. The tower collapsed in {} because it was old."
    found = [
        one.card
        for year in range(1900, 1960)
        for one in suggest("date", text.format(year + 70, year))
        if one.card.type == "truefalse" and "tower" in one.card.prompt
    ]
    assert found
    assert all(card.prompt.endswith(" because it was old.") for card in found)
    quoted = "The bridge opened in {}. The tower collapsed in {}; it was old!"
    cards = [one.card for year in range(1900, 1960) for one in suggest("date", quoted.format(year + 70, year))]
    assert not any(card.type == "truefalse" and "tower" in card.prompt for card in cards)
    ancient = "The bridge opened in {}. The tower collapsed in 44 BC."
    cards = [one.card for year in range(1900, 1960) for one in suggest("date", ancient.format(year))]
    assert not any(card.type == "truefalse" for card in cards)
