"""Fitting the memory model to what a learner, a class or a deck's learners have answered.

Never in a request: a fit is a job (``services.jobs``), or a command. What is found is kept only where it predicts later
reviews, which it has not seen, better than what is in use and than the plain running average; either way it is written
down with its figures. Who should study by a kept fit is brought to it by further jobs (``services.adopting``).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby, pairwise

from fsrs.scheduler import DEFAULT_PARAMETERS
from sqlmodel import Session

from quizapp.core.errors import Invalid, NotFound
from quizapp.core.learning.evaluate import predict_by
from quizapp.core.learning.fitting import FitTrial, try_fit
from quizapp.core.learning.histories import History, Item, list_usual_items
from quizapp.core.learning.prior import try_priors
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.services.jobs import Compute, Write
from quizapp.store import fits as store
from quizapp.store import jobs
from quizapp.store.fits import FitAnswer, FitRecord, InUse, NewFit

FIT, ADOPT = "fit", "adopt"
"""The kinds of jobs: fit parameters, and bring a learner to the fit that counts for them."""
FIRST_FIT_AT = 500
"""So many answers, the first ones and those on the same day among them, usually hold the reviews that a fit needs."""
NEXT_FIT_AFTER = 1.3
"""A new fit is due once there are this many times the answers of the last."""

_Parameters = tuple[float, ...]


class FitScope(StrEnum):
    """Whose answers a fit learns from."""

    LEARNER = "learner"
    CLASS = "class"
    DECK = "deck"


@dataclass(frozen=True, slots=True)
class LearnerFit:
    """The fit that a learner studies by, and the last one of their own that was refused; None where there is none."""

    in_use: FitRecord | None
    refused: FitRecord | None


@dataclass(frozen=True, slots=True)
class _Material:
    """All that a fit learns from and is compared with.

    ``histories`` are what it learns from; ``as_used`` are the same with the priors in use, and ``parameters`` those in
    use for each. ``judges`` are the numbers of the histories of those who would get it. ``start`` is where the fit
    begins; ``base`` are the parameters that a class goes on with where only priors are better; ``prior`` is what a
    learner's fit takes over, as JSON.
    """

    scope: FitScope
    subject_id: int
    answers: int
    histories: tuple[History, ...]
    as_used: tuple[History, ...]
    parameters: tuple[_Parameters, ...]
    cards: tuple[str, ...]
    judges: frozenset[int]
    start: _Parameters
    base: _Parameters
    prior: str

    def predict_as_used(self, _: Sequence[History], items: Sequence[Item]) -> list[float]:
        """The predictions of what is in use."""
        return predict_by(self.parameters.__getitem__)(self.as_used, items)


def name_job(scope: FitScope, subject_id: int) -> str:
    """The subject of a job that fits."""
    return f"{scope.value}:{subject_id}"


def find_subject(session: Session, scope: FitScope, name: str) -> int:
    """The id behind an account's name, a class's handle or a deck's id. Raises NotFound."""
    found = store.find_subject(session, scope.value, name_key(name) if scope is FitScope.LEARNER else name)
    if found is None:
        what = {"learner": say("account"), "class": say("class"), "deck": say("deck")}[scope.value]
        raise NotFound(say("There is no %(what)s “%(name)s”.", what=what, name=name))
    return found


def _read_parameters(text: str) -> _Parameters:
    return tuple(json.loads(text)) if text else DEFAULT_PARAMETERS


def _make_history(answers: Sequence[FitAnswer], prior: float) -> History:
    elapsed = (0, *(max(later.day - answer.day, 0) for answer, later in pairwise(answers)))
    ratings = tuple(answer.rating for answer in answers)
    return History(elapsed, ratings, tuple(answer.at for answer in answers), prior)


def _read_material(session: Session, scope: FitScope, subject_id: int) -> _Material:
    answers = store.list_answers(session, scope.value, subject_id)
    refs = store.list_refs(session, {answer.deck_id for answer in answers})
    in_use = store.list_in_use(session, {answer.learner_id for answer in answers})
    priors = {learner_id: json.loads(used.prior) if used.prior else {} for learner_id, used in in_use.items()}
    decks = store.list_deck_parameters(session)
    pooled = scope is not FitScope.LEARNER
    followers = set(store.list_followers(session, scope.value, subject_id)) if pooled else {subject_id}
    histories: list[History] = []
    as_used, parameters, cards, judges = [], [], [], []
    for (learner_id, card_id), group in groupby(answers, key=lambda answer: (answer.learner_id, answer.card_id)):
        some = list(group)
        history = _make_history(some, priors[learner_id].get(refs[card_id], 1.0))
        if learner_id in followers:
            judges.append(len(histories))
        histories.append(replace(history, prior=1.0) if pooled else history)
        as_used.append(history)
        parameters.append(_read_parameters(in_use[learner_id].parameters or decks.get(some[0].deck_id, "")))
        cards.append(refs[card_id])
    return _Material(
        *(scope, subject_id, len(answers), tuple(histories), tuple(as_used), tuple(parameters), tuple(cards)),
        judges=frozenset(judges),
        start=DEFAULT_PARAMETERS if pooled else _find_kept(session, store.list_classes(session, subject_id)),
        base=_find_kept(session, [subject_id]) if scope is FitScope.CLASS else DEFAULT_PARAMETERS,
        prior="" if pooled else in_use.get(subject_id, InUse()).prior,
    )


def _find_kept(session: Session, class_ids: Sequence[int]) -> _Parameters:
    """What has been learned of these classes; the defaults where that is nothing."""
    kept = store.find_last_fit(session, "class", class_ids, "kept")
    return DEFAULT_PARAMETERS if kept is None else _read_parameters(kept.parameters)


