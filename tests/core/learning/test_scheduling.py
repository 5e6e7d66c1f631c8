from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.errors import Invalid
from quizapp.core.learning.balance import Load
from quizapp.core.learning.fuzz import fuzz_range, fuzz_seed
from quizapp.core.learning.memory import MemoryState, Phase, Rating
from quizapp.core.learning.scheduling import (
    HIGHEST_STABILITY,
    MODEL,
    Scheduler,
    SchedulerSettings,
    days_until,
    recall_after,
)
from quizapp.core.learning.studyday import StudyCalendar

AGAIN, HARD, GOOD, EASY = Rating
UTC_CALENDAR = StudyCalendar(ZoneInfo("UTC"))
SCHEDULER = Scheduler(SchedulerSettings(), UTC_CALENDAR)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)

ratings = st.sampled_from(Rating)
gaps = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=2)),
    st.timedeltas(timedelta(0), timedelta(days=900)),
    st.timedeltas(timedelta(days=-400), timedelta(0)),
)
histories = st.lists(st.tuples(ratings, gaps), min_size=1, max_size=12)
calendars = st.builds(
    StudyCalendar,
    st.sampled_from(sorted(available_timezones())).map(ZoneInfo),
    st.sampled_from([time(4), time(0), time(2, 30)]),
)
steps = st.lists(st.integers(1, 16 * 3600).map(lambda count: timedelta(seconds=count)), max_size=3).map(
    lambda some: tuple(sorted(some))
)
settings = st.builds(
    SchedulerSettings,
    desired_retention=st.floats(0.70, 0.97),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.integers(1, 36_500),
)
spread_loads = st.builds(
    Load,
    st.dictionaries(st.integers(-400, 900).map(lambda days: (NOON + timedelta(days=days)).date()), st.integers(0, 9)),
    siblings=st.frozensets(st.integers(-400, 900).map(lambda days: (NOON + timedelta(days=days)).date()), max_size=9),
)


def log_of(history: list[tuple[Rating, timedelta]], start: datetime = NOON) -> list[tuple[Rating, datetime]]:
    log = []
    for rating, gap in history:
        start += gap
        log.append((rating, start))
    return log


def review_when_due(*given: Rating) -> list[MemoryState]:
    states: list[MemoryState] = []
    for rating in given:
        state = states[-1] if states else None
        states.append(SCHEDULER.review(state, rating, state.due if state else NOON))
    return states


def reviewed(stability: float = 10.0, days_ago: int = 10) -> MemoryState:
    last = NOON - timedelta(days=days_ago)
    due = UTC_CALENDAR.start_of((last + timedelta(days=round(stability))).date())
    return MemoryState(Phase.REVIEW, None, stability, 5.0, due, last, reps=3, lapses=0)


def band_of(state: MemoryState, rating: Rating, now: datetime) -> range:
    """The days among which a review could move a card that leaves its steps."""
    plain = SCHEDULER.review(state, rating, now)
    days = (UTC_CALENDAR.day_of(plain.due) - UTC_CALENDAR.day_of(now)).days
    return fuzz_range(days, SCHEDULER.settings.maximum_interval)


class TestKnownAnswers:
    """Figures that py-fsrs, fsrs-rs and ts-fsrs agree on; the Rust crate counts with 32 bits, hence the tolerance."""

    def test_stability_and_difficulty_after_six_reviews(self):
        given = zip((AGAIN, GOOD, GOOD, GOOD, GOOD, GOOD), (0, 0, 1, 3, 8, 21), strict=True)
        state = SCHEDULER.replay(log_of([(rating, timedelta(days=days)) for rating, days in given]))
        assert state.stability == pytest.approx(53.62691, rel=1e-6)
        assert state.difficulty == pytest.approx(6.3574867, rel=1e-6)

    def test_intervals_of_thirteen_reviews_each_when_due(self):
        states = review_when_due(*[GOOD] * 6, *[AGAIN] * 2, *[GOOD] * 5)
        days = [(state.due.date() - state.last_review.date()).days for state in states]
        assert days == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]

    def test_intervals_for_a_stability_of_one_day(self):
        table = [3_116_766, 34_793, 2_508, 387, 90, 27, 9, 3, 1, 1]
        assert [days_until(tenth / 10, 1.0) for tenth in range(1, 11)] == pytest.approx(table, rel=1e-6)


