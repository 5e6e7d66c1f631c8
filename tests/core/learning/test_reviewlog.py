import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.learning.memory import Rating
from quizapp.core.learning.reviewlog import MOST_PROBLEMS, LoggedReview, read_review_log

AT = 1_795_348_800_000
HEADER = "card_id,review_time,review_rating\n"


def read(text: str) -> tuple:
    return read_review_log(text.encode(), "log.csv")


def codes(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in read(text)]


def test_a_log_is_read_in_its_order():
    assert read(f"{HEADER}b,{AT},3\na,{AT + 5},1\n") == (
        LoggedReview("b", AT, Rating.GOOD),
        LoggedReview("a", AT + 5, Rating.AGAIN),
    )


def test_durations_may_be_there_and_may_be_blank():
    text = f"card_id,review_time,review_rating,review_duration\na,{AT},3,5000\na,{AT},3,\n"
    assert [review.duration for review in read(text)] == [5_000, None]


def test_a_card_left_open_for_a_month_counts_as_a_week():
    text = f"card_id,review_time,review_rating,review_duration\na,{AT},3,{30 * 86_400_000}\n"
    assert read(text)[0].duration == 7 * 86_400_000


def test_columns_may_come_in_any_order_among_others_after_a_byte_order_mark_with_windows_lines():
    text = f"\ufeffreview_state, review_rating ,card_id,review_time\r\n2,4,a,{AT}\r\n\r\n"
    assert read(text) == (LoggedReview("a", AT, Rating.EASY),)


@pytest.mark.parametrize("text", ["", "\n\n", HEADER, "\ufeff"])
def test_an_empty_log_is_a_problem(text: str):
    assert [code for _, _, code in codes(text)] == ["no-reviews"]


def test_a_log_without_its_header_says_what_is_missing():
    [problem] = read(f"card,time\na,{AT}\n")
    assert problem.code == "no-header"
    assert "card_id, review_time, review_rating" in problem.message


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (f"a,{AT},0", 3, "no-such-rating"),
        (f"a,{AT},5", 3, "no-such-rating"),
        (f"a,{AT},-1", 3, "no-such-rating"),
        (f"a,{AT},good", 3, "not-a-number"),
        (f"a,{AT},3.0", 3, "not-a-number"),
        (f"a,{AT},", 3, "not-a-number"),
        (f"a,{AT},٣", 3, "not-a-number"),
        (f"a,{AT // 1000},3", 2, "time-not-milliseconds"),
        (f"a,{AT * 1000},3", 2, "time-not-milliseconds"),
        (f"a,{'9' * 5000},3", 2, "not-a-number"),
        ("a,0,3", 2, "time-not-milliseconds"),
        (f"a,-{AT},3", 2, "time-not-milliseconds"),
        ("a,2026-11-22,3", 2, "not-a-number"),
        (f" ,{AT},3", 1, "no-card"),
        ("a", 1, "too-few-columns"),
    ],
)
def test_a_line_at_fault_is_named_with_its_column(line: str, column: int, code: str):
    assert codes(f"{HEADER}good,{AT},3\n{line}\n") == [(3, column, code)]


def test_a_negative_duration_is_at_fault():
    text = f"card_id,review_time,review_rating,review_duration\na,{AT},3,-1\n"
    assert codes(text) == [(2, 4, "negative-duration")]


def test_reviews_of_one_card_out_of_order_are_at_fault_and_say_after_which_line():
    [problem] = read(f"{HEADER}a,{AT},3\nb,{AT - 9},3\n\na,{AT - 1},3\na,{AT},3\n")
    assert (problem.line, problem.code) == (5, "out-of-order")
    assert "line 2" in problem.message


def test_cards_may_follow_each_other_whatever_their_times():
    assert len(read(f"{HEADER}a,{AT + 9},3\nb,{AT},3\n")) == 2


def test_all_problems_are_told_at_once_up_to_a_hundred():
    assert len(codes(HEADER + f"a,{AT},0\n" * 7)) == 7
    assert len(codes(HEADER + f"a,{AT},0\n" * 1_000)) == MOST_PROBLEMS


def test_what_is_not_csv_or_not_text_is_a_problem_with_its_line():
    assert codes(f'{HEADER}"a,{AT},3\n') == [(2, 1, "not-csv")]
    assert codes('"a') == [(1, 1, "not-csv")]
    [problem] = read_review_log(HEADER.encode() + b"\xff,1,3\n", "log.csv")
    assert (problem.line, problem.code) == (2, "not-utf-8")


@given(st.binary(max_size=200) | st.text(alphabet='a,1"\n\r\0 ', max_size=40).map(lambda it: (HEADER + it).encode()))
def test_no_file_crashes_the_reader(data: bytes):
    assert read_review_log(data, "log.csv")


reviews = st.builds(
    LoggedReview,
    st.text(min_size=1, max_size=5).filter(lambda it: it == it.strip() and it.isprintable()),
    st.integers(10**11, 10**14 - 1),
    st.sampled_from(Rating),
)


@given(st.lists(reviews, min_size=1, max_size=9))
def test_what_is_written_is_read_again(log: list[LoggedReview]):
    log.sort(key=lambda review: review.at)
    lines = ['"{}",{},{}\n'.format(one.card_id.replace('"', '""'), one.at, int(one.rating)) for one in log]
    assert list(read(HEADER + "".join(lines))) == log
