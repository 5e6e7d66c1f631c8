from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Cloze
from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Change, Part, Response, Verdict, grade, parse_response
from quizapp.core.learning.memory import Rating

RIGHT, ALMOST, PARTLY, WRONG = Verdict


@pytest.fixture
def grade_answer(make_card):
    """Grade a raw answer to a card of these fields."""

    def grade_raw(fields, raw, rating=None, language="en"):
        card = make_card(**fields)
        return grade(card, parse_response(card, raw, rating), language)

    return grade_raw


CHOICE = {"type": "choice", "answer": "1991", "wrong": ["1985", {"text": "1989", "why": "The wall fell."}]}
MULTIPLE = {"type": "multiple", "answers": ["a", "b"], "wrong": ["c", {"text": "d", "why": "Not d."}]}
FIVE_BLANKS = {"type": "cloze", "text": "{{one}} {{two}} {{Pyongyang|Pjöngjang}} {{four}} {{1945}}"}
ORDER = {"type": "order", "items": ["1", "2", "3", "4", "5"]}
SHORT = {"type": "short", "answer": "Soviet Union", "accept": ["USSR"]}
MATCH = {"type": "match", "pairs": [["a", "1"], ["b", "2"], ["c", "One"], ["d", "one"]]}


class TestFlashcard:
    @pytest.mark.parametrize(("rating", "verdict"), [(1, WRONG), (2, RIGHT), (3, RIGHT), (4, RIGHT)])
    def test_the_learner_says_how_it_went(self, grade_answer, rating, verdict):
        result = grade_answer({"type": "flashcard", "answer": "Pyongyang"}, None, rating)
        assert (result.verdict, result.self_rating) == (verdict, Rating(rating))
        assert result.parts == (Part("", "Pyongyang", verdict),)

    def test_without_a_rating_there_is_nothing_to_grade(self, make_card):
        with pytest.raises(Invalid):
            grade(make_card(type="flashcard", answer="Pyongyang"), Response(()))


class TestChoice:
    def test_the_answer_is_right(self, grade_answer):
        result = grade_answer(CHOICE, "1991")
        assert (result.score, result.verdict, result.correct) == (1.0, RIGHT, True)

    def test_another_option_is_wrong_and_says_why(self, grade_answer):
        result = grade_answer(CHOICE, "1989")
        assert (result.score, result.verdict, result.correct) == (0.0, WRONG, False)
        assert result.parts == (Part("1989", "1991", WRONG, why="The wall fell."),)


class TestMultiple:
    @pytest.mark.parametrize(
        ("ticks", "score", "verdict"),
        [
            ("ab", 1.0, RIGHT),
            ("a", 0.5, PARTLY),
            ("abc", 0.5, PARTLY),
            ("ac", 0.0, WRONG),
            ("cd", 0.0, WRONG),
            ("abcd", 0.0, WRONG),
            ("", 0.0, WRONG),
        ],
    )
    def test_a_right_tick_is_a_share_and_a_wrong_one_takes_it_back(self, grade_answer, ticks, score, verdict):
        result = grade_answer(MULTIPLE, list(ticks))
        assert (result.score, result.verdict) == (score, verdict)

    def test_every_option_is_explained(self, grade_answer):
        assert grade_answer(MULTIPLE, ["a", "d"]).parts == (
            Part("a", "a", RIGHT, label="a"),
            Part("", "b", WRONG, label="b"),
            Part("", "", RIGHT, label="c"),
            Part("d", "", WRONG, label="d", why="Not d."),
        )


class TestTrueFalse:
    @pytest.mark.parametrize(("answer", "said", "verdict"), [("true", True, RIGHT), ("false", True, WRONG)])
    def test_it_is_one_or_the_other(self, grade_answer, answer, said, verdict):
        result = grade_answer({"type": "truefalse", "answer": answer}, said)
        assert result.parts == (Part("true", answer, verdict),)
        assert result.score == float(verdict is RIGHT)


