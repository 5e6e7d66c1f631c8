"""What a saved answer is worth."""

import json
from dataclasses import replace

from quizapp.core.learning.grading import Grade, Verdict, grade, parse_response
from quizapp.services.results import read_card
from quizapp.store.assessments_attempts import QuestionRecord


def grade_answer(question: QuestionRecord) -> Grade | None:
    """What the saved answer is worth; None where there is none, or only a part of one."""
    if not question.response:
        return None
    card = read_card(question.body)
    return grade(card, parse_response(card, json.loads(question.response)), question.language)


def judge_answer(question: QuestionRecord) -> Grade | None:
    """What the saved answer counts as: its grade, unless a teacher made it worth something else since."""
    graded = grade_answer(question)
    if graded is None or question.score is None or question.score == graded.score:
        return graded
    return replace(graded, score=question.score, verdict=Verdict(question.verdict))
