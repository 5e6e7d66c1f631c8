import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning import reviewlog
from quizapp.core.learning.memory import Rating
from quizapp.core.learning.reviewlog import LINE_CODES, MOST_PROBLEMS, LoggedReview, ReviewLog, read_review_log

AT = 1_795_348_800_000
HEADER = "card_id,review_time,review_rating\n"
REVLOG = "id,cid,usn,ease,ivl,lastIvl,factor,time,type\n"


def read_log(text: str) -> ReviewLog:
    log = read_review_log(text.encode(), "log.csv")
    assert isinstance(log, ReviewLog), log
    return log


def read(text: str) -> tuple[LoggedReview, ...]:
    return read_log(text).reviews


def codes(text: str) -> list[tuple[int, int, str]]:
    found = read_review_log(text.encode(), "log.csv")
    assert isinstance(found, tuple)
    return [(problem.line, problem.column, problem.code) for problem in found]


def test_a_log_is_read_in_the_order_of_time():
    assert read(f"{HEADER}b,{AT},3\na,{AT + 5},1\n") == (
        LoggedReview("b", AT, Rating.GOOD),
        LoggedReview("a", AT + 5, Rating.AGAIN),
    )


def test_durations_may_be_there_and_may_be_blank_or_impossible():
    text = f"card_id,review_time,review_rating,review_duration\na,{AT},3,5000\nb,{AT},3,\nc,{AT},3,-1\nd,{AT},3\n"
    assert [review.duration for review in read(text)] == [5_000, None, None, None]


def test_a_card_left_open_for_a_month_counts_as_a_week():
    text = f"card_id,review_time,review_rating,review_duration\na,{AT},3,{30 * 86_400_000}\n"
    assert read(text)[0].duration == 7 * 86_400_000


def test_columns_may_come_in_any_order_among_others_after_a_byte_order_mark_with_windows_lines():
    text = f"\ufeffelapsed_days, review_rating ,card_id,review_time\r\n-1,4,a,{AT}\r\n\r\n"
    assert read(text) == (LoggedReview("a", AT, Rating.EASY),)


@pytest.mark.parametrize("text", ["", "\n\n", HEADER, "\ufeff", "[]"])
def test_an_empty_log_is_a_problem(text: str):
    assert [code for _, _, code in codes(text)] == ["no-reviews"]


def test_a_log_without_its_header_says_what_is_missing():
    [problem] = read_review_log(f"card,times\na,{AT}\n".encode(), "log.csv")
    assert problem.code == "no-header"
    assert "review_time, review_rating" in problem.message


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (f"a,{AT},0", 3, "no-such-rating"),
        (f"a,{AT},5", 3, "no-such-rating"),
        (f"a,{AT},-1", 3, "no-such-rating"),
        (f"a,{AT},2.5", 3, "no-such-rating"),
        (f"a,{AT},perfect", 3, "not-a-number"),
        (f"a,{AT},nan", 3, "not-a-number"),
        (f"a,{AT},", 3, "no-rating"),
        (f"a,{AT},٣", 3, "not-a-number"),
        (f"a,{AT // 1000},3", 2, "time-not-milliseconds"),
        (f"a,{AT * 1000},3", 2, "time-not-milliseconds"),
        (f"a,{'9' * 5000},3", 2, "not-a-time"),
        ("a,0,3", 2, "time-out-of-range"),
        ("a,0000000000000,3", 2, "time-out-of-range"),
        (f"a,-{AT},3", 2, "time-out-of-range"),
        ("a,yesterday,3", 2, "not-a-time"),
        ("a,inf,3", 2, "not-a-time"),
        ("a,,3", 2, "no-time"),
        ("a,1.79535E+12,3", 2, "time-shortened"),
        ("a,1950-01-01,3", 2, "time-out-of-range"),
        (f" ,{AT},3", 1, "no-card"),
        ("a", 1, "too-few-columns"),
    ],
)
def test_a_line_at_fault_is_named_with_its_column(line: str, column: int, code: str):
    text = f"{HEADER}good,{AT},3\n{line}\n"
    assert codes(text) == [(3, column, code)]
    assert code in LINE_CODES
    log = read_review_log(text.encode(), "log.csv", skips_faulty=True)
    assert isinstance(log, ReviewLog)
    assert len(log.reviews) == 1
    assert [(one.rows, one.line, str(one.why)) for one in log.left_out] == [(1, 3, "at fault")]


def test_lines_in_any_order_are_the_same_log_and_it_is_said():
    lines = [f"{card},{AT + at},{1 + at % 4}\n" for at in range(9) for card in "abc"]
    mixed = list(lines)
    random.Random(1).shuffle(mixed)
    log = read_log(HEADER + "".join(mixed))
    assert log.reviews == read(HEADER + "".join(lines))
    assert "sorted" in log.notes[0]
    assert read_log(HEADER + "".join(lines)).notes == ()


def test_cards_that_follow_each_other_are_in_order_and_nothing_is_said():
    log = read_log(f"{HEADER}a,{AT + 9},3\nb,{AT},3\n")
    assert [review.card_id for review in log.reviews] == ["b", "a"]
    assert log.notes == ()


def test_the_same_line_again_is_left_out_and_another_rating_at_the_same_instant_is_not():
    log = read_log(f"{HEADER}a,{AT},3\nb,{AT},3\na,{AT},3\na,{AT},1\n")
    assert [(review.card_id, review.rating) for review in log.reviews] == [("a", 3), ("a", 1), ("b", 3)]
    assert [(one.rows, one.line) for one in log.left_out] == [(1, 4)]


def test_a_day_without_a_time_of_day_may_have_two_reviews_alike():
    log = read_log(f"{HEADER}a,2026-11-22,3\na,2026-11-22,3\n")
    assert len(log.reviews) == 2
    assert len(log.notes) == 2