class TestShort:
    def test_the_wording_that_was_met_is_named(self, grade_answer):
        result = grade_answer(SHORT, "the ussr")
        assert (result.score, result.taken, result.parts[0].expected) == (1.0, "USSR", "USSR")

    def test_a_slip_counts_as_right_and_is_shown(self, grade_answer):
        result = grade_answer(SHORT, "Sovet Union")
        assert (result.score, result.verdict, result.correct, result.taken) == (0.9, ALMOST, True, "Soviet Union")
        assert result.parts[0].difference == (
            (Change.KEPT, "Sov"),
            (Change.MISSING, "i"),
            (Change.KEPT, "et Union"),
        )

    def test_not_knowing_is_wrong_without_a_difference(self, grade_answer):
        result = grade_answer(SHORT, "")
        assert (result.score, result.taken) == (0.0, "")
        assert result.parts == (Part("", "Soviet Union", WRONG),)

    def test_numbers_have_their_tolerance_and_the_units_of_the_question(self, grade_answer):
        fields = {"type": "short", "prompt": "How many years?", "answer": "70", "match": "number", "tolerance": "1"}
        assert grade_answer(fields, "71 years").verdict is RIGHT
        assert grade_answer(fields, "72").verdict is WRONG

    def test_dates_can_be_partly_right(self, grade_answer):
        result = grade_answer({"type": "short", "answer": "15 August 1945", "match": "date"}, "August 1945")
        assert (result.score, result.verdict, result.correct) == (2 / 3, PARTLY, False)

    def test_the_language_of_the_deck_counts(self, grade_answer):
        fields = {"type": "short", "answer": "1945-08-15", "match": "date"}
        assert grade_answer(fields, "15 août 1945", language="fr").verdict is RIGHT
        assert grade_answer(fields, "15 août 1945", language="en").verdict is WRONG


class TestCloze:
    @pytest.mark.parametrize(
        ("blanks", "score", "verdict"),
        [
            (["one", "two", "Pjongjang", "four", "1945"], 1.0, RIGHT),
            (["one", "two", "Pyongyng", "four", "1945"], 0.98, ALMOST),
            (["one", "two", "Pyongyang", "four", ""], 0.8, PARTLY),
            (["one", "two", "Pyongyng", "four", ""], 0.78, PARTLY),
            (["", "", "", "", ""], 0.0, WRONG),
        ],
    )
    def test_the_score_is_the_mean_of_the_blanks(self, grade_answer, blanks, score, verdict):
        result = grade_answer(FIVE_BLANKS, blanks)
        assert (result.score, result.verdict) == (score, verdict)

    def test_each_blank_is_explained(self, grade_answer):
        parts = grade_answer(FIVE_BLANKS, ["1", "", "Pjongjan", "5", "1945"]).parts
        assert [part.verdict for part in parts] == [RIGHT, WRONG, ALMOST, WRONG, RIGHT]
        assert parts[2].expected == "Pjöngjang"
        assert parts[2].difference[-1] == (Change.MISSING, "g")


class TestOrder:
    @pytest.mark.parametrize(
        ("items", "score", "verdict"),
        [("12345", 1.0, RIGHT), ("21345", 0.9, PARTLY), ("51234", 0.6, PARTLY), ("54321", 0.0, WRONG)],
    )
    def test_the_score_is_the_share_of_pairs_in_the_right_order(self, grade_answer, items, score, verdict):
        result = grade_answer(ORDER, list(items))
        assert (result.score, result.verdict) == (score, verdict)

    def test_each_place_is_explained(self, grade_answer):
        parts = grade_answer(ORDER, list("21345")).parts
        assert parts[0] == Part("2", "1", WRONG)
        assert parts[2] == Part("3", "3", RIGHT)

    def test_only_the_right_order_is_all_right(self, grade_answer):
        scores = [grade_answer(ORDER, list(items)).score for items in permutations("12345")]
        assert scores.count(1.0) == 1
        assert scores.count(0.0) == 1
        assert sum(scores) / len(scores) == pytest.approx(0.5)


class TestMatch:
    def test_the_score_is_the_share_of_right_pairs_and_equal_right_sides_serve_each_other(self, grade_answer):
        result = grade_answer(MATCH, {"a": "2", "b": "2", "c": "one", "d": "One"})
        assert (result.score, result.verdict) == (0.75, PARTLY)
        assert result.parts[0] == Part("2", "1", WRONG, label="a")
        assert [part.verdict for part in result.parts] == [WRONG, RIGHT, RIGHT, RIGHT]

    def test_no_right_pair_is_wrong(self, grade_answer):
        assert grade_answer(MATCH, {"a": "2", "b": "1", "c": "1", "d": "1"}).verdict is WRONG


@given(st.lists(st.sampled_from(["right", "almost", "wrong"]), min_size=1, max_size=30))
def test_the_score_of_blanks_is_exact_for_any_mixture(outcomes):
    """Four of five is 0.8, not a hair less: the limits of correct and hard hang on it."""
    from_blank = {"right": "Pyongyang", "almost": "Pyongyng", "wrong": ""}
    card = Cloze(id="a-card", type="cloze", text="{{Pyongyang}} " * len(outcomes))
    result = grade(card, parse_response(card, [from_blank[outcome] for outcome in outcomes]))
    tenths = 10 * outcomes.count("right") + 9 * outcomes.count("almost")
    assert result.score == tenths / (10 * len(outcomes))
    assert result.correct == (10 * tenths >= 8 * 10 * len(outcomes))
