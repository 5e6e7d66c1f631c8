"""What a saved answer is worth."""

import json
from dataclasses import replace

from quizapp.core.errors import Invalid
from quizapp.core.learning.grading import Grade, Verdict, parse_response
from quizapp.services.grading import grade_any
from quizapp.services.results import read_card
from quizapp.store.assessments_attempts import QuestionRecord


def grade_answer(question: QuestionRecord) -> Grade | None:
    """What the saved answer is worth; None where there is none, or only a part of one."""
    if not question.response:
        return None
    card = read_card(question.body)
    return grade_any(card, parse_response(card, json.loads(question.response)), question.language)


def grade_by_later(question: QuestionRecord, later: tuple[int, str] | None) -> tuple[Grade | None, int]:
    """What the saved answer is worth, and the revision that says so.

    ``later``: the revision, and its card as JSON, by which a teacher has old answers graded since the question was
    drawn. An answer that those words cannot read is graded by the words it was asked with.
    """
    if later is None:
        return grade_answer(question), question.revision_id
    try:
        return grade_answer(replace(question, body=later[1])), later[0]
    except Invalid:
        return grade_answer(question), question.revision_id


def judge_answer(question: QuestionRecord) -> Grade | None:
    """What the saved answer counts as: its grade, unless a teacher made it worth something else since."""
    graded = grade_answer(question)
    if graded is None or question.score is None or question.score == graded.score:
        return graded
    return replace(graded, score=question.score, verdict=Verdict(question.verdict))