class TestSteps:
    def test_a_new_card_goes_through_one_and_ten_minutes_to_whole_days(self):
        first, second, third = review_when_due(GOOD, GOOD, GOOD)
        assert (first.phase, first.step, first.due) == (Phase.LEARNING, 1, NOON + timedelta(minutes=10))
        assert (second.phase, second.step) == (Phase.REVIEW, None)
        assert second.due == datetime(2026, 11, 24, 4, tzinfo=UTC)
        assert third.due > second.due

    def test_again_on_a_new_card_comes_back_in_a_minute(self):
        [state] = review_when_due(AGAIN)
        assert (state.step, state.due) == (0, NOON + timedelta(minutes=1))

    def test_a_forgotten_card_is_relearned_and_counted_as_a_lapse(self):
        state = SCHEDULER.review(reviewed(), AGAIN, NOON)
        assert (state.phase, state.due, state.lapses) == (Phase.RELEARNING, NOON + timedelta(minutes=10), 1)
        again = SCHEDULER.review(state, AGAIN, NOON + timedelta(minutes=10))
        assert again.lapses == 1

    def test_a_first_again_is_no_lapse(self):
        assert review_when_due(AGAIN, AGAIN)[-1].lapses == 0

    def test_without_steps_a_card_goes_by_days_at_once(self):
        scheduler = Scheduler(SchedulerSettings(learning_steps=(), relearning_steps=()), UTC_CALENDAR)
        assert scheduler.review(None, AGAIN, NOON).due == datetime(2026, 11, 23, 4, tzinfo=UTC)
        assert scheduler.review(reviewed(), AGAIN, NOON).phase is Phase.REVIEW

    def test_a_step_that_the_settings_no_longer_have_is_the_last(self):
        late = replace(review_when_due(GOOD)[0], step=5)
        assert SCHEDULER.review(late, GOOD, NOON).phase is Phase.REVIEW

    def test_every_review_counts(self):
        assert [state.reps for state in review_when_due(GOOD, AGAIN, GOOD)] == [1, 2, 3]


class TestStudyDays:
    def test_a_lesson_23_hours_later_is_the_next_day(self):
        """Counted by 24 hours, the second review would earn a third of the stability."""
        first = replace(review_when_due(EASY)[0])
        next_day = SCHEDULER.review(first, GOOD, NOON + timedelta(hours=23))
        whole_day = SCHEDULER.review(first, GOOD, NOON + timedelta(hours=24))
        assert next_day.stability == whole_day.stability

    def test_one_in_the_morning_is_the_evening_before(self):
        state = SCHEDULER.review(None, EASY, datetime(2026, 11, 23, 1, tzinfo=UTC))
        assert state.due == SCHEDULER.review(None, EASY, NOON).due

    def test_a_known_card_comes_back_no_sooner_than_one_in_steps_even_just_before_the_day_starts(self):
        just_before_four = datetime(2026, 11, 23, 3, 55, tzinfo=UTC)
        learning = review_when_due(GOOD)[0]
        dues = [state.due for state in SCHEDULER.preview(learning, just_before_four).values()]
        assert dues == sorted(dues)

    def test_recall_falls_by_study_days(self):
        state = reviewed(stability=10, days_ago=0)
        assert SCHEDULER.retrievability(state, NOON + timedelta(hours=15)) == 1.0
        assert SCHEDULER.retrievability(state, NOON + timedelta(hours=17)) < 1.0
        assert SCHEDULER.retrievability(state, NOON + timedelta(days=10)) == pytest.approx(0.9)
        assert SCHEDULER.retrievability(state, NOON - timedelta(days=10)) == 1.0


