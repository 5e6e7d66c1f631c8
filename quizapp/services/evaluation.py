"""How well the memory model predicts a review log that somebody brings in a file. Needs no database."""

from dataclasses import dataclass

from quizapp.core.learning.evaluate import Metrics, measure, predict_average, predict_with
from quizapp.core.learning.fitting import FitTrial, try_fit
from quizapp.core.learning.histories import collect_histories, list_items, list_usual_items
from quizapp.core.learning.reviewlog import read_review_log
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures for a log of ``reviews``, of which ``dropped`` predictable ones were outliers.

    ``default`` and ``average`` are measured on all that can be predicted; where a fit was asked for, all three are
    measured on the later fifth, and ``trial`` holds the fitted parameters.
    """

    reviews: int
    dropped: int
    default: Metrics
    average: Metrics
    trial: FitTrial | None = None


def evaluate_log(
    data: bytes, file: str, calendar: StudyCalendar, *, fit: bool = False
) -> Evaluation | tuple[Problem, ...]:
    """Measure the default parameters, the plain running average and, on wish, fitted parameters on a review log.

    Gives the problems of the file instead where it cannot be read. Raises Invalid where there is too little to measure
    or to fit.
    """
    log = read_review_log(data, file)
    if log and isinstance(log[0], Problem):
        return tuple(problem for problem in log if isinstance(problem, Problem))
    reviews = [review for review in log if not isinstance(review, Problem)]
    histories = collect_histories(reviews, calendar)
    kept = list_usual_items(histories)
    dropped = len(list_items(histories)) - len(kept)
    if fit:
        trial = try_fit(histories, kept)
        return Evaluation(len(reviews), dropped, trial.current, trial.average, trial)
    default = measure(kept, predict_with(SchedulerSettings().parameters)(histories, kept))
    return Evaluation(len(reviews), dropped, default, measure(kept, predict_average(kept)))