def _try_parameters(material: _Material) -> FitTrial | Invalid:
    """A trial, or why there can be none."""
    if material.histories and not material.judges:
        return Invalid(say("Everybody here has parameters of their own already: nobody would study by new ones."))
    items = list_usual_items(material.histories)
    seed = name_job(material.scope, material.subject_id).encode()
    try:
        return try_fit(
            material.histories,
            items,
            material.predict_as_used,
            start=material.start,
            seed=seed,
            judged_by=material.judges,
        )
    except Invalid as error:
        return error


def _find_fit(material: _Material) -> Callable[[datetime], NewFit]:
    """What a fit comes to, to be dated. Raises Invalid where there are too few answers for any."""
    trial = _try_parameters(material)
    fitted = trial.parameters if isinstance(trial, FitTrial) and trial.better else None
    priors = None
    if material.scope is FitScope.CLASS and material.judges:
        priors = try_priors(material.histories, material.cards, fitted or material.base, material.predict_as_used)
    has_priors = priors is not None and priors.better
    judged = priors if priors is not None and (has_priors or isinstance(trial, Invalid)) else trial
    if isinstance(judged, Invalid):
        raise judged
    kept = fitted is not None or has_priors
    parameters = trial.parameters if isinstance(trial, FitTrial) and not kept else fitted or material.base
    prior = json.dumps(priors.priors, separators=(",", ":")) if priors is not None and has_priors else material.prior
    return lambda now: NewFit(
        scope=material.scope.value,
        subject_id=material.subject_id,
        outcome="kept" if kept else "refused",
        parameters=json.dumps(parameters),
        prior=prior,
        reviews=material.answers,
        held_out=judged.fitted.items,
        log_loss=judged.fitted.log_loss,
        log_loss_before=judged.current.log_loss,
        log_loss_average=judged.average.log_loss,
        created_at=now,
    )


def _write_fit(session: Session, fit: NewFit, now: datetime) -> str:
    scope = FitScope(fit.scope)
    if not store.has_subject(session, scope.value, fit.subject_id):
        raise NotFound(say("It is no longer there."))
    fit_id = store.add_fit(session, fit)
    if fit.outcome == "kept":
        if scope is FitScope.LEARNER:
            followers = [fit.subject_id]
        else:
            followers = store.list_followers(session, scope.value, fit.subject_id)
        if scope is FitScope.DECK:
            store.set_deck_fit(session, fit.subject_id, fit_id)
        for learner_id in followers:
            jobs.enqueue(session, ADOPT, str(learner_id), now)
    return say(
        "%(outcome)s: log loss %(new).4f on %(count)s later reviews, %(old).4f before, %(average).4f by the average",
        outcome=fit.outcome,
        new=fit.log_loss,
        count=fit.held_out,
        old=fit.log_loss_before,
        average=fit.log_loss_average,
    )


def read_fit(session: Session, subject: str) -> Compute:
    """The job that fits: reads all answers of its subject (``name_job``). Raises NotFound where there is none such."""
    scope_name, _, subject_id = subject.partition(":")
    scope = FitScope(scope_name)
    if not store.has_subject(session, scope.value, int(subject_id)):
        raise NotFound(say("It is no longer there."))
    material = _read_material(session, scope, int(subject_id))

    def compute() -> Write:
        date_fit = _find_fit(material)
        return lambda session, now: _write_fit(session, date_fit(now), now)

    return compute


def _is_due(last: FitRecord | None, answers: int) -> bool:
    return answers >= FIRST_FIT_AT and (last is None or answers >= NEXT_FIT_AFTER * last.reviews)


def queue_if_due(session: Session, learner_id: int, seq: int, now: datetime) -> None:
    """Let fits wait for a learner whose last answer has the number ``seq``, and for the learner's classes, if due.

    Cheap, but not for every answer: ask at each hundredth or so. The caller commits.
    """
    if _is_due(store.find_last_fit(session, "learner", [learner_id]), seq):
        jobs.enqueue(session, FIT, name_job(FitScope.LEARNER, learner_id), now)
    for class_id in store.list_classes(session, learner_id):
        answers = store.count_class_answers(session, class_id)
        if _is_due(store.find_last_fit(session, "class", [class_id]), answers):
            jobs.enqueue(session, FIT, name_job(FitScope.CLASS, class_id), now)


def find_unadopted(session: Session) -> list[tuple[str, str]]:
    """Jobs for learners who came into a class after its fit was made, so that they start from it."""
    return [(ADOPT, str(learner_id)) for learner_id in store.list_waiting_for_class_fit(session)]


def find_fit(session: Session, learner_id: int) -> LearnerFit:
    """The figures of the fit that a learner studies by, and of the last one of their own that was refused."""
    return LearnerFit(
        store.find_fit_in_use(session, learner_id), store.find_last_fit(session, "learner", [learner_id], "refused")
    )


def find_last_fit(session: Session, scope: FitScope, subject_id: int) -> FitRecord | None:
    """The last fit made for a learner, a class or a deck, kept or refused."""
    return store.find_last_fit(session, scope.value, [subject_id])


def show_fit(fit: FitRecord) -> dict[str, object]:
    """A fit as a program reads it."""
    return {
        "scope": fit.scope,
        "outcome": fit.outcome,
        "reviews": fit.reviews,
        "held_out": fit.held_out,
        "log_loss": round(fit.log_loss, 6),
        "log_loss_before": round(fit.log_loss_before, 6),
        "log_loss_average": round(fit.log_loss_average, 6),
        "parameters": json.loads(fit.parameters),
        "prior": json.loads(fit.prior) if fit.prior else {},
    }
