"""Item analysis: how hard an item is, whether it tells those who know from those who do not, and what was chosen.

Discrimination is the correlation with the rest score, as in Moodle, not the difference of upper and lower groups. The
rest score is the mean of a student's other items of the same scale, so that students need not have met the same items.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from quizapp.core.analysis.items.intervals import (
    Interval,
    find_feldt,
    find_fisher,
    find_median,
    find_median_interval,
    find_wilson,
)
from quizapp.core.analysis.items.model import (
    FEWEST,
    Estimate,
    ItemAnswer,
    ItemStatistics,
    OptionLine,
    Options,
    ScaleStatistics,
    Thirds,
)
from quizapp.core.learning.grading import CORRECT_FROM

_TINY = 1e-12
_RANKS = ("bottom", "middle", "top")


def correlate(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None where one side does not vary."""
    count = len(pairs)
    if count < 2:
        return None
    mean_x, mean_y = (math.fsum(pair[side] for pair in pairs) / count for side in (0, 1))
    sum_x = math.fsum((x - mean_x) ** 2 for x, _ in pairs)
    sum_y = math.fsum((y - mean_y) ** 2 for _, y in pairs)
    if sum_x < _TINY or sum_y < _TINY:
        return None
    both = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return min(max(both / math.sqrt(sum_x * sum_y), -1.0), 1.0)


def _estimate_correlation(pairs: Sequence[tuple[float, float]]) -> Estimate | None:
    found = correlate(pairs) if len(pairs) >= FEWEST else None
    return None if found is None else Estimate(found, len(pairs), find_fisher(found, len(pairs)))


def _estimate_share(total: float, count: int) -> Estimate | None:
    return Estimate(total / count, count, find_wilson(total / count, count)) if count >= FEWEST else None


def _estimate_median(answers: Sequence[ItemAnswer]) -> Estimate | None:
    times = [float(answer.millis) for answer in answers if answer.millis is not None]
    median = find_median(times) if len(times) >= FEWEST else None
    return None if median is None else Estimate(median, len(times), find_median_interval(times))


def rank_thirds(rests: Mapping[int, float]) -> dict[int, str]:
    """The third of each student by rest score. Equal scores share a third: the one in which their middle rank lies."""
    ordered = sorted(rests.values())
    count = len(ordered)
    first = {score: place for place, score in reversed(list(enumerate(ordered)))}
    last = {score: place for place, score in enumerate(ordered)}
    return {
        student: _RANKS[min((first[score] + last[score] + 1) * 3 // (2 * count), 2)] for student, score in rests.items()
    }


def _count_thirds(students: Iterable[int], thirds: Mapping[int, str]) -> Thirds:
    counts = {"top": 0, "middle": 0, "bottom": 0, "unranked": 0}
    for student in students:
        counts[thirds.get(student, "unranked")] += 1
    return Thirds(**counts)


def _describe_options(
    answers: Sequence[ItemAnswer], rests: Mapping[int, float], thirds: Mapping[int, str], options: Options
) -> tuple[OptionLine, ...]:
    lines = []
    for text in options.texts:
        took = [answer.student for answer in answers if text in answer.chosen]
        pairs = [(float(text in one.chosen), rests[one.student]) for one in answers if one.student in rests]
        lines.append(
            OptionLine(
                text,
                text in options.right,
                _count_thirds(took, thirds),
                _estimate_share(len(took), len(answers)),
                _estimate_correlation(pairs),
            )
        )
    return tuple(lines)


def _interval(line: OptionLine) -> Interval | None:
    return None if line.discrimination is None else line.discrimination.interval


def find_likely_key(lines: Sequence[OptionLine]) -> str:
    """The wrong option that looks like the right one of an item with one right option; blank where none does.

    It does where more of the best third chose it than the right one, and its correlation with the rest score lies above
    zero with the whole of its interval.
    """
    keys = [line for line in lines if line.right]
    if len(keys) != 1:
        return ""
    better = [
        line
        for line in lines
        if not line.right
        and line.chosen.top > keys[0].chosen.top
        and (interval := _interval(line)) is not None
        and interval.low > 0
    ]
    return max(better, key=lambda line: line.chosen.top).text if better else ""


def _find_alphas(scores: Mapping[int, Mapping[int, float]], items: Sequence[int]) -> dict[int | None, Estimate]:
    """Alpha of all items (None) and without each, over the students who answered all of them."""
    whole = [answered for answered in scores.values() if len(answered) == len(items)]
    count = len(whole)
    if count < FEWEST:
        return {}
    means = {item: math.fsum(one[item] for one in whole) / count for item in items}
    totals = [math.fsum(one[item] - means[item] for item in items) for one in whole]
    spread = math.fsum(total * total for total in totals)
    own = {item: math.fsum((one[item] - means[item]) ** 2 for one in whole) for item in items}
    with_total = {
        item: math.fsum((one[item] - means[item]) * total for one, total in zip(whole, totals, strict=True))
        for item in items
    }
    found: dict[int | None, Estimate] = {}
    for left_out in (None, *items):
        kept = len(items) - (left_out is not None)
        each = math.fsum(value for item, value in own.items() if item != left_out)
        together = spread if left_out is None else spread + own[left_out] - 2 * with_total[left_out]
        if kept >= 2 and together > _TINY:
            alpha = kept / (kept - 1) * (1 - each / together)
            found[left_out] = Estimate(alpha, count, find_feldt(alpha, count, kept))
    return found


def _analyse_item(
    answers: Sequence[ItemAnswer], rests: Mapping[int, float], alpha: Estimate | None, options: Options | None
) -> ItemStatistics:
    thirds = rank_thirds(rests)
    right = [answer.student for answer in answers if answer.score >= CORRECT_FROM]
    lines = _describe_options(answers, rests, thirds, options) if options else ()
    return ItemStatistics(
        count=len(answers),
        omitted=sum(not answer.given for answer in answers),
        right=len(right),
        facility=_estimate_share(math.fsum(answer.score for answer in answers), len(answers)),
        discrimination=_estimate_correlation(
            [(answer.score, rests[answer.student]) for answer in answers if answer.student in rests]
        ),
        alpha_without=alpha,
        median_ms=_estimate_median(answers),
        thirds=_count_thirds((answer.student for answer in answers), thirds),
        right_thirds=_count_thirds(right, thirds),
        options=lines,
        likely_key=find_likely_key(lines),
    )


def analyse(answers: Iterable[ItemAnswer], options: Mapping[int, Options]) -> ScaleStatistics:
    """The figures of a scale. ``options`` are those of the items that have some.

    Of several answers of a student to an item the first counts: later ones are learning, not measuring.
    """
    by_item: dict[int, list[ItemAnswer]] = defaultdict(list)
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for answer in answers:
        if answer.item not in scores[answer.student]:
            scores[answer.student][answer.item] = answer.score
            by_item[answer.item].append(answer)
    sums = {student: math.fsum(own.values()) for student, own in scores.items()}
    alphas = _find_alphas(scores, list(by_item))
    items = {}
    for item, given in by_item.items():
        rests = {
            answer.student: round((sums[answer.student] - answer.score) / (len(scores[answer.student]) - 1), 9)
            for answer in given
            if len(scores[answer.student]) > 1
        }
        items[item] = _analyse_item(given, rests, alphas.get(item), options.get(item))
    return ScaleStatistics(items, alphas.get(None))