def test_of_ankis_log_only_answers_count_and_the_rest_is_told():
    lines = [
        f"{AT},7,-1,3,4,-600,2500,5000,1",
        f"{AT + 1},7,-1,0,4,4,2500,0,4",
        f"{AT + 2},7,-1,3,4,4,2500,0,5",
        f"{AT + 3},7,-1,0,4,4,2500,0,0",
        f"{AT + 4},7,-1,3,4,4,0,900,3",
        f"{AT + 5},7,-1,2,4,4,2500,900,3",
    ]
    for text in (REVLOG + "\n".join(lines), "\n".join(lines)):
        log = read_log(text)
        assert [(one.card_id, one.at, int(one.rating), one.duration) for one in log.reviews] == [
            ("7", AT, 3, 5_000),
            ("7", AT + 5, 2, 900),
        ]
        assert [one.rows for one in log.left_out] == [3, 1]


def test_a_log_of_ankis_without_its_factors_keeps_practice():
    assert len(read(f"id,cid,ease,type\n{AT},7,3,3\n")) == 1


def test_the_optimizers_log_may_hold_lines_that_are_no_reviews():
    text = f"card_id,review_time,review_rating,review_state,review_duration\na,{AT},0,1,0\na,{AT + 1},3,1,5\n"
    log = read_log(text)
    assert [one.at for one in log.reviews] == [AT + 1]
    assert log.left_out[0].rows == 1


def test_where_no_line_is_a_review_it_says_why():
    [problem] = read_review_log(f"{REVLOG}{AT},7,-1,0,4,4,0,0,4\n".encode(), "log.csv")
    assert (problem.line, problem.code) == (2, "no-reviews")
    assert "by hand" in problem.message


def test_a_report_of_ours_is_a_log_without_its_tests():
    text = (
        "student_id,item_id,kind,rating,duration_ms,answered_at\n"
        "s1,dates/a,study,3,900,2026-11-22T13:05:00+01:00\n"
        "s2,dates/a,study,1,,2026-11-22T13:05:00+01:00\n"
        "s1,dates/a,test,,,2026-11-22T13:06:00+01:00\n"
    )
    log = read_log(text)
    assert [(one.at, int(one.rating)) for one in log.reviews] == [(1_795_349_100_000, 3), (1_795_349_100_000, 1)]
    assert len({one.card_id for one in log.reviews}) == 2
    assert [one.rows for one in log.left_out] == [1]
    assert "2 learners" in log.notes[0]


def test_in_somebodys_own_data_answers_that_were_taken_back_do_not_count():
    text = (
        "number,deck,card,answered,rating,milliseconds,taken_back\n"
        "1,dates,dates/a,2026-11-22T12:05:00.250+00:00,3,900,\n"
        "2,dates,dates/a,2026-11-23T12:05:00.250+00:00,1,900,2026-11-23T12:05:09.000+00:00\n"
    )
    log = read_log(text)
    assert log.reviews == (LoggedReview("dates/a", 1_795_349_100_250, Rating.GOOD, 900),)
    assert log.left_out[0].line == 3


def test_times_may_all_be_in_seconds_and_it_is_said():
    log = read_log(f"{HEADER}a,{AT // 1000},3\nb,{AT // 1000 + 1},good\n")
    assert [one.at for one in log.reviews] == [AT, AT + 1000]
    assert "seconds" in log.notes[0]


def test_all_problems_are_told_at_once_up_to_a_hundred():
    assert len(codes(HEADER + f"a,{AT},0\n" * 7)) == 7
    assert len(codes(HEADER + f"a,{AT},0\n" * 1_000)) == MOST_PROBLEMS


def test_what_breaks_off_is_a_problem_with_its_line_beside_those_long_before_it():
    good = f"a,{AT},3\n" * 1_000
    assert codes(f'{HEADER}a,{AT},9\n{good}"a,{AT},3\n') == [(2, 3, "no-such-rating"), (1003, 1, "not-csv")]
    assert [code for _, _, code in codes('"a')] == ["not-csv"]


def test_letters_of_another_code_are_letters_too_and_it_is_said():
    log = read_review_log(HEADER.encode() + f"\xe9,{AT},3\n".encode("latin-1"), "log.csv")
    assert isinstance(log, ReviewLog)
    assert [one.card_id for one in log.reviews] == ["é"]
    assert "Windows-1252" in log.notes[0]


def test_more_reviews_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reviewlog, "MOST_REVIEWS", 2)
    assert len(read(f"{HEADER}a,{AT},3\nb,{AT},3\n")) == 2
    assert codes(f"{HEADER}a,{AT},3\nb,{AT},3\nc,{AT},3\n") == [(4, 1, "too-many")]


@given(
    st.binary(max_size=200) | st.text(alphabet='a,1"\n\r\0 []{}:', max_size=40).map(lambda it: (HEADER + it).encode())
)
def test_no_file_crashes_the_reader(data: bytes):
    assert read_review_log(data, "log.csv")


reviews = st.builds(
    LoggedReview,
    st.text(min_size=1, max_size=5).filter(lambda it: it == it.strip() and it.isprintable()),
    st.integers(10**11, 10**14 - 1),
    st.sampled_from(Rating),
)


@given(st.lists(reviews, min_size=1, max_size=9, unique=True))
def test_what_is_written_is_read_again(log: list[LoggedReview]):
    log.sort(key=lambda review: (review.at, review.card_id))
    lines = ['"{}",{},{}\n'.format(one.card_id.replace('"', '""'), one.at, int(one.rating)) for one in log]
    assert list(read(HEADER + "".join(lines))) == log
