"""Which answers are alike: for a teacher's desk and for reports."""

import pytest

from quizapp.core.learning.grading.formulas import Sort, find_sort, simplify_answer


@pytest.mark.parametrize(
    ("wording", "sort"),
    [
        ("well-known", Sort.WORDS),
        ("B-52", Sort.WORDS),
        ("x - 5", Sort.FORMULA),
        ("10⁻³", Sort.FORMULA),
        ("Jean−Paul", Sort.WORDS),
        ("Cl⁻", Sort.SUBSTANCE),
        ("A-", Sort.SUBSTANCE),
    ],
)
def test_a_wording_is_of_words_a_formula_or_a_substance(wording: str, sort: Sort) -> None:
    assert find_sort(wording) is sort


def test_answers_that_differ_by_a_sign_alone_are_not_alike() -> None:
    assert simplify_answer("x=-5", "en") != simplify_answer("x=5", "en")
    assert simplify_answer("Well-known", "en") == simplify_answer("well known", "en")
