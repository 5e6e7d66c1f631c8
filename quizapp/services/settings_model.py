"""What a learner may know of the memory model they study by: what it was fitted to, how well it predicts, and what
moving the cards to where it would have put them would do."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.services.accounts import Viewer
from quizapp.services.fitting import LearnerFit, find_fit
from quizapp.services.rescheduling import ReschedulePreview, find_last_reschedule, preview_reschedule
from quizapp.services.rules import StudyRules
from quizapp.store.fits import FitRecord
from quizapp.store.reschedules import RescheduleRecord


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """A fit in figures.

    ``scope``: whose answers it was made from (learner or class). ``reviews`` were used and ``held_out`` later ones
    predicted; the log losses are those of these predictions by the fit, by what was in use before, and by the plain
    share of right answers so far.
    """

    scope: str
    kept: bool
    reviews: int
    held_out: int
    loss: float
    loss_before: float
    loss_average: float
    made: datetime

    @property
    def gain(self) -> float:
        """The part of the loss before that the fit spares: 0.05 is five percent less; below zero where it is more."""
        return (self.loss_before - self.loss) / self.loss_before if self.loss_before else 0.0


@dataclass(frozen=True, slots=True)
class LastMove:
    """The last time that the cards were moved: how many were, how many could still go back, and whether all went."""

    moved: datetime
    cards: int
    untouched: int
    undone: bool


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The model in use (None: the usual one), the last fit that was refused, and what moving the cards would do."""

    in_use: ModelFigures | None
    refused: ModelFigures | None
    preview: ReschedulePreview
    last: LastMove | None


def _figures(fit: FitRecord | None) -> ModelFigures | None:
    if fit is None:
        return None
    return ModelFigures(
        scope=fit.scope,
        kept=fit.outcome == "kept",
        reviews=fit.reviews,
        held_out=fit.held_out,
        loss=fit.log_loss,
        loss_before=fit.log_loss_before,
        loss_average=fit.log_loss_average,
        made=fit.created_at,
    )


def _last(record: RescheduleRecord | None) -> LastMove | None:
    if record is None:
        return None
    return LastMove(record.created_at, record.cards, record.untouched, record.undone_at is not None)


def _newer(refused: ModelFigures | None, in_use: ModelFigures | None) -> ModelFigures | None:
    """The refused fit, where it was tried after the one in use: an older one is history."""
    return refused if refused and (in_use is None or refused.made > in_use.made) else None


def view_model(session: Session, viewer: Viewer, rules: StudyRules, now: datetime) -> ModelPage:
    """The memory model of a learner. Changes nothing."""
    fit: LearnerFit = find_fit(session, viewer.learner_id)
    in_use = _figures(fit.in_use)
    return ModelPage(
        in_use=in_use,
        refused=_newer(_figures(fit.refused), in_use),
        preview=preview_reschedule(session, viewer, rules, now),
        last=_last(find_last_reschedule(session, viewer.learner_id)),
    )