class TestSpreading:
    def test_without_a_seed_nothing_moves_whatever_the_load(self):
        due = SCHEDULER.review(reviewed(), GOOD, NOON).due
        assert SCHEDULER.review(reviewed(), GOOD, NOON, load=Load({due.date(): 1_000})).due == due

    def test_a_seed_moves_the_day_inside_its_band_and_nothing_else(self):
        plain = SCHEDULER.review(reviewed(), GOOD, NOON)
        dues = set()
        for reps in range(60):
            moved = SCHEDULER.review(reviewed(), GOOD, NOON, seed=fuzz_seed("ada", "dates/one", reps))
            assert replace(moved, due=plain.due) == plain
            dues.add((moved.due.date() - NOON.date()).days)
        assert dues == set(fuzz_range((plain.due.date() - NOON.date()).days, 36_500))

    def test_a_load_chooses_the_emptiest_day_of_the_band(self):
        plain = (SCHEDULER.review(reviewed(), GOOD, NOON).due.date() - NOON.date()).days
        *busy, free = fuzz_range(plain, 36_500)
        load = Load({NOON.date() + timedelta(days=days): 3 for days in busy})
        state = SCHEDULER.review(reviewed(), GOOD, NOON, seed=b"", load=load)
        assert (state.due.date() - NOON.date()).days == free

    def test_steps_of_minutes_are_never_spread(self):
        assert SCHEDULER.review(None, GOOD, NOON, seed=b"x", load=Load()) == SCHEDULER.review(None, GOOD, NOON)


class TestBadInput:
    @pytest.mark.parametrize("rating", [0, 5, True])
    def test_a_rating_that_is_none_is_refused(self, rating: Rating):
        with pytest.raises(Invalid):
            SCHEDULER.replay([(rating, NOON)])

    def test_an_empty_log_is_refused(self):
        with pytest.raises(Invalid):
            SCHEDULER.replay([])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("desired_retention", 1.5),
            ("desired_retention", 0.69),
            ("desired_retention", 0.98),
            ("desired_retention", float("nan")),
            ("maximum_interval", 0),
            ("maximum_interval", 36_501),
            ("learning_steps", (timedelta(0),)),
            ("learning_steps", (timedelta(seconds=1.5),)),
            ("learning_steps", (timedelta(minutes=10), timedelta(minutes=1))),
            ("relearning_steps", (timedelta(days=1),)),
            ("parameters", (1.0,) * 20),
            ("parameters", (*SchedulerSettings().parameters[:20], float("nan"))),
        ],
    )
    def test_settings_out_of_range_are_refused_with_their_field(self, field: str, value: object):
        with pytest.raises(Invalid) as caught:
            replace(SchedulerSettings(), **{field: value})
        assert list(caught.value.fields) == [field]

    def test_a_clock_that_jumps_back_counts_as_the_same_day_and_heals(self):
        ahead = SCHEDULER.review(reviewed(), GOOD, NOON + timedelta(days=365))
        back = SCHEDULER.review(ahead, GOOD, NOON)
        assert back.last_review == NOON
        assert back.due > NOON
        assert ahead.stability <= back.stability < ahead.stability * 2

    def test_the_end_of_the_calendar_is_survived(self):
        state = SCHEDULER.review(reviewed(), EASY, LAST_MOMENT)
        assert state.due >= state.last_review
        assert SCHEDULER.review(state, AGAIN, LAST_MOMENT).due >= state.last_review

    def test_stability_stays_finite_under_a_thousand_easy_answers_in_a_row(self):
        parameters = (*SchedulerSettings().parameters[:17], 2.0, 2.0, 0.0, 0.1542)
        scheduler = Scheduler(SchedulerSettings(parameters=parameters), UTC_CALENDAR)
        state = scheduler.replay([(EASY, NOON)] * 1_000)
        assert state.stability == HIGHEST_STABILITY


class TestVersion:
    def test_what_never_comes_sooner_changes_nothing_else(self):
        moved = replace(SCHEDULER.review(None, EASY, NOON), due=NOON + timedelta(days=300))
        for rating in Rating:
            plain = SCHEDULER.review(moved, rating, NOON + timedelta(days=1))
            kept = SCHEDULER.review(moved, rating, NOON + timedelta(days=1), never_sooner=True)
            assert kept == replace(plain, due=plain.due if rating is AGAIN else moved.due)
            assert SCHEDULER.review(None, rating, NOON, never_sooner=True) == SCHEDULER.review(None, rating, NOON)
        late = NOON + timedelta(days=299)
        assert SCHEDULER.review(moved, GOOD, late, never_sooner=True) == SCHEDULER.review(moved, GOOD, late)

    def test_the_model_is_named_with_its_settings_and_calendar(self):
        assert SCHEDULER.model.startswith(MODEL + "/")
        assert SCHEDULER.model == Scheduler(SchedulerSettings(), StudyCalendar(ZoneInfo("UTC"))).model

    def test_other_settings_or_days_have_another_name(self):
        others = {
            Scheduler(SchedulerSettings(desired_retention=0.85), UTC_CALENDAR).model,
            Scheduler(SchedulerSettings(learning_steps=()), UTC_CALENDAR).model,
            Scheduler(SchedulerSettings(), StudyCalendar(ZoneInfo("Asia/Tokyo"))).model,
            Scheduler(SchedulerSettings(), StudyCalendar(ZoneInfo("UTC"), time(3))).model,
            SCHEDULER.model,
        }
        assert len(others) == 5


