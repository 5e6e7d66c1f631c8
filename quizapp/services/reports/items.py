"""The report ``items``: the item analysis of a class, test by test, and deck by deck for study."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from quizapp.core.analysis.items.misconceptions import Misconception, WrongAnswer, group_wrong_answers
from quizapp.core.analysis.items.model import Estimate, ItemAnswer, ItemStatistics, OptionLine, ScaleStatistics, Thirds
from quizapp.core.analysis.items.statistics import analyse
from quizapp.core.errors import NotFound
from quizapp.core.messages import say
from quizapp.core.reports.cells import clean_text, round_number
from quizapp.core.reports.columns import Row
from quizapp.services.assessments.access import Assessment
from quizapp.services.reports.attempts import name_test
from quizapp.services.reports.cards import BETWEEN, CardCells, CardShelf, list_chosen, list_wrong
from quizapp.services.reports.responses import find_test_keys
from quizapp.services.reports.scope import Scope
from quizapp.store import reports as store
from quizapp.store import reports_tests as test_store
from quizapp.store.reports import FirstAnswer

MOST_TELLING = 3
"""So many wrong answers stand in the report; the page of an item shows all."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A place where items were asked: a test, or (None) the study of one deck; with the first answers and figures."""

    test: Assessment | None
    answers: tuple[FirstAnswer, ...]
    cards: dict[int, CardCells]
    figures: ScaleStatistics

    def find_wrong(self, revision_id: int) -> tuple[Misconception, ...]:
        """The wrong answers to an item, those that say the same together."""
        revision = self.cards[revision_id].revision
        wrong = (
            WrongAnswer(answer.learner_id, text, answer.confidence)
            for answer in self.answers
            if answer.revision_id == revision_id
            for text in list_wrong(revision, answer.response)
        )
        return group_wrong_answers(wrong, revision.language)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item for the page about it."""

    test: Assessment | None
    card: CardCells
    figures: ItemStatistics
    alpha: Estimate | None
    wrong: tuple[Misconception, ...]


def _read_answer(answer: FirstAnswer, card: CardCells) -> ItemAnswer:
    return ItemAnswer(
        student=answer.learner_id,
        item=answer.revision_id,
        score=answer.score or 0.0,
        chosen=list_chosen(answer.response) if card.options else (),
        given=answer.score is not None,
        millis=answer.shown_ms,
    )


def _make_scale(session: Session, test: Assessment | None, answers: Sequence[FirstAnswer], shelf: CardShelf) -> Scale:
    cards = shelf.fetch(session, {answer.revision_id for answer in answers})
    options = {one: found for one in {answer.revision_id for answer in answers} if (found := cards[one].options)}
    figures = analyse((_read_answer(answer, cards[answer.revision_id]) for answer in answers), options)
    return Scale(test, tuple(answers), cards, figures)


def list_scales(session: Session, scope: Scope) -> Iterator[Scale]:
    """The places where the class was asked something: its tests, then the decks it studies."""
    shelf = CardShelf()
    for test in scope.tests:
        sat = test_store.list_first_in_test(session, test.record.id, scope.taught.id)
        yield _make_scale(session, test, sat, shelf)
    in_tests = find_test_keys(session, scope, [member.learner_id for member in scope.members])
    for deck_id in store.list_decks(session, scope.taught.id):
        studied = store.list_first_in_study(session, scope.taught.id, deck_id)
        yield _make_scale(session, None, [one for one in studied if one.key not in in_tests], shelf)


def _ends(estimate: Estimate | None) -> Row:
    """An estimate as three cells: the value and the ends of its interval."""
    if estimate is None:
        return None, None, None
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    return round_number(estimate.value), round_number(low), round_number(high)


def show_thirds(thirds: Thirds) -> str:
    """The students of the best, the middle and the lowest third: ``3/2/1``."""
    return f"{thirds.top}/{thirds.middle}/{thirds.bottom}"


def _show_option(line: OptionLine) -> str:
    mark = "✓ " if line.right else ""
    return f"{mark}{line.text}: {line.chosen.total} ({show_thirds(line.chosen)})"


def _show_wrong(found: Misconception) -> str:
    sure = f", {found.sure[2]} sure" if found.sure[2] else ""
    return f"{found.text}: {found.students}{sure}"


def _join(texts: Iterable[str]) -> str:
    return clean_text(BETWEEN.join(texts))


def _describe(scope: Scope, scale: Scale, revision_id: int, figures: ItemStatistics) -> Row:
    card = scale.cards[revision_id]
    asked, right = figures.thirds, figures.right_thirds
    alpha = scale.figures.alpha
    return (
        clean_text(scope.taught.name),
        *(("study", None, None) if scale.test is None else ("test", *name_test(scale.test))),
        *card.item,
        card.prompt,
        figures.count,
        figures.omitted,
        figures.right,
        *_ends(figures.facility),
        *_ends(figures.discrimination),
        None if alpha is None else round_number(alpha.value),
        *_ends(figures.alpha_without),
        *_ends(figures.median_ms),
        *(asked.top, asked.middle, asked.bottom),
        *(right.top, right.middle, right.bottom),
        _join(map(_show_option, figures.options)),
        clean_text(figures.likely_key),
        _join(map(_show_wrong, scale.find_wrong(revision_id)[:MOST_TELLING])),
    )


def list_items(session: Session, scope: Scope) -> Iterator[Row]:
    """A row for each item: tests first, each in the order of its cards' names."""
    for scale in list_scales(session, scope):
        items = scale.figures.items
        for revision_id in sorted(items, key=lambda one: scale.cards[one].item[:2]):
            yield _describe(scope, scale, revision_id, items[revision_id])


def view_item(session: Session, scope: Scope, ref: str, number: int, test: str) -> ItemView:
    """One item: the card (``DECK/CARD``) at a revision, in the test of this handle, or (blank) in study.

    Raises NotFound where the class was never asked it there.
    """
    for scale in list_scales(session, scope):
        if (scale.test.handle if scale.test else "") != test:
            continue
        for revision_id, figures in scale.figures.items.items():
            card = scale.cards[revision_id]
            if card.item[:2] == (ref, number):
                return ItemView(scale.test, card, figures, scale.figures.alpha, scale.find_wrong(revision_id))
    raise NotFound(say("Nobody in this class has answered this card there."))
