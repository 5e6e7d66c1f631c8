"""How well the memory model predicts a review log that somebody brings in a file. Needs no database."""

from dataclasses import dataclass

from quizapp.core.learning.evaluate import Metrics, measure, predict_average, predict_with
from quizapp.core.learning.fitting import FitTrial, try_fit
from quizapp.core.learning.histories import collect_histories, list_items, list_usual_items
from quizapp.core.learning.reviewlog import LeftOut, read_review_log
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures for a log of ``reviews``, of which ``dropped`` predictable ones were outliers.

    ``default`` and ``average`` are measured on all that can be predicted; where a fit was asked for, all three are
    measured on the later fifth, and ``trial`` holds the fitted parameters. ``left_out`` are lines that are no reviews,
    ``notes`` say how the file was understood.
    """

    reviews: int
    dropped: int
    default: Metrics
    average: Metrics
    trial: FitTrial | None = None
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()


def evaluate_log(
    data: bytes, file: str, calendar: StudyCalendar, *, fit: bool = False, skips_faulty: bool = False
) -> Evaluation | tuple[Problem, ...]:
    """Measure the default parameters, the plain running average and, on wish, fitted parameters on a review log.

    Gives the problems of the file instead where it cannot be read; with ``skips_faulty``, lines at fault are left out.
    Raises Invalid where there is too little to measure or to fit.
    """
    log = read_review_log(data, file, calendar.zone, skips_faulty=skips_faulty)
    if isinstance(log, tuple):
        return log
    count = len(log.reviews)
    histories = collect_histories(log.reviews, calendar)
    kept = list_usual_items(histories)
    dropped = len(list_items(histories)) - len(kept)
    if fit:
        trial = try_fit(histories, kept)
        return Evaluation(count, dropped, trial.current, trial.average, trial, log.left_out, log.notes)
    default = measure(kept, predict_with(SchedulerSettings().parameters)(histories, kept))
    average = measure(kept, predict_average(kept))
    return Evaluation(count, dropped, default, average, None, log.left_out, log.notes)