class TestLaws:
    @given(histories, settings, calendars)
    def test_again_is_never_later_than_hard_nor_hard_than_good_nor_good_than_easy(self, history, settings, calendar):
        scheduler = Scheduler(settings, calendar)
        *before, (_, now) = log_of(history)
        outcomes = list(scheduler.preview(scheduler.replay(before) if before else None, now).values())
        assert [state.due for state in outcomes] == sorted(state.due for state in outcomes)
        assert [state.stability for state in outcomes] == sorted(state.stability for state in outcomes)

    @given(histories, settings, calendars)
    def test_due_is_never_before_now_and_the_state_stays_sound(self, history, settings, calendar):
        scheduler = Scheduler(settings, calendar)
        state = None
        for rating, now in log_of(history):
            state = scheduler.review(state, rating, now)
            assert state.due > now
            assert MemoryState.from_json(state.to_json()) == state
            assert 0 < scheduler.retrievability(state, state.due) <= 1

    @given(histories, calendars)
    def test_replaying_the_log_gives_the_same_state_to_the_last_digit(self, history, calendar):
        scheduler = Scheduler(SchedulerSettings(), calendar)
        log = log_of(history)
        state = None
        for rating, now in log:
            state = scheduler.review(MemoryState.from_json(state.to_json()) if state else None, rating, now)
        assert Scheduler(SchedulerSettings(), calendar).replay(log) == state

    @given(histories, ratings, gaps)
    def test_the_preview_is_what_happens(self, history, rating, gap):
        log = log_of(history)
        state, now = SCHEDULER.replay(log), log[-1][1] + gap
        assert SCHEDULER.preview(state, now)[rating] == SCHEDULER.review(state, rating, now)

    @given(histories, ratings, gaps, settings, st.binary(max_size=4), st.none() | spread_loads)
    def test_spread_or_balanced_the_preview_is_what_happens_and_keeps_its_order(
        self, history, rating, gap, chosen, seed, load
    ):
        scheduler = Scheduler(chosen, UTC_CALENDAR)
        log = log_of(history)
        state, now = scheduler.replay(log), log[-1][1] + gap
        preview = scheduler.preview(state, now, seed=seed, load=load)
        assert preview[rating] == scheduler.review(state, rating, now, seed=seed, load=load)
        assert [one.due for one in preview.values()] == sorted(one.due for one in preview.values())
        assert all(one.due > now for one in preview.values())

    @given(histories, st.text(max_size=5))
    def test_replaying_with_the_same_seeds_gives_the_same_days(self, history, handle):
        log = log_of(history)
        state = None
        for reps, (rating, now) in enumerate(log):
            state = SCHEDULER.review(state, rating, now, seed=fuzz_seed(handle, "dates/one", reps))
        assert SCHEDULER.replay(log, seed_of=lambda reps: fuzz_seed(handle, "dates/one", reps)) == state

    @given(calendars, st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
    def test_no_card_is_due_twice_in_one_study_day(self, calendar, now):
        state = Scheduler(SchedulerSettings(learning_steps=()), calendar).review(None, AGAIN, now)
        assert calendar.day_of(state.due) > calendar.day_of(now)

    @given(st.floats(0.001, 36_500), st.floats(0.70, 0.97), st.floats(0.1, 0.8))
    def test_recall_on_the_due_day_is_the_desired_one_within_half_a_day(self, stability, recall, decay):
        days = days_until(recall, stability, decay)
        assert days == 1 or recall_after(days + 0.5, stability, decay) <= recall <= recall_after(
            days - 0.5, stability, decay
        )

    @given(st.floats(0.001, 36_500), st.integers(0, 40_000))
    def test_our_curve_is_the_one_of_the_package(self, stability, days):
        card = fsrs.Card(card_id=0, stability=stability, due=NOON, last_review=NOON)
        theirs = fsrs.Scheduler().get_card_retrievability(card, NOON + timedelta(days=days))
        assert recall_after(days, stability) == pytest.approx(theirs, rel=1e-12)


class TestPromisedDays:
    """What was shown before a card was rated is what comes of it."""

    @given(histories, ratings, spread_loads, spread_loads)
    def test_a_promised_day_is_kept_whatever_has_come_in_between(self, history, rating, then, since):
        log = log_of(history)
        state, now = SCHEDULER.replay(log), max(at for _, at in log)
        seed = fuzz_seed("bob", "birds/heron", state.reps)
        shown = SCHEDULER.preview(state, now, seed=seed, load=then)[rating]
        promised = UTC_CALENDAR.day_of(shown.due)
        done = SCHEDULER.review(state, rating, now + timedelta(minutes=1), seed=seed, load=since, promised=promised)
        assert done.phase is Phase.LEARNING or done.phase is Phase.RELEARNING or done.due == shown.due

    @given(histories, ratings, st.integers(-10, 2_000))
    def test_a_day_that_nobody_could_have_promised_is_not_kept(self, history, rating, days):
        state = SCHEDULER.replay(log_of(history))
        seed = fuzz_seed("bob", "birds/heron", state.reps)
        now = state.last_review
        promised = UTC_CALENDAR.day_of(now) + timedelta(days=days)
        done = SCHEDULER.review(state, rating, now, seed=seed, promised=promised)
        plain = SCHEDULER.review(state, rating, now, seed=seed)
        assert done == plain or (UTC_CALENDAR.day_of(done.due) == promised and days in band_of(state, rating, now))

    def test_without_a_seed_there_is_nothing_to_keep(self):
        state = reviewed()
        plain = SCHEDULER.review(state, GOOD, NOON)
        assert SCHEDULER.review(state, GOOD, NOON, promised=plain.due.date() + timedelta(days=1)) == plain

    @given(histories, ratings, spread_loads)
    def test_every_day_that_a_load_can_choose_lies_in_the_band(self, history, rating, load):
        state = SCHEDULER.replay(log_of(history))
        now = state.last_review
        done = SCHEDULER.review(state, rating, now, seed=b"seed", load=load)
        days = (UTC_CALENDAR.day_of(done.due) - UTC_CALENDAR.day_of(now)).days
        assert done.phase is not Phase.REVIEW or days in band_of(state, rating, now)

    @given(histories, ratings, spread_loads)
    def test_a_load_that_is_looked_up_is_asked_for_just_those_days(self, history, rating, load):
        state = SCHEDULER.replay(log_of(history))
        now, asked = state.last_review, []

        def look_up(days: range) -> Load:
            asked.append(days)
            return load

        done = SCHEDULER.review(state, rating, now, seed=b"seed", load=look_up)
        assert done == SCHEDULER.review(state, rating, now, seed=b"seed", load=load)
        band = band_of(state, rating, now) if done.phase is Phase.REVIEW else range(1)
        assert asked == ([band] if len(band) > 1 else [])


class TestPrior:
    """What a class taught about a card counts at its first review, and nowhere else."""

    @given(ratings, st.floats(0.01, 100.0))
    def test_a_prior_multiplies_the_first_stability(self, rating, prior):
        plain = SCHEDULER.review(None, rating, NOON)
        state = SCHEDULER.review(None, rating, NOON, prior=prior)
        assert state.stability == pytest.approx(min(max(plain.stability * prior, 0.001), HIGHEST_STABILITY))
        assert (state.difficulty, state.phase, state.step) == (plain.difficulty, plain.phase, plain.step)

    @given(histories, st.floats(0.1, 10.0))
    def test_later_reviews_go_on_from_it(self, history, prior):
        log = log_of(history)
        first = SCHEDULER.review(None, *log[0], prior=prior)
        rest = first
        for rating, at in log[1:]:
            rest = SCHEDULER.review(rest, rating, at)
        assert SCHEDULER.replay(log, prior=prior) == rest

    def test_an_easy_first_answer_comes_back_as_its_stability_says(self):
        state = SCHEDULER.review(None, EASY, NOON, prior=3.0)
        assert (state.due.date() - NOON.date()).days == days_until(0.9, state.stability)
        assert state.due > SCHEDULER.review(None, EASY, NOON).due

    @given(st.floats(0.01, 100.0))
    def test_the_ratings_keep_their_order(self, prior):
        dues = [state.due for state in SCHEDULER.preview(None, NOON, prior=prior).values()]
        assert dues == sorted(dues)
