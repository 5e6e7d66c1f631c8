"""Wrong answers that say the same."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.analysis.items.misconceptions import (
    LONGEST_COMPARED,
    Misconception,
    WrongAnswer,
    group_wrong_answers,
    list_wrong_parts,
)
from quizapp.core.learning.grading import Part, Verdict


def _texts(*answers: WrongAnswer, language: str = "en") -> list[str]:
    return [one.text for one in group_wrong_answers(answers, language)]


def test_near_same_texts_stand_together_under_the_most_frequent_one() -> None:
    found = group_wrong_answers(
        [
            WrongAnswer(1, "Soviet Union", 3),
            WrongAnswer(2, "soviet union", 3),
            WrongAnswer(3, "the Soviet  Union!", 2),
            WrongAnswer(4, "Sovjet Union", 1),
            WrongAnswer(5, "Soviet Union"),
            WrongAnswer(6, "China", 3),
        ],
        "en",
    )
    assert found[0] == Misconception(
        text="Soviet Union",
        students=5,
        answers=5,
        sure=(1, 1, 2),
        unasked=1,
        others=("Sovjet Union", "soviet union", "the Soviet Union!"),
    )
    assert found[1] == Misconception("China", 1, 1, (0, 0, 1), 0)


def test_words_that_only_look_alike_stay_apart() -> None:
    assert sorted(
        _texts(WrongAnswer(1, "Iran"), WrongAnswer(2, "Iraq"), WrongAnswer(3, "1991"), WrongAnswer(4, "1992"))
    ) == [
        "1991",
        "1992",
        "Iran",
        "Iraq",
    ]


def test_what_most_were_sure_of_comes_first() -> None:
    guessed = [WrongAnswer(number, "guessed", 1) for number in range(5)]
    assert _texts(*guessed, WrongAnswer(9, "believed", 3)) == ["believed", "guessed"]


def test_a_student_who_says_it_twice_is_one_student() -> None:
    (found,) = group_wrong_answers([WrongAnswer(1, "no"), WrongAnswer(1, "No")], "en")
    assert (found.students, found.answers, found.others) == (1, 2, ("no",))


def test_blank_answers_believe_nothing_and_signs_alone_are_texts() -> None:
    assert _texts(WrongAnswer(1, "  "), WrongAnswer(2, "???"), WrongAnswer(3, "!")) == ["!", "???"]
    assert group_wrong_answers([], "en") == ()


def test_very_long_texts_are_compared_as_they_are() -> None:
    long = "wonderful " * (LONGEST_COMPARED // 8)
    assert len(_texts(WrongAnswer(1, long + "things"), WrongAnswer(2, long + "thinks"))) == 2


@given(st.lists(st.builds(WrongAnswer, st.integers(1, 5), st.text(max_size=12), st.sampled_from([None, 1, 2, 3]))))
def test_no_answer_is_lost_or_counted_twice(answers: list[WrongAnswer]) -> None:
    found = group_wrong_answers(answers, "en")
    said = [answer for answer in answers if answer.text.strip()]
    assert sum(one.answers for one in found) == len(said)
    assert sum(sum(one.sure) + one.unasked for one in found) == len(said)


def test_the_wrong_parts_of_an_answer_are_named() -> None:
    wrong, right = Verdict.WRONG, Verdict.RIGHT
    assert list_wrong_parts([Part("blue", "long", wrong)]) == ("blue",)
    assert list_wrong_parts([Part("long", "long", right)]) == ()
    ticks = [Part("Bread", "", wrong, label="Bread"), Part("", "Fish", wrong, label="Fish")]
    assert list_wrong_parts(ticks) == ("Bread",)
    assert list_wrong_parts([Part("under", "without", wrong), Part("", "prey", wrong)]) == ("1 → under",)
    pairs = [Part("fish", "south", wrong, label="Winter"), Part("south", "south", right, label="Water")]
    assert list_wrong_parts(pairs) == ("Winter → fish",)
